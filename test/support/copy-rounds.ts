/** Copies and repairs whose process is killed at a random moment, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVault, type SnapshotRecord } from '../../src/vault/index.ts';
import { killedRun } from './killed.ts';
import { assertAllWhole, makeHistory } from './many-snapshots.ts';
import { randomFrom, type Random } from './random.ts';

const EAGER_COPY = join(import.meta.dirname, 'eager-copy.ts');
const HISTORY = { days: 6, files: 60 };
/** What copying or repairing such a vault takes, about. */
const WHOLE_RUN_MS = 250;

/**
 * One round: a vault is copied by processes that are killed at any moment, then to the end; then a part of it is lost
 * and repaired in the same way.
 *
 * @returns how far the killed ones came.
 */
export async function copyKillRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  try {
    const [dir, copyDir] = [join(root, 'vault'), join(root, 'copy')];
    const records = await makeHistory(dir, HISTORY, random);
    await (await openVault(copyDir, { create: true, purpose: 'a test' })).close();
    const ends: string[] = [];
    const known = new Set<string>();
    for (let kills = random.between(1, 3); kills > 0; kills--) {
      const { said, copied } = await killed(['copy', dir, copyDir], random);
      ends.push(`copy: ${said}`);
      // What was said to be there has to be there, and whatever is there is whole.
      const there = await assertWhole(copyDir, [], ends);
      assert.ok(there.length >= copied, `${there.length} snapshots of ${copied} that were said to be there`);
      for (const id of known) assert.ok(there.some((record) => record.id === id));
      for (const { id } of there) known.add(id);
    }
    await finish('copy', dir, copyDir);
    await assertWhole(copyDir, records, ends);
    loseSome(dir, random);
    for (let kills = random.between(1, 3); kills > 0; kills--) {
      ends.push(`repair: ${(await killed(['repair', dir, copyDir], random)).said}`);
    }
    await finish('repair', dir, copyDir);
    await assertWhole(dir, records, ends);
    await assertWhole(copyDir, records, ends);
    return ends;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Runs it until it is killed. @returns the last thing it said, and how many snapshots it said are copied. */
async function killed(words: readonly string[], random: Random): Promise<{ said: string; copied: number }> {
  const { lines, isComplete } = await killedRun(EAGER_COPY, words, { lastsMs: WHOLE_RUN_MS }, random);
  const copied = lines.filter((line) => line === 'copied').length;
  return { said: isComplete ? 'came to its end' : lines.at(-1) || 'starting', copied };
}

async function finish(what: 'copy' | 'repair', dir: string, copyDir: string): Promise<void> {
  await using vault = await openVault(dir, { purpose: 'a test' });
  await using copy = await openVault(copyDir, { purpose: 'a test' });
  if (what === 'copy') await Array.fromAsync(vault.replicateTo(copy));
  else await Array.fromAsync(vault.repair({ donors: [copy.asDonor('the copy')] }));
}

async function assertWhole(
  dir: string,
  records: readonly SnapshotRecord[],
  ends: readonly string[],
): Promise<readonly SnapshotRecord[]> {
  await using vault = await openVault(dir, { purpose: 'a test' });
  return await assertAllWhole(vault, records, `after ${ends.join('; ')}`);
}

/** A tenth of the files in the vault, objects and segments, at least one. */
function loseSome(dir: string, random: Random): void {
  const files = ['objects', 'segments'].flatMap((folder) =>
    readdirSync(join(dir, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (let n = Math.max(1, Math.floor(files.length / 10)); n > 0; n--) rmSync(random.pick(files), { force: true });
}
