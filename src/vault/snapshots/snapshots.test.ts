import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fails, namesIn, textOf } from '../../shared/target/backup-target-tree.test-helper.ts';
import { readListing } from '../listing.ts';
import { takeSnapshot, TemporaryVault, UDID } from '../vault.test-helper.ts';
import { decodeRecordCache, encodeRecordCache } from './record-cache.ts';
import { decodeRecord, encodeRecord, type SnapshotRecord } from './record.ts';

const RECORD: SnapshotRecord = {
  id: '0123abcd',
  udid: UDID,
  takenAt: new Date('2026-11-22T10:43:00.123Z'),
  startedAt: new Date('2026-11-22T10:40:00Z'),
  finishedAt: new Date('2026-11-22T10:43:00.123Z'),
  kind: 'full',
  encrypted: true,
  list: { sha256: 'a'.repeat(64), files: 3, bytes: 12 },
  newBytes: 12,
  device: { name: 'Ümläut 📱', productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' },
  checks: { manifestDb: 'ok', missing: 0, complete: true },
  warnings: 0,
};

describe('a record', () => {
  test('reads back as it was written', () => {
    const full = { ...RECORD, parent: '89abcdef', draft: 'an id', device: { ...RECORD.device, serialNumber: 'C39' } };
    assert.deepEqual(decodeRecord(encodeRecord(RECORD)), RECORD);
    assert.deepEqual(decodeRecord(encodeRecord(full)), full);
  });

  test('can be checked with a JSON tool and sha256sum', () => {
    const { sum, ...content } = JSON.parse(encodeRecord(RECORD).toString());
    assert.equal(sum, createHash('sha256').update(JSON.stringify(content)).digest('hex'));
  });

  test('is refused when anything in it has changed', () => {
    const text = encodeRecord(RECORD).toString();
    for (const changed of [
      text.replace('"files": 3', '"files": 4'),
      text.replace('Ümläut', 'Umlaut'),
      text.replace('"encrypted": true', '"encrypted": false'),
      text.replace(/"sum": "./, '"sum": "g'),
      text.slice(0, -10),
      '',
      'null',
      '[]',
      '{"sum": 1}',
    ]) {
      assert.notEqual(changed, text);
      assert.equal(decodeRecord(Buffer.from(changed)), undefined);
    }
  });

  test('is refused when it is whole but says what no record says', () => {
    for (const wrong of [{ udid: '../..' }, { id: 'x' }, { takenAt: 'yesterday' }, { warnings: -1 }, { version: 2 }]) {
      const { sum: _sum, ...content } = { ...JSON.parse(encodeRecord(RECORD).toString()), ...wrong };
      const sum = createHash('sha256').update(JSON.stringify(content)).digest('hex');
      assert.equal(decodeRecord(Buffer.from(JSON.stringify({ ...content, sum }))), undefined);
    }
  });
});

describe('the snapshots of a vault', () => {
  test('are found by id, by the beginning of it, and as the latest of a device or of all', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const old = await takeSnapshot(vault, { x: '1' }, { takenAt: new Date('2026-01-01T00:00:00Z') });
    const latest = await takeSnapshot(vault, { x: '2' }, { takenAt: new Date('2026-02-01T00:00:00Z') });
    const older = await takeSnapshot(vault, { x: '3' }, { takenAt: new Date('2025-01-01T00:00:00Z') });
    assert.deepEqual(vault.snapshots(UDID), [latest, old, older]);
    assert.equal(vault.findSnapshot('latest').id, latest.id);
    assert.equal(vault.findSnapshot(old.id).id, old.id);
    assert.equal(vault.findSnapshot(old.id.slice(0, 7)).id, old.id);
    assert.throws(() => vault.findSnapshot('latest', '00000000-0000000000000000'), { code: 'SNAPSHOT_NOT_FOUND' });
    assert.throws(() => vault.findSnapshot('nothing'), { code: 'SNAPSHOT_NOT_FOUND', hint: /holdfast snapshots/ });
    assert.throws(() => vault.findSnapshot(''), { code: 'SNAPSHOT_NOT_FOUND' });
  });

  test('are named by their time and id, and one that lies under another name is not believed', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    const { id } = await takeSnapshot(vault, { x: '1' }, { takenAt: new Date('2026-01-02T03:04:05.678Z') });
    const folder = join(place.dir, 'snapshots', UDID);
    assert.deepEqual(readdirSync(folder), [`20260102T030405Z-${id}.json`]);
    writeFileSync(
      join(folder, '20260102T030405Z-00000000.json'),
      readFileSync(join(folder, `20260102T030405Z-${id}.json`)),
    );
    assert.equal(vault.snapshots().length, 1);
    assert.deepEqual(vault.unreadableRecords(), [
      { path: `snapshots/${UDID}/20260102T030405Z-00000000.json`, udid: UDID },
    ]);
  });
});

