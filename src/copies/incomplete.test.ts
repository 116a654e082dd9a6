import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { changeCopy } from './change-copy.ts';
import { takeSnapshot, UDID } from './copies.test-helper.ts';
import { ScriptedRestic } from './scripted-restic.test-helper.ts';

const FILES = { 'Manifest.plist': 'one', 'ab/x': 'two', 'ab/y': 'three' };

describe('a snapshot that lacks a file in the repository', () => {
  test('is found by a verification, known as damage, and stored again by the next run, which forgets the old one', async () => {
    using scene = await sceneWithTwo();
    scene.lose('tree-2', join(UDID, 'ab/x'));
    assert.equal((await scene.verify())?.problems, 1);
    assert.equal((await scene.status())?.damaged?.problems, 1);
    const done = (await scene.run()).at(-1);
    assert.deepEqual(done?.kind === 'done' && [done.copied, done.alreadyThere], [1, 1]);
    assert.equal((await scene.status())?.damaged, undefined);
    assert.equal(scene.asked.filter((words) => words.includes('--force')).length, 1);
    assert.equal((await scene.verify())?.problems, 0);
    const again = (await scene.run()).at(-1);
    assert.deepEqual(again?.kind === 'done' && [again.copied, again.alreadyThere], [0, 2]);
    assert.equal(scene.trees.length, 2);
  });

  test('is found in older ones, too, and where it is its record', async () => {
    using scene = await sceneWithTwo();
    scene.lose('tree-1', join(UDID, 'ab/y'));
    scene.lose('tree-2', `${UDID}.snapshot.json`);
    assert.equal((await scene.verify())?.problems, 2);
    assert.equal((await scene.status())?.lastVerify?.incomplete?.length, 2);
  });

  test('is stored again by a repair at once', async () => {
    using scene = await sceneWithTwo();
    scene.lose('tree-2', join(UDID, 'ab/x'));
    await scene.verify();
    const mended = await scene.verify({ repair: true });
    assert.deepEqual([mended?.problems, mended?.repaired], [1, 1]);
    assert.equal((await scene.status())?.damaged, undefined);
    const done = (await scene.run()).at(-1);
    assert.deepEqual(done?.kind === 'done' && [done.copied, done.alreadyThere], [0, 2]);
    assert.equal(scene.trees.length, 2);
  });

  test('stays where nothing may be removed, which is said, and does not count any more', async () => {
    using scene = await sceneWithTwo();
    scene.lose('tree-2', join(UDID, 'ab/x'));
    scene.protect();
    await scene.verify();
    const events = await scene.run();
    assert.ok(events.some((event) => event.kind === 'note' && /stays there/.test(event.sentence)));
    assert.equal(scene.trees.length, 3);
    assert.equal((await scene.verify())?.problems, 0);
    const done = (await scene.run()).at(-1);
    assert.deepEqual(done?.kind === 'done' && [done.copied, done.alreadyThere], [0, 2]);
    // Of one that is stored a third time, that counts.
    scene.lose('tree-3', join(UDID, 'ab/x'));
    await scene.verify();
    await scene.run();
    assert.equal((await scene.verify())?.problems, 0);
  });
});

test('a snapshot that the rule of a copy does not keep is not missed there', async () => {
  using scene = await sceneWithTwo();
  await changeCopy(scene.context, 'offsite', { keep: { last: 1 } });
  await scene.run();
  assert.equal(scene.trees.length, 1);
  assert.deepEqual((await scene.verify())?.unproven, []);
  await changeCopy(scene.context, 'offsite', { keep: { last: 2 } });
  assert.deepEqual((await scene.verify())?.unproven, ['Of the snapshots in the vault, 1 are not there yet.']);
});

test('packs that never arrived are mended also by an old restic, at the limit of the copy', async () => {
  using scene = await sceneWithTwo();
  await changeCopy(scene.context, 'offsite', { bytesPerSecond: 512_000 });
  scene.losePack();
  const mended = await scene.verify({ repair: true });
  assert.deepEqual([mended?.problems, mended?.repaired], [3, 3]);
  assert.ok(scene.asked.includes('rebuild-index'));
  const sent = scene.asked.filter((words) => words.includes('--force'));
  assert.equal(sent.length, 1);
  assert.match(sent[0] ?? '', /--limit-upload 500 /);
  assert.equal((await scene.verify())?.problems, 0);
});

test('what is stored again by a repair keeps to the limit of the copy', async () => {
  using scene = await sceneWithTwo();
  await changeCopy(scene.context, 'offsite', { bytesPerSecond: 512_000 });
  scene.lose('tree-2', join(UDID, 'ab/x'));
  await scene.verify({ repair: true });
  assert.match(scene.asked.find((words) => words.includes('--force')) ?? '', /--limit-upload 500 /);
});

async function sceneWithTwo(): Promise<ScriptedRestic> {
  const scene = await ScriptedRestic.make();
  {
    await using vault = await scene.openVault();
    await takeSnapshot(vault, FILES);
    await takeSnapshot(vault, { 'Manifest.plist': 'other' });
  }
  await scene.run();
  return scene;
}
