import assert from 'node:assert/strict';
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { contentOf, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { Vault } from '../vault.ts';
import { makeBackupFolder, pathOf, TAKEN_AT } from './backup-folder.test-helper.ts';
import type { ImportEvent } from './import-folder.ts';

const OTHER = '00008120-00FF00FF00FF00FF';

describe('a backup folder of another program', () => {
  test('becomes a snapshot with everything in it', async () => {
    using place = new TemporaryVault();
    const large = Buffer.alloc(1_300_000, 'large ');
    const folder = makeBackupFolder(join(place.root, UDID), { files: { '1.JPG': 'photo', '2.MOV': large, empty: '' } });
    mkdirSync(join(folder, 'ff'), { recursive: true });
    await using vault = await place.open();
    const { record, isNew } = await importOne(vault, folder);
    assert.equal(isNew, true);
    assert.equal(record.udid, UDID);
    assert.equal(record.kind, 'import');
    assert.deepEqual(record.takenAt, TAKEN_AT);
    assert.deepEqual(record.device, {
      name: "Ada's iPhone",
      productType: 'iPhone14,5',
      productVersion: '18.1',
      buildVersion: '22B83',
    });
    assert.deepEqual(record.checks, { status: 'finished', manifest: 'readable', missing: 0 });
    const content = await contentOf(vault, record);
    assert.equal(content.get(pathOf('1.JPG')), 'photo');
    assert.equal(content.get(pathOf('2.MOV')), large.toString());
    assert.equal(content.get(pathOf('empty')), '');
    assert.equal(content.get('ff/'), null);
    assert.equal(record.list.files, 7);
  });

  test('is taken in once', async () => {
    using place = new TemporaryVault();
    const folder = makeBackupFolder(join(place.root, UDID));
    await using vault = await place.open();
    const first = await importOne(vault, folder);
    const again = await importOne(vault, folder);
    assert.equal(again.isNew, false);
    assert.equal(again.record.id, first.record.id);
    assert.equal(vault.snapshots().length, 1);
    assert.equal(readdirSync(join(place.dir, 'lists')).length, 1);
  });

  test('is not read again where it has not changed, and is where it has', async () => {
    using place = new TemporaryVault();
    const folder = makeBackupFolder(join(place.root, UDID), { files: { a: 'one', b: 'two' } });
    // An hour after the folder was written its times can be relied on.
    await using vault = await place.open({ now: () => Date.now() + 3_600_000 });
    await importOne(vault, folder);
    const second = await importOne(vault, folder);
    assert.equal(second.readBytes, 0);
    writeFileSync(join(folder, pathOf('a')), 'won');
    utimesSync(join(folder, pathOf('a')), new Date(), new Date());
    const third = await importOne(vault, folder);
    assert.equal(third.readBytes, 3);
    assert.equal(third.isNew, true);
    assert.equal((await contentOf(vault, third.record)).get(pathOf('a')), 'won');
  });

  test('is read again when the vault has lost what it knew of it', async () => {
    using place = new TemporaryVault();
    const folder = makeBackupFolder(join(place.root, UDID));
    await using vault = await place.open({ now: () => Date.now() + 3_600_000 });
    const { record } = await importOne(vault, folder);
    await vault.removeSnapshot(record);
    await vault.prune();
    const again = await importOne(vault, folder);
    assert.equal(again.isNew, true);
    assert.equal((await contentOf(vault, again.record)).get(pathOf('Media/DCIM/1.JPG')), 'photo');
  });

  test('that lacks files its manifest names is taken in and says so', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const { record } = await importOne(vault, makeBackupFolder(join(place.root, UDID), { lost: ['x', 'y'] }));
    assert.equal(record.checks['missing'], 2);
    assert.equal(record.warnings, 2);
  });

  test('with a manifest so large that a thread looks through it says the same', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const lost = Array.from({ length: 8000 }, (_, n) => `Media/lost/${n}`);
    const folder = makeBackupFolder(join(place.root, UDID), { lost });
    assert.ok(statSync(join(folder, 'Manifest.db')).size > 1024 * 1024);
    const { record } = await importOne(vault, folder);
    assert.deepEqual(record.checks, { status: 'finished', manifest: 'readable', missing: 8000 });
    // A manifest that cannot be read is said to be so, by the thread too.
    truncateSync(join(folder, 'Manifest.db'), 1_100_000);
    writeFileSync(join(folder, pathOf('Media/DCIM/1.JPG')), 'another photo');
    const damaged = await importOne(vault, folder);
    assert.deepEqual(damaged.record.checks, { status: 'finished', manifest: 'damaged', missing: 0 });
  });

  test('is never left through a link', async () => {
    using place = new TemporaryVault();
    const folder = makeBackupFolder(join(place.root, UDID));
    writeFileSync(join(place.root, 'secret'), 'secret');
    symlinkSync(join(place.root, 'secret'), join(folder, 'link'));
    symlinkSync(place.root, join(folder, 'directory-link'));
    await using vault = await place.open();
    const { record, passedOver } = await importOne(vault, folder);
    assert.deepEqual(passedOver, ['directory-link', 'link']);
    assert.equal([...(await contentOf(vault, record)).values()].includes('secret'), false);
  });

  test('with links in the place of contents says that it lacks them', async () => {
    using place = new TemporaryVault();
    const files = { a: 'a', b: 'b', c: 'c' };
    const folder = makeBackupFolder(join(place.root, UDID), { files });
    const aside = join(place.root, 'aside');
    const shard = dirname(pathOf('a'));
    assert.equal(new Set(Object.keys(files).map((name) => dirname(pathOf(name)))).size, 3);
    renameSync(join(folder, shard), aside);
    symlinkSync(aside, join(folder, shard));
    renameSync(join(folder, pathOf('b')), join(place.root, 'b'));
    symlinkSync(join(place.root, 'b'), join(folder, pathOf('b')));
    writeFileSync(join(folder, '00'), 'a file where others have a folder');
    await using vault = await place.open();
    const { record } = await importOne(vault, folder);
    assert.deepEqual(record.checks, { status: 'finished', manifest: 'readable', missing: 2 });
  });

  test('with what an operating system leaves in folders is taken in without it', async () => {
    using place = new TemporaryVault();
    const folder = makeBackupFolder(join(place.root, UDID));
    for (const name of ['.DS_Store', '._Info.plist', 'Thumbs.db']) writeFileSync(join(folder, name), 'x');
    await using vault = await place.open();
    assert.equal((await importOne(vault, folder)).record.list.files, 5);
  });
});

