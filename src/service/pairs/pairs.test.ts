import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  AddressBook,
  createPairRecord,
  encodePairRecord,
  PairRecordStore,
  type MuxAddress,
  type PairRecord,
} from '../../device/index.ts';
import { encodeXmlPlist, decodePlist, asDictionary } from '../../formats/index.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { exportPair, importPairs } from './exchange.ts';
import { pairHealth } from './pair-health.ts';
import { choosePair, listPairs } from './pairs.ts';

const UDID = '00008110-000A1B2C3D4E5F60';
const OTHER = '00008110-FFFFFFFFFFFFFFFF';
const [first, second] = await Promise.all([makeRecord(), makeRecord()]);

let home = '';
let setup: DeviceSetup;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const muxAddress: MuxAddress = { kind: 'unix', path: join(home, 'nobody') };
  setup = { muxAddress, pairRecords: new PairRecordStore({ directory: join(home, 'pairs') }) };
});
afterEach(() => rm(home, { recursive: true }));

describe('the trust over Wi-Fi', () => {
  for (const { days, state, daysLeft, words } of [
    { days: 0, state: 'ok', daysLeft: 30, words: undefined },
    { days: 20, state: 'ok', daysLeft: 10, words: undefined },
    { days: 21, state: 'soon', daysLeft: 9, words: /21 days ago; in 9 days it stops/ },
    { days: 29, state: 'soon', daysLeft: 1, words: /in 1 day it stops/ },
    { days: 30, state: 'over', daysLeft: 0, words: /no longer answers over Wi-Fi/ },
    { days: 400, state: 'over', daysLeft: 0, words: /400 days ago/ },
    { days: -3, state: 'ok', daysLeft: 30, words: undefined },
  ] as const) {
    test(`${days} days after the last contact is ${state}`, () => {
      const now = new Date('2026-11-22T10:00:00Z');
      const health = pairHealth('Ada', new Date(now.getTime() - days * 86_400_000), now);
      assert.deepEqual([health.state, health.daysLeft], [state, daysLeft]);
      if (words === undefined) assert.equal(health.sentence, undefined);
      else assert.match(health.sentence ?? '', words);
      assert.equal(health.hint === undefined, words === undefined);
    });
  }

  test('is unknown of a device never heard of', () => {
    assert.deepEqual(pairHealth('Ada', undefined, new Date()), { state: 'unknown', daysLeft: undefined });
  });
});

describe('pairings', () => {
  test('are listed with what is remembered; one never contacted since counts from when it was paired', async () => {
    await setup.pairRecords.save(UDID, first);
    await setup.pairRecords.save(OTHER, second);
    const contactAt = new Date('2026-10-28T10:00:00Z');
    const book = new AddressBook(setup.pairRecords.directory);
    await book.remember(UDID, { name: 'Ada', host: '192.168.1.20', contactAt, contactBy: 'network' });
    const now = new Date('2026-11-22T10:00:00Z');
    const [unnamed, ada] = await listPairs(setup, now);
    assert.partialDeepStrictEqual(ada, {
      udid: UDID,
      name: 'Ada',
      lastContactAt: contactAt,
      address: '192.168.1.20',
      hasEscrowBag: true,
      health: { state: 'soon', daysLeft: 5 },
    });
    assert.equal(unnamed?.udid, OTHER);
    assert.ok(unnamed.lastContactAt !== undefined);
  });

  test('are chosen by name or UDID', async () => {
    assert.throws(() => choosePair([], undefined), { code: 'DEVICE_NOT_FOUND', hint: /holdfast pair/ });
    await setup.pairRecords.save(UDID, first);
    assert.equal(choosePair(await listPairs(setup), undefined).udid, UDID);
    await setup.pairRecords.save(OTHER, second);
    const pairs = await listPairs(setup);
    assert.throws(() => choosePair(pairs, undefined), { code: 'DEVICE_AMBIGUOUS', hint: /FFFF/ });
    assert.throws(() => choosePair(pairs, 'Bob'), { code: 'DEVICE_NOT_FOUND', hint: /FFFF/ });
    assert.equal(choosePair(pairs, OTHER.toLowerCase()).udid, OTHER);
  });
});

