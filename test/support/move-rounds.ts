/** Moves of a vault whose process is killed at a random moment, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError } from '../../src/shared/errors.ts';
import { placeAfterMoves } from '../../src/shared/files/moved-vaults.ts';
import {
  moveKnownVault,
  openKnownVault,
  openVault,
  readMark,
  type SnapshotRecord,
  type Vault,
} from '../../src/vault/index.ts';
import { killedRun } from './killed.ts';
import { assertAllWhole, backUpAgain, makeHistory } from './many-snapshots.ts';
import { randomFrom } from './random.ts';

const EAGER_MOVE = join(import.meta.dirname, 'eager-move.ts');
const HISTORY = { days: 6, files: 60 };
/** What it says on its way, and what each takes, about. */
const PHASES = [
  ['begin', 500],
  ['planned', 600],
  ['verifying', 200],
  ['switched', 100],
  ['removing', 60],
] as const;

/**
 * One round: a vault is moved by processes that are killed at any moment, with now and then a backup in between, then
 * to the end.
 *
 * @returns how far the killed ones came.
 */
export async function moveKillRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  const root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  try {
    const [from, to, stateDir] = [join(root, 'vault'), join(root, 'disk', 'vault'), join(root, 'state')];
    const records = await makeHistory(from, HISTORY, random);
    const ends: string[] = [];
    for (let kills = random.between(1, 4); kills > 0; kills--) {
      const [after, lastsMs] = random.pick(PHASES);
      const run = { after, lastsMs };
      const { lines, isComplete } = await killedRun(
        EAGER_MOVE,
        [placeAfterMoves(from, stateDir), to, stateDir],
        run,
        random,
      );
      ends.push(`move: ${isComplete ? 'came to its end' : (lines.at(-1) ?? '') || 'starting'}`);
      await assertOneIsWhole(from, to, records, ends);
      // Killed as it ended, it has done everything.
      if (isComplete || readdirSync(from).join() === 'holdfast.json') break;
      // By the usual place, as a job at night finds it.
      if (random.onceIn(3)) records.push(await backUpAgain(placeNow(from, to), random));
    }
    const present = placeAfterMoves(from, stateDir);
    if (present === from || readdirSync(from).length > 1) {
      for await (const _event of moveKnownVault({ from, to, stateDir })) continue;
    }
    assert.deepEqual(readdirSync(from), ['holdfast.json'], ends.join('; '));
    assert.equal(placeAfterMoves(from, stateDir), to);
    await using vault = await openKnownVault({ dir: to, stateDir, purpose: 'a test', create: false, lock: 'write' });
    await assertAllWhole(vault, records, `after ${ends.join('; ')}`);
    return ends;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Of the two places at least one is a vault, and what is a vault has everything. */
async function assertOneIsWhole(
  from: string,
  to: string,
  records: readonly SnapshotRecord[],
  ends: readonly string[],
): Promise<void> {
  const where = `after ${ends.join('; ')}`;
  let vaults = 0;
  for (const dir of [from, to]) {
    await using vault = await openIfThere(dir);
    if (vault === undefined) continue;
    vaults++;
    await assertAllWhole(vault, records, `${dir} ${where}`);
  }
  assert.ok(vaults > 0, `there is no vault ${where}`);
}

/** The old place until it says where the vault went. */
function placeNow(from: string, to: string): string {
  try {
    readMark(from);
    return from;
  } catch (error) {
    if (isAppError(error, 'VAULT_MOVED')) return to;
    throw error;
  }
}

async function openIfThere(dir: string): Promise<Vault | undefined> {
  try {
    return await openVault(dir, { purpose: 'a test' });
  } catch (error) {
    if (isAppError(error, 'VAULT_MOVED', 'VAULT_NOT_FOUND')) return undefined;
    throw error;
  }
}