describe('a folder that is no finished backup', () => {
  for (const { what, spoil, code } of [
    { what: 'without anything', spoil: (dir: string) => rmSync(dir, { recursive: true }), code: 'NOT_A_BACKUP' },
    {
      what: 'without Manifest.plist',
      spoil: (dir: string) => rmSync(join(dir, 'Manifest.plist')),
      code: 'NOT_A_BACKUP',
    },
    { what: 'without a manifest', spoil: (dir: string) => rmSync(join(dir, 'Manifest.db')), code: 'NOT_A_BACKUP' },
    {
      what: 'without Status.plist',
      spoil: (dir: string) => rmSync(join(dir, 'Status.plist')),
      code: 'BACKUP_UNFINISHED',
    },
    {
      what: 'whose Status.plist is garbage',
      spoil: (dir: string) => writeFileSync(join(dir, 'Status.plist'), 'garbage'),
      code: 'BACKUP_UNFINISHED',
    },
    {
      what: 'whose manifest is only a link',
      spoil: (dir: string) => {
        renameSync(join(dir, 'Manifest.db'), join(dir, 'elsewhere'));
        symlinkSync('elsewhere', join(dir, 'Manifest.db'));
      },
      code: 'NOT_A_BACKUP',
    },
    {
      what: 'that was never finished',
      spoil: (dir: string) => makeBackupFolder(dir, { snapshotState: 'uploading' }),
      code: 'BACKUP_UNFINISHED',
    },
  ]) {
    test(`${what} is refused and leaves nothing`, async () => {
      using place = new TemporaryVault();
      const folder = makeBackupFolder(join(place.root, UDID));
      spoil(folder);
      await using vault = await place.open();
      await assert.rejects(importOne(vault, folder), { code });
      assert.deepEqual(vault.snapshots(), []);
    });
  }
});

describe('a folder with several backups', () => {
  test('gives a snapshot of each, oldest first, archives and older versions included', async () => {
    using place = new TemporaryVault();
    const parent = join(place.root, 'Backup');
    makeBackupFolder(join(parent, UDID), { date: new Date('2026-03-03T00:00:00Z') });
    makeBackupFolder(join(parent, `${UDID}-20260101-000000`), {
      date: new Date('2026-01-01T00:00:00Z'),
      files: { a: '1' },
    });
    makeBackupFolder(join(parent, 'iMazing.Versions', 'Versions', UDID, '2026-02'), {
      date: new Date('2026-02-02T00:00:00Z'),
      files: { a: '2' },
    });
    makeBackupFolder(join(parent, OTHER), { udid: OTHER });
    mkdirSync(join(parent, 'something else'));
    await using vault = await place.open();
    const events = await Array.fromAsync(vault.import(parent));
    const imported = events.flatMap((event) => (event.kind === 'imported' ? [event.record] : []));
    assert.deepEqual(
      imported.map(({ takenAt }) => takenAt.getUTCMonth()),
      [0, 1, 2, 9],
    );
    assert.equal(vault.snapshots(UDID).length, 3);
    assert.equal(vault.snapshots(OTHER).length, 1);
  });

  test('goes on when one of them is refused', async () => {
    using place = new TemporaryVault();
    const parent = join(place.root, 'Backup');
    makeBackupFolder(join(parent, UDID), { snapshotState: 'moving' });
    makeBackupFolder(join(parent, OTHER), { udid: OTHER });
    await using vault = await place.open();
    const events = await Array.fromAsync(vault.import(parent));
    const refused = events.find((event) => event.kind === 'refused');
    assert.equal(refused?.error.code, 'BACKUP_UNFINISHED');
    assert.deepEqual(
      vault.snapshots().map(({ udid }) => udid),
      [OTHER],
    );
  });
});

test('an import that is stopped leaves no snapshot and no temporary file', async () => {
  using place = new TemporaryVault();
  const folder = makeBackupFolder(join(place.root, UDID));
  await using vault = await place.open();
  const events = vault.import(folder, AbortSignal.abort(new Error('stopped')));
  await assert.rejects(Array.fromAsync(events), { message: 'stopped' });
  assert.deepEqual(vault.snapshots(), []);
  assert.equal(
    readdirSync(place.dir, { recursive: true }).some((name) => String(name).endsWith('.tmp')),
    false,
  );
});

async function importOne(vault: Vault, folder: string) {
  let readBytes = 0;
  let imported: Extract<ImportEvent, { kind: 'imported' }> | undefined;
  for await (const event of vault.import(folder)) {
    if (event.kind === 'progress') readBytes = event.readBytes;
    if (event.kind === 'imported') imported = event;
  }
  assert.ok(imported !== undefined);
  return { ...imported, readBytes };
}
