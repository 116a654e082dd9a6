import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AppError } from '../../shared/errors.ts';
import { openVault, readMark } from '../../vault/index.ts';
import { addFolderCopy } from '../add-copy.ts';
import { changeCopy } from '../change-copy.ts';
import { CopiesScene, eventsOf, takeSnapshot, UDID } from '../copies.test-helper.ts';
import { openCopy } from '../open-copy.ts';
import { removeCopy } from '../remove-copy.ts';
import { readCopies } from '../status.ts';
import { repairFromCopies, restoreCopy, runCopy, verifyCopy } from '../work.ts';

const LARGE = randomBytes(1_300_000);
const DISK = { name: 'disk', everyHours: 24 };

describe('a copy in a folder', () => {
  test('is filled, up to date afterwards, and proven by reading it', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    const record = await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': LARGE });
    const { entry, isFound } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    assert.equal(isFound, false);
    const [done] = await eventsOf(runCopy(scene.context, vault, entry), 'done');
    assert.deepEqual([done?.copied, done?.newest[UDID]], [1, { snapshot: record.id, takenAt: record.takenAt }]);
    assert.deepEqual((await eventsOf(runCopy(scene.context, vault, entry), 'done'))[0]?.alreadyThere, 1);
    const [verified] = await eventsOf(verifyCopy(scene.context, vault, entry), 'done');
    assert.deepEqual(verified?.proven, ['Every byte there was read and compared: 1 snapshot, 1.3 MB.']);
    assert.deepEqual(verified?.unproven, []);
    const [status] = await readCopies(scene.context, scene.now);
    assert.deepEqual([status?.lastProven?.at, status?.allReadSince, status?.isDue], [scene.now, scene.now, false]);
    assert.equal(status?.lastDone?.newest?.[UDID]?.snapshot, record.id);
  });

  test('is late, and not made anew, while its disk is not connected', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    renameSync(scene.path('disk'), scene.path('in the cupboard'));
    mkdirSync(scene.path('disk'));
    await assert.rejects(Array.fromAsync(runCopy(scene.context, vault, entry)), { code: 'COPY_UNREACHABLE' });
    assert.deepEqual(readdirSync(scene.path('disk')), []);
    const [status] = await readCopies(scene.context);
    assert.equal(status?.lastRun?.outcome, 'not-connected');
    assert.equal(status?.lastDone, undefined);
  });

  test('is refused where another disk is in its place', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    renameSync(scene.path('disk'), scene.path('in the cupboard'));
    await (await scene.openVault(scene.path('disk'))).close();
    await assert.rejects(Array.fromAsync(runCopy(scene.context, vault, entry)), { code: 'COPY_UNEXPECTED' });
  });

  test('has its mark written anew where that has rotted', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    writeFileSync(scene.path('disk/holdfast.json'), 'rotten');
    const [done] = await eventsOf(runCopy(scene.context, vault, entry), 'done');
    assert.equal(done?.alreadyThere, 1);
    const { id, copyOf } = readMark(scene.path('disk'));
    assert.deepEqual(
      { kind: entry.kind, copyId: id, vaultId: copyOf },
      {
        kind: 'folder',
        copyId: entry.kind === 'folder' && entry.copyId,
        vaultId: vault.id,
      },
    );
    assert.equal(readFileSync(scene.path('disk/holdfast.json.damaged'), 'utf8'), 'rotten');
  });

  test('under a name that another had has nothing of its past', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    // As the hint says that is told where the list is damaged.
    rmSync(scene.path('state/copies.json'));
    await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('new') });
    const [status] = await readCopies(scene.context, scene.now);
    assert.deepEqual([status?.lastDone, status?.newest, status?.isDue], [undefined, {}, true]);
  });

  test('whose run ended with something unforeseen has failed, and was not cancelled', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    vault.replicateTo = () => {
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    };
    await assert.rejects(Array.fromAsync(runCopy(scene.context, vault, entry)), /EIO/);
    const [status] = await readCopies(scene.context);
    assert.deepEqual([status?.lastRun?.outcome, status?.failedRuns.length], ['failed', 1]);
  });

  test('is found again where it was, and refused where another vault is', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    await removeCopy(scene.context, entry.name);
    const again = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    assert.equal(again.isFound, true);
    await (await scene.openVault(scene.path('other'))).close();
    const other = addFolderCopy(scene.context, vault, { ...DISK, name: 'other', dir: scene.path('other') });
    await assert.rejects(other, { code: 'COPY_UNEXPECTED' });
    await assert.rejects(addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('new') }), { code: 'USAGE' });
    const itself = addFolderCopy(scene.context, vault, { ...DISK, name: 'itself', dir: scene.vaultDir });
    await assert.rejects(itself, { code: 'COPY_REFUSED' });
  });

  test('that rots is found out, said, and mended from the vault', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': LARGE });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    spoilObject(scene.path('disk'));
    const [found] = await eventsOf(verifyCopy(scene.context, vault, entry), 'done');
    assert.deepEqual([found?.problems, found?.proven, found?.unproven], [1, [], ['Not everything there is whole.']]);
    const [mended] = await eventsOf(verifyCopy(scene.context, vault, entry, { repair: true }), 'done');
    assert.deepEqual([mended?.problems, mended?.repaired], [1, 1]);
    const [clean] = await eventsOf(verifyCopy(scene.context, vault, entry), 'done');
    assert.equal(clean?.problems, 0);
  });

  test('gives back what the vault has lost, and copies that are away are told', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': LARGE });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    const away = await addFolderCopy(scene.context, vault, { ...DISK, name: 'away', dir: scene.path('away') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    renameSync(scene.path('away'), scene.path('in the cupboard'));
    spoilObject(scene.vaultDir);
    const events = await Array.fromAsync(repairFromCopies(scene.context, vault, [away.entry, entry]));
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'absent' ? [event.copy] : [])),
      ['away'],
    );
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'repaired' ? [event.donor] : [])),
      ['disk'],
    );
  });

  test('becomes the vault again, under its own id, and a second try takes nothing twice', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': LARGE });
    await takeSnapshot(vault, { 'Manifest.plist': 'two' });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    const copy = await openCopy(scene.context, entry);
    const [done] = await eventsOf(restoreCopy(copy, scene.path('again'), vault.id), 'done');
    assert.deepEqual(done, { kind: 'done', restored: 2, damaged: 0, alreadyThere: 0 });
    const [second] = await eventsOf(restoreCopy(copy, scene.path('again'), vault.id), 'done');
    assert.equal(second?.alreadyThere, 2);
    await using again = await openVault(scene.path('again'), { purpose: 'a test' });
    assert.equal(again.id, vault.id);
    assert.deepEqual(again.snapshots(), vault.snapshots());
    assert.deepEqual((await Array.fromAsync(again.verify())).at(-1)?.kind, 'done');
  });
});

