/**
 * Vaults whose disk lies: one file of a vault is damaged. `verify` finds it, and whatever is read meanwhile is either
 * what was stored or refused; wrong bytes are never handed out.
 */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAppError } from '../../src/shared/errors.ts';
import type { Vault } from '../../src/vault/index.ts';
import { randomFrom, seedOfRound, type Random } from '../support/random.ts';
import { Scene } from '../support/scene.ts';
import { filesIn } from '../support/tidy.ts';

/** What can be made again from the rest, and is not to be trusted in the first place. */
const EXPENDABLE = /^(catalogue\.db|lock\.|generation)/;

/** Damages a vault `count` times; throws on the first damage that does harm, naming its seed. */
export async function run(count: number, seed: number): Promise<void> {
  await using scene = await Scene.start({ seed: 1, encrypted: false, files: 60 });
  for (let snapshots = 3; snapshots > 0; snapshots--) {
    await scene.finish();
    scene.use();
  }
  const { vaultDir } = scene.both;
  const files = filesIn(vaultDir)
    .filter((path) => !EXPENDABLE.test(path))
    .toSorted();
  for (let i = 0; i < count; i++) {
    const random = randomFrom(seedOfRound(seed, i));
    const path = join(vaultDir, random.pick(files));
    const whole = readFileSync(path);
    chmodSync(path, 0o600);
    writeFileSync(path, damage(random, whole));
    try {
      await look(scene);
    } catch (cause) {
      throw new Error(`vault fuzz case failed with seed ${seedOfRound(seed, i)}: ${path}`, { cause });
    } finally {
      writeFileSync(path, whole);
    }
  }
  await scene.assertAllHold();
}

async function look(scene: Scene): Promise<void> {
  let isHurt = false;
  try {
    await scene.assertAllHold();
  } catch (error) {
    if (!isExpected(error)) throw error;
    isHurt = true;
  }
  const problems = await countProblems(scene);
  if (isHurt) assert.ok(problems > 0, 'verify did not find the damage that reading met');
}

async function countProblems({ both }: Scene): Promise<number> {
  let vault: Vault | undefined;
  try {
    vault = await both.openVault('none');
    let problems = 0;
    for await (const event of vault.verify()) if (event.kind === 'problem') problems += 1;
    return problems;
  } catch (error) {
    if (!isExpected(error)) throw error;
    return 1;
  } finally {
    await vault?.close();
  }
}

/** An error of ours, or a target's, for a person; not one of assert. */
function isExpected(error: unknown): boolean {
  if (isAppError(error)) return true;
  return error instanceof Error && error.cause !== undefined && isExpected(error.cause);
}

function damage(random: Random, whole: Buffer): Buffer {
  const copy = Buffer.from(whole);
  switch (random.below(5)) {
    case 0:
      return copy.subarray(0, random.below(copy.length));
    case 1:
      return Buffer.concat([copy, Buffer.alloc(random.between(1, 100), random.below(256))]);
    case 2:
      return copy.fill(0, random.below(copy.length));
    default: {
      const at = random.below(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    }
  }
}
