import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeBackupFolder } from '../import/backup-folder.test-helper.ts';
import { contentOf, damageObject, FACTS, takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { Vault } from '../vault.ts';

const OTHER_UDID = '00008110-000000000000001E';
const LARGE = Buffer.alloc(400_000, 'large ');
const FILES = { 'ab/small': 'small', 'ab/large': LARGE, 'cd/empty': '', 'Status.plist': 'status' };

describe('an exported snapshot', () => {
  test('is a plain folder with the same files', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    const out = join(place.root, 'out');
    const done = await exportTo(vault, record, out);
    assert.deepEqual(
      { ...done, clonedBytes: 0 },
      { kind: 'done', folder: join(out, UDID), files: 4, bytes: 400_011, clonedBytes: 0 },
    );
    for (const [path, content] of Object.entries(FILES)) {
      assert.deepEqual(readFileSync(join(out, UDID, path)), Buffer.from(content));
    }
    assert.deepEqual(readdirSync(out).toSorted(), ['.holdfast-export.json', UDID]);
  });

  test('comes back as the same snapshot when it is imported', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const source = makeBackupFolder(join(place.root, UDID), { files: { 'ü ñ': 'x', large: LARGE } });
    mkdirSync(join(source, 'empty'));
    await Array.fromAsync(vault.import(source));
    const record = vault.findSnapshot('latest');
    await exportTo(vault, record, join(place.root, 'out'));
    const events = await Array.fromAsync(vault.import(join(place.root, 'out')));
    const imported = events.find((event) => event.kind === 'imported');
    assert.equal(imported?.isNew, false);
    assert.equal(imported?.record.id, record.id);
  });

  test('shares no file with the vault, so that changing it changes nothing there', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    const out = join(place.root, 'out');
    await exportTo(vault, record, out);
    for (const path of Object.keys(FILES)) {
      assert.equal(statSync(join(out, UDID, path)).nlink, 1);
      appendFileSync(join(out, UDID, path), 'changed');
    }
    assert.equal((await contentOf(vault, record)).get('ab/large'), LARGE.toString());
  });

  test('takes the place of an earlier export, and lies beside that of another device', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const out = join(place.root, 'out');
    await exportTo(vault, await takeSnapshot(vault, { ...FILES, 'ab/gone': 'gone' }), out);
    await using draft = vault.openDraft(UDID);
    draft.remove(`${UDID}/ab/gone`);

    await exportTo(vault, await draft.commit(FACTS), out);
    assert.deepEqual(readdirSync(join(out, UDID, 'ab')).toSorted(), ['large', 'small']);
    assert.deepEqual(readdirSync(out).toSorted(), ['.holdfast-export.json', UDID]);
  });

  test('is never removed with what somebody else has put into it, such as a vault', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, { ...FILES, 'of another program': 'x' });
    const out = join(place.root, 'out');
    await exportTo(vault, record, out);
    await exportTo(vault, record, out);
    mkdirSync(join(out, UDID, 'vault'));
    await assert.rejects(exportTo(vault, record, out), {
      code: 'FOLDER_NOT_EMPTY',
      details: { dir: out, name: join(UDID, 'vault') },
    });
    assert.ok(existsSync(join(out, UDID, 'vault')));
  });

  test('is written over what a killed export left', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    const out = join(place.root, 'out');
    await exportTo(vault, record, out);
    mkdirSync(join(out, `${UDID}.partial`, 'ab'), { recursive: true });
    mkdirSync(join(out, `${UDID}.outdated`));
    await exportTo(vault, record, out);
    assert.deepEqual(readdirSync(out).toSorted(), ['.holdfast-export.json', UDID]);
  });
});

