/** Vaults that are thinned and pruned by processes that die, on disks that are full, and what has to be true afterwards. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openVault, thin, type SnapshotRecord } from '../../src/vault/index.ts';
import { holdfast } from './holdfast-cli.ts';
import { assertAllWhole, makeHistory } from './many-snapshots.ts';
import { randomFrom } from './random.ts';
import { SmallDisk } from './small-disk.ts';

const EAGER_PRUNE = join(import.meta.dirname, 'eager-prune.ts');
/** What forgetting and pruning these vaults takes, about. */
const WHOLE_RUN_MS = 120;
const HISTORY = { days: 12, files: 60 };
/** Room for the history and nothing more, less what is spared. */
const FULL_DISK_BYTES = 120_000_000;

/**
 * One round: a vault is thinned and pruned several times, each time for fewer days, by processes that are killed at any
 * moment; then once more to the end.
 *
 * @returns how far the killed ones came.
 */
export async function pruneKillRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  using place = new TemporaryFolder();
  const vaultDir = join(place.path, 'vault');
  const records = await makeHistory(vaultDir, HISTORY, random);
  const ends: string[] = [];
  let dailyDays = HISTORY.days;
  for (let kills = random.between(2, 4); kills > 0; kills--) {
    dailyDays = Math.max(1, dailyDays - random.between(1, 4));
    const after = random.pick(['start', 'begin', 'begin', 'forgotten', 'rewriting'] as const);
    const ms = after === 'start' ? random.below(600) : random.below(after === 'begin' ? WHOLE_RUN_MS : 40);
    ends.push(`${after} + ${ms} ms: ${await killPrune(vaultDir, dailyDays, after, ms)}`);
    if (random.onceIn(3)) await assertReadable(vaultDir, staying(records, dailyDays), `after ${ends.join('; ')}`);
  }
  await finishRound(vaultDir, records, dailyDays, ends.join('; '));
  return ends;
}

/**
 * One round: a full disk on which a vault is thinned and pruned: what needs no room goes, nothing is lost, and with
 * room it comes to its end.
 *
 * @returns how it ended on the full disk.
 */
export async function pruneFullDiskRound(seed: number): Promise<string[]> {
  const random = randomFrom(seed);
  using place = new TemporaryFolder();
  const vaultDir = join(place.path, 'vault');
  using disk = SmallDisk.mount(vaultDir, FULL_DISK_BYTES);
  const records = await makeHistory(vaultDir, HISTORY, random);
  const usedBefore = disk.usedBytes;
  disk.resize(usedBefore + random.pick([0, 0, 4096, 40_000, 200_000, 2_000_000]));
  const env = { HOLDFAST_HOME: place.path };
  const dailyDays = random.between(1, HISTORY.days - 3);
  const rule = ['--keep-all', '0', '--keep-daily', String(dailyDays), '--keep-weekly', '0', '--keep-monthly', '0'];
  const result = await holdfast(['forget', ...rule, '--prune', '--yes', '--json'], { env });
  assert.ok(result.status === 0 || result.error?.['code'] === 'OUT_OF_SPACE', `${result.stdout}\n${result.stderr}`);
  // A large file of each day needs no room to go.
  const gone = records.length - staying(records, dailyDays).length;
  assert.ok(
    usedBefore - disk.usedBytes > gone * 1_000_000,
    `${usedBefore - disk.usedBytes} bytes were freed: ${result.stderr}`,
  );
  disk.resize(FULL_DISK_BYTES);
  await finishRound(vaultDir, records, dailyDays, 'after a full disk');
  return [result.status === 0 ? 'came to its end' : 'the disk was full'];
}

async function finishRound(
  vaultDir: string,
  records: readonly SnapshotRecord[],
  dailyDays: number,
  where: string,
): Promise<void> {
  const left = staying(records, dailyDays);
  await using vault = await openVault(vaultDir, { purpose: 'a test' });
  await assertAllWhole(vault, left, where);
  const kept = new Set(left.map(({ id }) => id));
  await vault.forget(vault.snapshots().filter(({ id }) => !kept.has(id)));
  await vault.prune();
  const there = await assertAllWhole(vault, left, `in the end, ${where}`);
  assert.equal(there.length, left.length);
  const { garbageBytes, distinctBytes, storedBytes } = await vault.space();
  assert.equal(garbageBytes, 0, where);
  assert.ok(storedBytes < distinctBytes * 1.25 + 200_000, `${storedBytes} bytes for ${distinctBytes}, ${where}`);
}

async function assertReadable(vaultDir: string, left: readonly SnapshotRecord[], where: string): Promise<void> {
  await using vault = await openVault(vaultDir, { purpose: 'a look', lock: 'none' });
  await assertAllWhole(vault, left, `for a reader, ${where}`);
}

/** What a rule of so many days keeps. */
function staying(records: readonly SnapshotRecord[], dailyDays: number): readonly SnapshotRecord[] {
  const rule = { allHours: 0, dailyDays, weeklyWeeks: 0, monthlyMonths: 0 };
  return thin(records, new Map(), rule, new Date()).keep.map(({ record }) => record);
}

/** @returns the last thing the process said. */
async function killPrune(vaultDir: string, dailyDays: number, after: string, ms: number): Promise<string> {
  const child = spawn(process.execPath, [EAGER_PRUNE, vaultDir, String(dailyDays)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const reached = Promise.withResolvers<void>();
  if (after === 'start') reached.resolve();
  let said = 'starting';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = text.trimEnd().split('\n').at(-1) ?? said;
    if (text.includes(after)) reached.resolve();
  });
  await Promise.race([reached.promise, ended]);
  await Promise.race([delay(ms), ended]);
  child.kill('SIGKILL');
  const [status, signal] = (await ended) as [number | null, string | null];
  assert.ok(status === 0 || signal === 'SIGKILL', `it ended with ${status}`);
  return status === 0 ? 'came to its end' : said;
}

class TemporaryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'holdfast-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