describe('a pair record', () => {
  test('travels from one computer to another, readable by its owner alone', async () => {
    await setup.pairRecords.save(UDID, first);
    const file = join(home, `${UDID}.plist`);
    await exportPair(setup, UDID, { file });
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await assert.rejects(exportPair(setup, UDID, { file }), { code: 'FOLDER_NOT_EMPTY' });
    await exportPair(setup, UDID, { file, replace: true });
    const nas: DeviceSetup = { ...setup, pairRecords: new PairRecordStore({ directory: join(home, 'nas') }) };
    const { imported } = await importPairs({ setup: nas, path: file });
    assert.deepEqual(imported, [{ udid: UDID, result: 'imported', hasEscrowBag: true }]);
    assert.deepEqual(await nas.pairRecords.readOwn(UDID), await setup.pairRecords.readOwn(UDID));
    await assert.rejects(exportPair(nas, OTHER, { file: join(home, 'x') }), { code: 'DEVICE_NOT_FOUND' });
  });

  test('of a Mac is XML with more in it than is needed, in a folder with other things', async () => {
    const lockdown = join(home, 'lockdown');
    await mkdir(lockdown);
    const keys = asDictionary(decodePlist(encodePairRecord(first))) ?? {};
    await writeFile(join(lockdown, `${UDID}.plist`), encodeXmlPlist({ ...keys, AttestedBy: 'somebody' }));
    await writeFile(join(lockdown, `${OTHER.toLowerCase()}.plist`), 'no property list');
    await writeFile(join(lockdown, 'SystemConfiguration.plist'), encodeXmlPlist({ SystemBUID: 'X' }));
    const { imported, passedOver } = await importPairs({ setup, path: lockdown });
    assert.deepEqual(
      imported.map(({ udid, result }) => [udid, result]),
      [[UDID, 'imported']],
    );
    assert.deepEqual(
      passedOver.map(({ file }) => file),
      [`${OTHER.toLowerCase()}.plist`],
    );
    assert.equal((await setup.pairRecords.readOwn(UDID))?.hostId, first.hostId);
  });

  test('does not take the place of another unless told to, and is not taken twice', async () => {
    await setup.pairRecords.save(UDID, first);
    const file = join(home, 'record');
    await writeFile(file, encodePairRecord(second));
    await assert.rejects(importPairs({ setup, path: file }), { code: 'USAGE', hint: /--udid/ });
    const request = { setup, path: file, udid: UDID };
    await assert.rejects(importPairs(request), { code: 'USAGE', hint: /--replace/ });
    assert.equal((await importPairs({ ...request, replace: true })).imported[0]?.result, 'replaced');
    assert.equal((await importPairs(request)).imported[0]?.result, 'same');
  });

  test('whose key belongs to another certificate is refused, without a word about the key', async () => {
    const file = join(home, `${UDID}.plist`);
    await writeFile(file, encodePairRecord({ ...first, hostPrivateKey: second.hostPrivateKey }));
    await assert.rejects(importPairs({ setup, path: file }), (error: Error) => {
      assert.match(error.message, /HostPrivateKey/);
      assert.doesNotMatch(JSON.stringify(error), /BEGIN/);
      return true;
    });
    await writeFile(file, Buffer.alloc(300_000));
    await assert.rejects(importPairs({ setup, path: file }), { code: 'FORMAT_INVALID' });
    await assert.rejects(importPairs({ setup, path: join(home, 'missing') }), { code: 'STORAGE_FAILED' });
    assert.ok((await readFile(file)).length > 0);
  });
});

async function makeRecord(): Promise<PairRecord> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const devicePublicKey = Buffer.from(publicKey.export({ type: 'pkcs1', format: 'pem' }));
  const record = await createPairRecord({ devicePublicKey, systemBuid: 'BUID' });
  return { ...record, escrowBag: Buffer.alloc(32, 7) };
}