describe('an export is refused', () => {
  test('into a folder with something else in it', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    const out = join(place.root, 'out');
    mkdirSync(join(out, UDID), { recursive: true });
    await assert.rejects(exportTo(vault, record, out), { code: 'FOLDER_NOT_EMPTY' });
    assert.deepEqual(readdirSync(out), [UDID]);
    writeFileSync(join(place.root, 'file'), 'x');
    await assert.rejects(exportTo(vault, record, join(place.root, 'file')), { code: 'FOLDER_NOT_EMPTY' });
  });

  test('over an export into which another tool has put a newer backup', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    const out = join(place.root, 'out');
    await exportTo(vault, record, out);
    writeFileSync(join(out, UDID, 'Status.plist'), 'newer');
    await assert.rejects(exportTo(vault, record, out), { code: 'FOLDER_NOT_EMPTY' });
    assert.equal(readFileSync(join(out, UDID, 'Status.plist'), 'utf8'), 'newer');
  });

  for (const [what, path, bytes] of [
    ['small', 'ab/small', 'small'],
    ['large', 'ab/large', LARGE],
  ] as const) {
    test(`when a ${what} file is damaged, naming it and leaving nothing`, async () => {
      using place = new TemporaryVault();
      let record: SnapshotRecord;
      {
        await using vault = await place.open();
        record = await takeSnapshot(vault, FILES);
      }
      damageObject(place.dir, Buffer.from(bytes));
      await using vault = await place.open({}, { lock: 'none' });
      const out = join(place.root, 'out');
      await assert.rejects(exportTo(vault, record, out), { code: 'SNAPSHOT_CORRUPT', message: new RegExp(path) });
      assert.equal(existsSync(out), false);
    });
  }

  test('when its list is missing', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    rmSync(join(place.dir, 'lists', record.list.sha256));
    await assert.rejects(exportTo(vault, record, join(place.root, 'out')), { code: 'SNAPSHOT_CORRUPT' });
    assert.equal(existsSync(join(place.root, 'out')), false);
  });
});

describe('an export that does not come to its end', () => {
  test('has at no time been a folder that tools take for a whole backup', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`ab/${at}`, `${LARGE.toString()}${at}`]));
    const record = await takeSnapshot(vault, { ...FILES, ...many });
    const out = join(place.root, 'out');
    const partial = join(out, `${UDID}.partial`);
    for await (const event of vault.export(record, out)) {
      if (event.kind === 'done' || !existsSync(join(partial, 'Status.plist'))) continue;
      const names = readdirSync(join(partial, 'ab'));
      assert.deepEqual(names.filter((name) => statSync(join(partial, 'ab', name)).size < LARGE.length).toSorted(), [
        'small',
      ]);
      assert.equal(names.length, 42);
    }
  });

  test('leaves what others have put into its folder meanwhile', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const record = await takeSnapshot(vault, FILES);
    const out = join(place.root, 'out');
    const events = vault.export(record, out);
    await events.next();
    writeFileSync(join(out, 'of the owner'), 'x');
    await assert.rejects(events.throw(new Error('stopped')), { message: 'stopped' });
    assert.deepEqual(readdirSync(out).toSorted(), ['.holdfast-export.json', 'of the owner']);
  });
});

test('devices that are exported into one folder at the same time do not forget each other', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const record = await takeSnapshot(vault, FILES);
  const other = { ...record, udid: OTHER_UDID };
  const out = join(place.root, 'out');
  const events = vault.export(record, out);
  await events.next();
  await exportTo(vault, other, out);
  assert.equal((await Array.fromAsync(events)).at(-1)?.kind, 'done');
  await exportTo(vault, other, out);
  await exportTo(vault, record, out);
  assert.deepEqual(readdirSync(out).toSorted(), ['.holdfast-export.json', UDID, OTHER_UDID].toSorted());
});

test('of two exports of a device into one folder, only one that is whole takes the place', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const record = await takeSnapshot(vault, FILES);
  const out = join(place.root, 'out');
  await using first = vault.export(record, out);
  for (let files = 0; files < record.list.files;) {
    const { value } = await first.next();
    files = value?.files ?? 0;
  }
  await using second = vault.export(record, out);
  await second.next();
  await assert.rejects(Array.fromAsync(first), { code: 'ALREADY_RUNNING' });
  assert.equal((await Array.fromAsync(second)).at(-1)?.kind, 'done');
  assert.deepEqual(readFileSync(join(out, UDID, 'ab/large')), LARGE);
  await exportTo(vault, record, out);
});

test('an export that is stopped leaves nothing', async () => {
  using place = new TemporaryVault();
  await using vault = await place.open();
  const record = await takeSnapshot(vault, FILES);
  const out = join(place.root, 'out');
  const events = vault.export(record, out, AbortSignal.abort(new Error('stopped')));
  await assert.rejects(Array.fromAsync(events), { message: 'stopped' });
  assert.equal(existsSync(out), false);
});

async function exportTo(vault: Vault, record: SnapshotRecord, out: string) {
  return (await Array.fromAsync(vault.export(record, out))).at(-1);
}
