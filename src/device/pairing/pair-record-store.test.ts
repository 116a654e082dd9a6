import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FakeMux, FakePhone, UDID } from '../fake-phone.test-helper.ts';
import { encodePairRecord } from './pair-record.ts';
import { PairRecordStore } from './pair-record-store.ts';

const record = await new FakePhone().trust();

describe('PairRecordStore', () => {
  test('keeps records where nobody else can read them', { skip: process.platform === 'win32' }, async () => {
    await using folder = await temporaryFolder();
    const directory = join(folder.path, 'pairings');
    const store = new PairRecordStore({ directory });
    assert.equal(await store.save(UDID, record), false);
    assert.deepEqual(await store.readOwn(UDID), record);
    assert.equal((await stat(directory)).mode & 0o777, 0o700);
    assert.equal((await stat(join(directory, `${UDID}.plist`))).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(directory), [`${UDID}.plist`]);
  });

  test('gives the own record first, then what usbmuxd has, and each pairing once', async () => {
    await using folder = await temporaryFolder();
    await using mux = await FakeMux.start();
    const store = new PairRecordStore({ directory: folder.path, mux: mux.address });
    const other = { ...record, hostId: 'OTHER' };
    mux.records.set(UDID, encodePairRecord(other));
    assert.deepEqual(await sources(store), ['mux OTHER']);
    await new PairRecordStore({ directory: folder.path }).save(UDID, record);
    assert.deepEqual(await sources(store), [`own ${record.hostId}`, 'mux OTHER']);
    assert.equal(await store.save(UDID, record), true);
    assert.deepEqual(await sources(store), [`own ${record.hostId}`]);
    assert.deepEqual(await store.list(), [{ udid: UDID, record }]);
    await store.remove(UDID);
    assert.deepEqual([await sources(store), mux.records.size, await store.has(UDID)], [[], 0, false]);
  });

  test('works without usbmuxd', async () => {
    await using folder = await temporaryFolder();
    const store = new PairRecordStore({ directory: folder.path, mux: { kind: 'unix', path: '/nowhere' } });
    assert.equal(await store.save(UDID, record), false);
    assert.equal(await store.has(UDID), true);
    const buid = await store.systemBuid();
    assert.match(buid, /^[0-9A-F-]{36}$/);
    assert.equal(await store.systemBuid(), buid);
    await store.remove(UDID);
    assert.equal(await store.has(UDID), false);
  });

  test('takes usbmuxd’s word for what this computer is called', async () => {
    await using mux = await FakeMux.start();
    const store = new PairRecordStore({ directory: '/nowhere', mux: mux.address });
    assert.equal(await store.systemBuid(), 'MUX-BUID');
    assert.deepEqual(await store.list(), []);
  });

  test('passes over a record that is damaged', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, `${UDID}.plist`), 'garbage');
    await writeFile(join(folder.path, 'notes.plist'), 'not a record');
    const store = new PairRecordStore({ directory: folder.path });
    assert.deepEqual([await sources(store), await store.list()], [[], []]);
  });

  test('stores nothing under a name that leads elsewhere', async () => {
    await using folder = await temporaryFolder();
    const store = new PairRecordStore({ directory: folder.path });
    await assert.rejects(store.save('../elsewhere', record), { code: 'FORMAT_INVALID' });
    assert.equal(await store.readOwn('../elsewhere'), undefined);
  });

  test('says when its folder cannot be written', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'file'), '');
    const store = new PairRecordStore({ directory: join(folder.path, 'file', 'below') });
    await assert.rejects(store.save(UDID, record), { code: 'STORAGE_FAILED', details: { systemCode: 'ENOTDIR' } });
  });
});

async function sources(store: PairRecordStore): Promise<string[]> {
  const candidates = await Array.fromAsync(store.candidates(UDID));
  return candidates.map((candidate) => `${candidate.source} ${candidate.record.hostId}`);
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
