/** `holdfast vault move` and `vault upgrade`, as a script meets them, and as a move is killed. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { backUpAgain, makeHistory } from '../support/many-snapshots.ts';
import { moveKillRound } from '../support/move-rounds.ts';
import { randomFrom } from '../support/random.ts';
import { SmallDisk } from '../support/small-disk.ts';

/** `npm run soak -- kill-copies` plays many more. */
const ROUNDS = 3;

test('a move, killed at any moment, leaves one place that has everything, and is gone on with', async (t) => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    for (const end of await moveKillRound(seed)) t.diagnostic(`seed ${seed}: ${end}`);
  }
});

describe('on the command line', () => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
  const to = join(home, 'bigger disk', 'vault');
  const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
    holdfast(words, { env: { HOLDFAST_HOME: home, ...env } });
  const ids = async (...words: string[]): Promise<unknown[]> =>
    (await run(['snapshots', '--json', ...words])).events.map((event) => event['id']);
  let listed: unknown[] = [];

  before(async () => {
    await makeHistory(join(home, 'vault'), { days: 3, files: 10 }, randomFrom(1));
    listed = await ids();
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  test('nothing happens without a word; a dry run says what would', async () => {
    assert.equal((await run(['vault', 'move', to, '--json'])).error?.['code'], 'USAGE');
    const { events, status } = await run(['vault', 'move', to, '--dry-run', '--json']);
    assert.equal(status, 0);
    const { event, snapshots, destination, isSameDisk } = events[0] ?? {};
    assert.deepEqual(
      { event, snapshots, destination, isSameDisk },
      { event: 'plan', snapshots: 3, destination: 'empty', isSameDisk: true },
    );
    assert.ok(!existsSync(to));
    assert.match((await run(['vault', 'move', to, '--dry-run'])).stdout, /3 versions; .* to copy, .* free there/);
  });

  test('afterwards every command finds it, and whoever names the old folder is told where it went', async () => {
    const { stdout, status } = await run(['vault', 'move', to, '--yes']);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /The vault is in .*bigger disk.* from now on\.\n.*Done: 3 versions, .* read back and whole\./s,
    );
    assert.deepEqual(await ids(), listed);
    assert.deepEqual(readdirSync(join(home, 'vault')), ['holdfast.json']);
    for (const [words, env] of [
      [['snapshots', '--json', '--vault', join(home, 'vault')], {}],
      [['snapshots', '--json'], { HOLDFAST_VAULT: join(home, 'vault') }],
      [['prune', '--json', '--yes'], { HOLDFAST_VAULT: join(home, 'vault') }],
    ] as const) {
      const { error } = await run(words, env);
      assert.equal(error?.['code'], 'VAULT_MOVED');
      assert.match(String(error?.['message']), /was moved to .*bigger disk/);
    }
    assert.equal((await run(['vault', 'move', to, '--yes', '--json'])).error?.['code'], 'USAGE');
  });
});

test('a disk that is too small is refused before anything is written to it', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  await makeHistory(join(home, 'vault'), { days: 12, files: 60 }, randomFrom(1));
  using disk = SmallDisk.mount(join(home, 'small'), 40_000_000);
  const to = join(disk.path, 'vault');
  const { error } = await holdfast(['vault', 'move', to, '--yes', '--json'], { env: { HOLDFAST_HOME: home } });
  assert.equal(error?.['code'], 'OUT_OF_SPACE');
  assert.ok(!existsSync(to));
  assert.equal((await holdfast(['snapshots', '--json'], { env: { HOLDFAST_HOME: home } })).events.length, 12);
});

test('a disk that is full can be moved away from', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  using disk = SmallDisk.mount(join(home, 'small'), 60_000_000);
  const from = join(disk.path, 'vault');
  await makeHistory(from, { days: 12, files: 60 }, randomFrom(1));
  disk.resize(disk.usedBytes);
  const env = { HOLDFAST_HOME: home };
  const moved = await holdfast(['vault', 'move', join(home, 'vault'), '--yes', '--vault', from], { env });
  assert.equal(moved.status, 0, moved.stderr);
  assert.match(moved.stderr, /--vault should now name/);
  assert.equal((await holdfast(['snapshots', '--json'], { env })).events.length, 12);
  assert.deepEqual(readdirSync(from), ['holdfast.json']);
});

test('whoever still looks in the old folder is told by the status where the vault went', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const [from, to] = [join(home, 'vault'), join(home, 'elsewhere')];
  await makeHistory(from, { days: 1, files: 3 }, randomFrom(1));
  const env = { HOLDFAST_HOME: home };
  assert.equal((await holdfast(['vault', 'move', to, '--yes'], { env })).status, 0);
  assert.equal((await holdfast(['status'], { env })).status, 3);
  const old = await holdfast(['status'], { env: { ...env, HOLDFAST_VAULT: from } });
  assert.equal(old.status, 4);
  assert.match(old.stdout, /moved\s+from\s+\S+vault\s+to\s+\S+elsewhere/);
});

test('a vault of the first format takes less once it is upgraded, and is the same', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const env = { HOLDFAST_HOME: home };
  const mark = join(home, 'vault', 'holdfast.json');
  await makeHistory(join(home, 'vault'), { days: 1, files: 3 }, randomFrom(1));
  writeFileSync(mark, readFileSync(mark, 'utf8').replace('"version": 3', '"version": 1'));
  for (let n = 0; n < 3; n++) await backUpAgain(join(home, 'vault'), randomFrom(n));
  const listed = (await holdfast(['snapshots', '--json'], { env })).events;
  const { event, from, to, bytesBefore, bytesAfter } =
    (await holdfast(['vault', 'upgrade', '--json'], { env })).events[0] ?? {};
  assert.deepEqual({ event, from, to }, { event: 'upgraded', from: 1, to: 3 });
  assert.ok(Number(bytesAfter) < Number(bytesBefore));
  assert.deepEqual((await holdfast(['snapshots', '--json'], { env })).events, listed);
  assert.equal((await holdfast(['verify'], { env })).status, 0);
  assert.match((await holdfast(['vault', 'upgrade'], { env })).stdout, /newest format already/);
});