/** Changes one bit of a large object. */
function spoilObject(dir: string): void {
  const objects = join(dir, 'objects');
  const name = readdirSync(objects, { recursive: true, encoding: 'utf8' }).find((each) =>
    statSync(join(objects, each)).isFile(),
  );
  const path = join(objects, name ?? '');
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000);
  chmodSync(path, 0o600);
  writeFileSync(path, bytes);
}

describe('a copy in a folder that keeps less than the vault', () => {
  const KEEP_ONE = { ...DISK, keep: { last: 1 } };

  test('is sent only what its rule keeps, gives back the space of the rest, and is not sent that again', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    await takeSnapshot(vault, { 'Manifest.plist': 'one', 'ab/large': randomBytes(1_200_000) });
    const { entry } = await addFolderCopy(scene.context, vault, { ...KEEP_ONE, dir: scene.path('disk') });
    assert.equal((await eventsOf(runCopy(scene.context, vault, entry), 'done'))[0]?.copied, 1);
    const second = await takeSnapshot(vault, { 'Manifest.plist': 'two', 'ab/large': randomBytes(1_200_000) });
    const third = await takeSnapshot(vault, { 'Manifest.plist': 'three', 'ab/large': LARGE });
    const [done] = await eventsOf(runCopy(scene.context, vault, entry), 'done');
    assert.deepEqual([done?.copied, done?.thinned, done?.pruned], [1, 1, true]);
    assert.equal(done?.newest[UDID]?.snapshot, third.id);
    assert.deepEqual(await idsIn(scene.path('disk')), [third.id]);
    assert.equal(largeFilesIn(scene.path('disk')), 1);
    assert.equal((await eventsOf(runCopy(scene.context, vault, entry), 'done'))[0]?.copied, 0);
    await vault.labels.set(second, { pinned: true });
    assert.equal((await eventsOf(runCopy(scene.context, vault, entry), 'done'))[0]?.copied, 1);
    assert.deepEqual(await idsIn(scene.path('disk')), [third.id, second.id]);
  });

  test('is not behind for want of what its rule does not keep, and is for want of what it does', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    const first = await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    await takeSnapshot(vault, { 'Manifest.plist': 'two' });
    const { entry } = await addFolderCopy(scene.context, vault, { ...KEEP_ONE, dir: scene.path('disk') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    const unproven = async () => (await eventsOf(verifyCopy(scene.context, vault, entry), 'done'))[0]?.unproven;
    assert.deepEqual(await unproven(), []);
    await vault.labels.set(first, { pinned: true });
    assert.deepEqual(await unproven(), ['Of the snapshots in the vault, 1 are not there yet.']);
  });

  test('is filled again where it was emptied behind our back, and is not taken for full until then', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    const record = await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    const { entry } = await addFolderCopy(scene.context, vault, { ...KEEP_ONE, dir: scene.path('disk') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    {
      await using copy = await openVault(scene.path('disk'), { purpose: 'a slip' });
      await copy.forget(copy.snapshots(), { evenTheNewest: true });
    }
    await Array.fromAsync(verifyCopy(scene.context, vault, entry));
    const [status] = await readCopies(scene.context, scene.now);
    assert.deepEqual(status?.newest, {});
    assert.equal((await eventsOf(runCopy(scene.context, vault, entry), 'done'))[0]?.copied, 1);
    assert.deepEqual(await idsIn(scene.path('disk')), [record.id]);
  });

  test('makes room by a rule that came later before anything else is brought', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    for (const content of ['one', 'two', 'three']) await takeSnapshot(vault, { 'Manifest.plist': content });
    const { entry } = await addFolderCopy(scene.context, vault, { ...DISK, dir: scene.path('disk') });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    const fourth = await takeSnapshot(vault, { 'Manifest.plist': 'four' });
    const replicate = vault.replicateTo.bind(vault);
    vault.replicateTo = (copy, options) => {
      if (copy.snapshots().length > 1) throw new AppError('OUT_OF_SPACE', 'the disk is full');
      return replicate(copy, options);
    };
    await assert.rejects(Array.fromAsync(runCopy(scene.context, vault, entry)), { code: 'OUT_OF_SPACE' });
    await changeCopy(scene.context, 'disk', { keep: { last: 1 } });
    const [changed] = await readCopies(scene.context);
    assert.ok(changed);
    const [done] = await eventsOf(runCopy(scene.context, vault, changed.entry), 'done');
    assert.deepEqual([done?.copied, done?.thinned, done?.pruned], [1, 3, true]);
    assert.deepEqual(await idsIn(scene.path('disk')), [fourth.id]);
  });

  test('keeps what the vault has lost, as far as its rule does', async () => {
    using scene = new CopiesScene();
    await using vault = await scene.openVault();
    const first = await takeSnapshot(vault, { 'Manifest.plist': 'one' });
    const { entry } = await addFolderCopy(scene.context, vault, {
      ...DISK,
      keep: { last: 2 },
      dir: scene.path('disk'),
    });
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    const second = await takeSnapshot(vault, { 'Manifest.plist': 'two' });
    await vault.forget([first]);
    await Array.fromAsync(runCopy(scene.context, vault, entry));
    assert.deepEqual(await idsIn(scene.path('disk')), [second.id, first.id]);
  });
});

async function idsIn(dir: string): Promise<string[]> {
  await using copy = await openVault(dir, { purpose: 'a test', lock: 'none' });
  return copy.snapshots().map(({ id }) => id);
}

function largeFilesIn(dir: string): number {
  const names = readdirSync(join(dir, 'objects'), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(dir, 'objects', name)).isFile()).length;
}
