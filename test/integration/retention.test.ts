/** The commands that thin out a vault, as a script and as a person at a terminal meet them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openVault, type SnapshotRecord } from '../../src/vault/index.ts';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { makeHistory } from '../support/many-snapshots.ts';
import { pruneFullDiskRound, pruneKillRound } from '../support/prune-rounds.ts';
import { randomFrom } from '../support/random.ts';

/** `npm run soak -- kill disk` plays many more. */
const ROUNDS = 3;

for (const [what, round] of [
  ['killed at any moment', pruneKillRound],
  ['on a full disk', pruneFullDiskRound],
] as const) {
  test(`forget and prune, ${what}, lose nothing that was to stay`, async (t) => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      for (const end of await round(seed)) t.diagnostic(`seed ${seed}: ${end}`);
    }
  });
}

describe('on the command line', () => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
  /** Oldest first. */
  let records: SnapshotRecord[] = [];
  const run = (...words: string[]): Promise<CliResult> => holdfast(words, { env: { HOLDFAST_HOME: home } });
  const idOf = (daysAgo: number): string => records.at(-1 - daysAgo)?.id ?? '';

  before(async () => {
    records = await makeHistory(join(home, 'vault'), { days: 8, files: 5 }, randomFrom(1));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  test('pins, names and holds are shown by snapshots', async () => {
    await run('pin', idOf(1), idOf(7));
    await run('name', idOf(1), 'before the repair');
    const held = await run('pin', idOf(2), '--until', '2999-01-31', '--json');
    assert.deepEqual(held.events[0]?.['pinned'], false);
    assert.match(String(held.events[0]?.['holdUntil']), /^2999-01-3/);
    const { stdout } = await run('snapshots');
    assert.match(stdout, new RegExp(`${idOf(1)} .*pinned, “before the repair”`));
    assert.match(stdout, new RegExp(`${idOf(2)} .*held until 2999-01-31`));
    const { events } = await run('snapshots', '--json');
    assert.deepEqual(
      events.map((event) => [event['pinned'], event['label']]),
      [[false, null], [true, 'before the repair'], ...Array.from({ length: 5 }, () => [false, null]), [true, null]],
    );
    await run('unpin', idOf(7));
    await run('name', idOf(1));
    const left = (await run('snapshots', '--json')).events.map((event) => [event['pinned'], event['label']]);
    assert.deepEqual(
      [left[1], left[7]],
      [
        [true, null],
        [false, null],
      ],
    );
  });

  test('nothing is removed without a word, and protected versions not at all', async () => {
    for (const [words, code] of [
      [['forget', idOf(5)], 'USAGE'],
      [['prune'], 'USAGE'],
      [['forget', idOf(5), '--keep-daily', '3', '--yes'], 'USAGE'],
      [['forget', '--everything', '--device', "Ada's iPhone", '--yes'], 'USAGE'],
      [['forget', '--even-the-newest', '--yes'], 'USAGE'],
      [['forget', 'latest', '--yes'], 'SNAPSHOT_PROTECTED'],
      [['forget', idOf(5), idOf(1), '--yes'], 'SNAPSHOT_PROTECTED'],
      [['forget', idOf(2), '--yes'], 'SNAPSHOT_PROTECTED'],
      [['forget', 'ffffffff', '--yes'], 'SNAPSHOT_NOT_FOUND'],
      [['forget', '--device', 'Nobody', '--yes'], 'DEVICE_NOT_FOUND'],
      [['pin', idOf(1), '--until', '2001-01-01'], 'USAGE'],
    ] as const) {
      const result = await run(...words, '--json');
      assert.equal(result.error?.['code'], code, words.join(' '));
    }
    assert.equal((await run('snapshots', '--json')).events.length, 8);
  });

  test('a rehearsal says what would go and what would be freed, and changes nothing', async () => {
    const rule = ['--keep-all', '0', '--keep-daily', '2', '--keep-weekly', '0', '--keep-monthly', '0'];
    const { events, status } = await run('forget', ...rule, '--dry-run', '--json');
    assert.equal(status, 0);
    const ids = (kind: string): unknown[] => events.filter(({ event }) => event === kind).map(({ id }) => id);
    assert.deepEqual(ids('keep'), [idOf(0), idOf(1), idOf(2)]);
    assert.deepEqual(ids('forget'), [3, 4, 5, 6, 7].map(idOf));
    const done = events.at(-1);
    assert.deepEqual([done?.['event'], done?.['forgotten'], done?.['dryRun']], ['done', 5, true]);
    assert.ok(Number(done?.['heldBytes']) > 5_500_000);
    assert.equal((await run('snapshots', '--json')).events.length, 8);
  });

  test('what is named goes, and prune gives back what it alone held', async () => {
    const space = (await run('space', '--json')).events;
    const alone = Number(space.find(({ id }) => id === idOf(6))?.['aloneBytes']);
    assert.ok(alone >= 1_100_000);
    const forgotten = await run('forget', idOf(6), '--yes', '--json');
    assert.equal(forgotten.events.at(-1)?.['heldBytes'], alone);
    const rehearsal = (await run('prune', '--dry-run', '--json')).events.at(-1);
    const pruned = (await run('prune', '--yes', '--json')).events.at(-1);
    assert.equal(pruned?.['event'], 'pruned');
    for (const freed of [rehearsal?.['freeableBytes'], pruned?.['freedBytes']]) {
      assert.ok(Math.abs(Number(freed) - alone) < 100_000, `${String(freed)} bytes of ${alone}`);
    }
    assert.equal((await run('verify', '--json')).status, 0);
  });

  test('while a backup writes into the vault, looking goes on and removing waits', async () => {
    await using _writer = await openVault(join(home, 'vault'), { purpose: 'a backup' });
    assert.equal((await run('forget', idOf(5), '--dry-run')).status, 0);
    assert.equal((await run('prune', '--dry-run')).status, 0);
    assert.equal((await run('space')).status, 0);
    assert.equal((await run('pin', idOf(5))).status, 0);
    assert.equal((await run('unpin', idOf(5))).status, 0);
    assert.equal((await run('forget', idOf(5), '--yes', '--json')).error?.['code'], 'VAULT_BUSY');
    assert.equal((await run('prune', '--yes', '--json')).error?.['code'], 'VAULT_BUSY');
  });

  test('everything of a device that was sold goes with three words', async () => {
    await run('unpin', idOf(1), idOf(2));
    const words = ['--everything', '--device', "Ada's iPhone", '--even-the-newest', '--prune', '--yes', '--json'];
    const { events } = await run('forget', ...words);
    assert.equal(events.find(({ event }) => event === 'done')?.['forgotten'], 7);
    assert.equal((await run('snapshots', '--json')).events.length, 0);
    const left = (await run('space', '--json')).events.at(-1);
    assert.deepEqual([left?.['storedBytes'], left?.['distinctBytes'], left?.['fullAt']], [0, 0, null]);
    assert.match((await run('forget', '--yes')).stdout, /Nothing goes/);
  });
});
