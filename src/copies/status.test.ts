import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { addFolderCopy } from './add-copy.ts';
import { changeCopy } from './change-copy.ts';
import { CopiesScene } from './copies.test-helper.ts';
import { appendAttempt, attemptsOf } from './history.ts';
import { readRegistry } from './registry.ts';
import { removeCopy } from './remove-copy.ts';
import { readCopies } from './status.ts';

const DISK = { name: 'disk', everyHours: 24 };

test('what was done while the clock was years ahead is no reason to wait for years', async () => {
  using scene = await sceneWithCopy();
  const { stateDir } = scene.context;
  const before = new Date(scene.now.getTime() - 3_600_000);
  await appendAttempt(stateDir, 'disk', { at: before, kind: 'verify', outcome: 'done', problems: 0 });
  const ahead = new Date('2037-01-01T00:00:00Z');
  await appendAttempt(stateDir, 'disk', { at: ahead, kind: 'run', outcome: 'done', newest: {} });
  await appendAttempt(stateDir, 'disk', { at: ahead, kind: 'verify', outcome: 'done', problems: 0 });
  const [now] = await readCopies(scene.context, scene.now);
  assert.deepEqual([now?.lastDone?.at, now?.lastProven?.at], [before, before]);
  const [twoDaysOn] = await readCopies(scene.context, new Date(scene.now.getTime() + 2 * 86_400_000));
  assert.equal(twoDaysOn?.isDue, true);
  // Once that time has come it is believed.
  const [then] = await readCopies(scene.context, new Date('2037-01-01T10:00:00Z'));
  assert.deepEqual([then?.lastDone?.at, then?.isDue], [ahead, false]);
});

test('a list that cannot be read is told, and nothing takes its place', async () => {
  using scene = await sceneWithCopy();
  const { stateDir } = scene.context;
  const torn = '{"version":1,"copies":[{"name":"di';
  writeFileSync(scene.path('state/copies.json'), torn);
  const unreadable = { code: 'COPIES_UNREADABLE', message: /copies\.json/ };
  await assert.rejects(readCopies(scene.context), unreadable);
  await using vault = await scene.openVault();
  const another = { name: 'another', everyHours: 24, dir: scene.path('another') };
  await assert.rejects(addFolderCopy(scene.context, vault, another), unreadable);
  await assert.rejects(changeCopy(scene.context, 'disk', { everyHours: 12 }), unreadable);
  await assert.rejects(removeCopy(scene.context, 'disk'), unreadable);
  assert.equal(readFileSync(scene.path('state/copies.json'), 'utf8'), torn);
  // Put away, the copy is found again.
  renameSync(scene.path('state/copies.json'), scene.path('state/copies.json.torn'));
  const again = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
  assert.equal(again.isFound, true);
  assert.deepEqual(
    (await readRegistry(stateDir)).map(({ name }) => name),
    ['disk'],
  );
});

test('a line that a power cut tore takes only itself along', async () => {
  using scene = await sceneWithCopy();
  const { stateDir } = scene.context;
  await appendAttempt(stateDir, 'disk', { at: scene.now, kind: 'run', outcome: 'failed' });
  appendFileSync(scene.path('state/copies/disk.jsonl'), '{"at":"2026-11-22T09:');
  await appendAttempt(stateDir, 'disk', { at: scene.now, kind: 'run', outcome: 'done' });
  assert.deepEqual(
    (await attemptsOf(stateDir, 'disk')).map(({ outcome }) => outcome),
    ['failed', 'done'],
  );
});

test('a copy that was found damaged stays so while its disk is away, until all of it was read and is whole', async () => {
  using scene = await sceneWithCopy();
  const { stateDir } = scene.context;
  const verify = { at: scene.now, kind: 'verify' } as const;
  const isDamaged = async (): Promise<boolean> =>
    (await readCopies(scene.context, scene.now))[0]?.damaged !== undefined;
  await appendAttempt(stateDir, 'disk', { ...verify, outcome: 'done', problems: 2, repaired: 1 });
  await appendAttempt(stateDir, 'disk', { ...verify, outcome: 'not-connected' });
  assert.equal(await isDamaged(), true);
  await appendAttempt(stateDir, 'disk', { ...verify, outcome: 'done', problems: 0 });
  assert.equal(await isDamaged(), false);
});

test('what several change at once is all kept', async () => {
  using scene = await sceneWithCopy();
  const { context } = scene;
  await using vault = await scene.openVault(scene.vaultDir, 'none');
  const add = (name: string, dir = name) => addFolderCopy(context, vault, { ...DISK, name, dir: scene.path(dir) });
  await Promise.all([add('one'), add('two'), changeCopy(context, 'disk', { everyHours: 48 })]);
  assert.deepEqual(
    (await readRegistry(context.stateDir)).map(({ name, everyHours }) => `${name} ${everyHours}`),
    ['disk 48', 'one 24', 'two 24'],
  );
  await assert.rejects(Promise.all([add('three'), add('three', 'elsewhere')]), { code: 'USAGE' });
  assert.equal((await readRegistry(context.stateDir)).length, 4);
});

async function sceneWithCopy(): Promise<CopiesScene> {
  const scene = new CopiesScene();
  await using vault = await scene.openVault();
  await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
  return scene;
}
