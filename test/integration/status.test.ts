/** `holdfast status`: one picture of a phone, its vault, its copies and Apple's own backup. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Status } from '../../src/contract/index.ts';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';
import { Scene } from '../support/scene.ts';

const DAY_MS = 86_400_000;

const placeOf = ({ devices }: Status, kind: string, name?: string) =>
  devices[0]?.places.find((place) => place.kind === kind && place.name === name);

test('a phone at hand is asked, and what it said is known when it is away', async () => {
  await using scene = await Scene.start({ seed: 1, encrypted: false, files: 20 });
  const run = (...words: string[]): Promise<CliResult> => holdfast(words, { env: scene.cliEnv });
  const status = async (): Promise<Status> => Status.parse((await run('status', '--json')).events[0]);
  const iCloudAt = new Date(Math.floor((Date.now() - DAY_MS) / 1000) * 1000);
  scene.phone.setCloudBackup({ enabled: true, lastAt: iCloudAt });

  const before = await run('status', '--json');
  assert.equal(before.status, 3);
  assert.ok(Status.parse(before.events[0]).devices[0]?.reasons.some(({ code }) => code === 'never-backed-up'));

  assert.equal((await run('backup')).status, 0);
  const copyDir = join(scene.both.directory, 'copy');
  await run('copies', 'add', 'usb-disk', '--folder', copyDir);
  await run('copies', 'run');
  scene.phone.unplug();
  const away = await status();
  assert.equal(placeOf(away, 'icloud')?.at, iCloudAt.toISOString());
  assert.equal(placeOf(away, 'phone')?.counts, true);
  assert.equal(placeOf(away, 'vault')?.versions, 1);
  assert.equal(placeOf(away, 'copy', 'usb-disk')?.at, placeOf(away, 'vault')?.at);
  assert.deepEqual([away.verdict, away.devices[0]?.copies, away.devices[0]?.offSite], ['attention', 3, 0]);
  const medium = placeOf(away, 'copy', 'usb-disk')?.medium;

  rmSync(copyDir, { recursive: true });
  assert.deepEqual(placeOf(await status(), 'copy', 'usb-disk')?.medium, medium);
  const { stdout, status: exitCode } = await run('status');
  assert.equal(exitCode, 3);
  assert.match(stdout, /^! .* needs attention\. \(iPhone.*\)\n/);
  assert.match(stdout, /^ {2}– {2}iCloud .* elsewhere +not counted$/m);
  assert.match(stdout, /^ {2}→ /m);

  writeFileSync(join(scene.cliEnv['HOLDFAST_HOME'] ?? '', 'state', 'copies.json'), '{"version":1,"cop');
  const told = await run('status');
  assert.equal(told.status, 3);
  assert.match(told.stdout, /The list of copies cannot be read/);
  assert.doesNotMatch(told.stdout, /kept only on this disk/);
});

test('a vault that is not there is at risk, and said to be', async () => {
  await using scene = await Scene.start({ seed: 2, encrypted: false, files: 5 });
  await scene.finish();
  await holdfast(['snapshots'], { env: scene.cliEnv });
  rmSync(scene.both.vaultDir, { recursive: true });
  const { status, events } = await holdfast(['status', '--json'], { env: scene.cliEnv });
  assert.equal(status, 4);
  const { verdict, summary, vault } = Status.parse(events[0]);
  assert.deepEqual([verdict, summary.code, vault.problem?.code], ['at-risk', 'vault-away', 'vault-away']);
});