describe('an open snapshot', () => {
  test('is the folder that was backed up', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    using view = vault.openSnapshot(
      await takeSnapshot(vault, { 'ab/x': 'one', 'ab/cd/y': 'two', 'Info.plist': 'info' }),
    );
    assert.deepEqual(await namesIn(view, UDID), ['Info.plist', 'ab']);
    assert.deepEqual(await namesIn(view, `${UDID}/ab`), ['cd', 'x']);
    assert.equal(await textOf(view, `${UDID}/ab/cd/y`), 'two');
    assert.deepEqual(view.find('ab/x')?.sizeBytes, 3);
    assert.equal(view.open('nothing'), undefined);
    await fails(() => view.read(`${UDID}/ab`), 'is-a-directory');
    await fails(() => view.read(`${UDID}/no`), 'not-found');
    await fails(() => view.list(`${UDID}/ab/x`), 'not-a-directory');
    await fails(() => view.list(`${UDID}/no`), 'not-found');
    await fails(() => view.read(`${UDID}/../../x`), 'invalid-path');
    await fails(() => view.read('other/ab/x'), 'invalid-path');
  });

  test('cannot be changed', async () => {
    using place = new TemporaryVault();
    await using vault = await place.open();
    using view = vault.openSnapshot(await takeSnapshot(vault, { 'ab/x': 'one' }));
    for (const change of [
      () => view.create(),
      () => view.remove(),
      () => view.move(),
      () => view.copy(),
      () => view.makeDirectory(),
    ]) {
      await fails(change, 'unsupported');
    }
    assert.ok(view.freeBytes() >= 0);
  });
});

describe('many records', () => {
  const MANY = 501;

  test('are kept together, and what is not in that file, or not on the disk any more, is told as it is', async () => {
    using place = new TemporaryVault();
    {
      await using vault = await place.open();
      await takeSnapshot(vault, { x: 'one' });
    }
    const folder = join(place.dir, 'snapshots', UDID);
    const records = Array.from({ length: MANY }, (_, n) => manyRecord(n));
    for (const record of records) writeFileSync(join(folder, manyName(record)), encodeRecord(record));
    writeFileSync(join(folder, '20200101T000000Z-ffffffff.json'), 'damaged');
    {
      await using vault = await place.open();
      assert.equal(vault.snapshots().length, MANY + 1);
    }
    assert.ok(readdirSync(place.dir).includes('snapshots.cache'));
    const [first, second] = records;
    assert.ok(first && second);
    rmSync(join(folder, manyName(first)));
    writeFileSync(join(folder, manyName(manyRecord(MANY))), encodeRecord(manyRecord(MANY)));
    // What is kept together is not read again.
    writeFileSync(join(folder, manyName(second)), 'damaged');
    const listing = readListing(place.dir);
    const listed = new Map(listing.snapshots.map((record) => [record.id, record]));
    assert.deepEqual(listed.get(second.id), second);
    assert.equal(listed.has(first.id), false);
    assert.ok(listed.has(manyRecord(MANY).id));
    assert.deepEqual(
      listing.unreadable.map(({ path }) => path),
      [`snapshots/${UDID}/20200101T000000Z-ffffffff.json`],
    );
    await using vault = await place.open();
    const problems = await Array.fromAsync(vault.verify(), (event) =>
      event.kind === 'problem' ? event.problem.kind : '',
    );
    assert.equal(problems.filter((kind) => kind === 'record').length, 2);
  });

  test('read back from where they are kept together as they were, and not when a bit has changed', () => {
    const others = [
      { ...RECORD, id: '1', parent: 'p', draft: 'd' },
      { ...RECORD, id: '2', udid: 'another', draft: 'd' },
      { ...RECORD, id: '3', parent: 'p' },
    ];
    const named = [RECORD, ...others].map((each) => [`${each.id}.json`, each] as const);
    const bytes = encodeRecordCache(named);
    const byDevice = Map.groupBy(named, ([, { udid }]) => udid);
    assert.deepEqual(decodeRecordCache(bytes), new Map([...byDevice].map(([udid, each]) => [udid, new Map(each)])));
    for (const at of [0, 64, 65, 200, bytes.length - 1]) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
      assert.equal(decodeRecordCache(damaged), undefined);
    }
    assert.equal(decodeRecordCache(bytes.subarray(0, 100)), undefined);
    assert.equal(decodeRecordCache(Buffer.alloc(0)), undefined);
  });
});

function manyRecord(n: number): SnapshotRecord {
  const takenAt = new Date(Date.UTC(2021, 0, 1, n));
  return { ...RECORD, id: (n + 16).toString(16).padStart(8, '0'), takenAt };
}

const manyName = ({ takenAt, id }: SnapshotRecord): string =>
  `${takenAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${id}.json`;
