import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import { callsItems, namesOfCall, openCalls, type Calls } from './open-calls.ts';

const PLACE = 'HomeDomain:Library/CallHistoryDB/CallHistory.storedata';
const OLD_PLACE = 'WirelessDomain:Library/CallHistory/call_history.db';

const RECORDS = `
CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZORIGINATED INTEGER, ZANSWERED INTEGER, ZCALLTYPE INTEGER,
  ZDATE TIMESTAMP, ZDURATION FLOAT, ZADDRESS BLOB, ZNAME VARCHAR, ZLOCATION VARCHAR, ZUNIQUE_ID VARCHAR, ZFILTERED_OUT_REASON INTEGER);
CREATE TABLE ZHANDLE (Z_PK INTEGER PRIMARY KEY, ZVALUE VARCHAR, ZNORMALIZEDVALUE VARCHAR);
CREATE TABLE Z_7REMOTEPARTICIPANTHANDLES (Z_7REMOTEPARTICIPANTCALLS INTEGER, Z_9REMOTEPARTICIPANTHANDLES INTEGER);
INSERT INTO ZCALLRECORD VALUES
  (1, 0, 1, 1, 100.5, 61.25, x'2b3439313531', NULL, '<<RecentsNumberLocationNotFound>>', 'u1', 0),
  (2, 0, 0, 1, 200, 0, '+4915550000', 'Firma', 'Konstanz', 'u2', 0),
  (3, 1, 0, 8, 300, 12, NULL, NULL, NULL, 'u3', 0),
  (4, 1, 0, 16, 400, 0, 'anna@example.org', NULL, NULL, 'u4', 0),
  (5, 0, 0, 0, 500, 0, NULL, NULL, NULL, 'u5', 2),
  (6, 0, 0, 99, NULL, 0, '1', NULL, NULL, NULL, 0);
INSERT INTO ZHANDLE VALUES (1, '0151 1', '+49 151 1'), (2, 'bert@example.org', NULL);
INSERT INTO Z_7REMOTEPARTICIPANTHANDLES VALUES (3, 1), (3, 2), (4, 77);
`;

const OLD = `
CREATE TABLE call (ROWID INTEGER PRIMARY KEY, address TEXT, date INTEGER, duration INTEGER, flags INTEGER, name TEXT, answered INTEGER DEFAULT 1);
INSERT INTO call VALUES (1, '+491', 1300000000, 30, 4, 'Anna', 1), (2, '+492', 1300000100, 0, 4, NULL, 1),
  (3, '+493', 1300000200, 0, 5, NULL, 1), (4, 'a@b.c', 1300000300, 90, 17, NULL, 1), (5, '+4915550000', 978307400, 0, 4, NULL, 1);
`;

describe('the list of calls', () => {
  test('has what waits to be put into it, once and where it belongs', async () => {
    const waiting = `CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZORIGINATED INTEGER, ZDATE TIMESTAMP, ZUNIQUE_ID VARCHAR);
      INSERT INTO ZCALLRECORD VALUES (1, 0, 200, 'u2'), (2, 0, 250, 'u9'), (6, 0, 900, NULL);`;
    const place = 'HomeDomain:Library/CallHistoryDB/CallHistoryTemp.storedata';
    using calls = await open({ [PLACE]: databaseBytes(RECORDS), [place]: databaseBytes(waiting) });
    assert.deepEqual(
      Array.from(calls.all(), ({ key }) => key),
      ['row 6', 'u1', 'u2', 'u9', 'u3', 'u4', 'u5', 'row 6'],
    );
    using alone = await open({ [place]: databaseBytes(waiting) });
    assert.equal([...alone.all()].length, 3);
  });

  test('tells who called whom, how, and what became of it', async () => {
    using calls = await open({ [PLACE]: databaseBytes(RECORDS) });
    const all = [...calls.all()];
    assert.deepEqual(
      all.map(({ key, direction, outcome, medium, problem }) => [key, direction, outcome, medium, problem]),
      [
        ['row 6', 'incoming', 'missed', 'unknown', 'bad-date'],
        ['u1', 'incoming', 'answered', 'phone', undefined],
        ['u2', 'incoming', 'missed', 'phone', undefined],
        ['u3', 'outgoing', 'connected', 'facetime-video', undefined],
        ['u4', 'outgoing', 'not-reached', 'facetime-audio', 'unknown-participant'],
        ['u5', 'incoming', 'blocked', 'app', undefined],
      ],
    );
    const [, first, second, group, fourth, withheld] = all;
    assert.deepEqual(first?.at, new Date('2001-01-01T00:01:40.500Z'));
    assert.equal(first?.durationSeconds, 61.25);
    assert.equal(first?.location, null);
    assert.deepEqual(first?.participants, [{ address: '+49151' }], 'kept as bytes before iOS 13');
    assert.equal(second?.location, 'Konstanz');
    assert.deepEqual(group?.participants, [
      { address: '0151 1', normalized: '+49 151 1' },
      { address: 'bert@example.org' },
    ]);
    assert.deepEqual(fourth?.participants, [{ address: 'anna@example.org' }]);
    assert.deepEqual(withheld?.participants, []);
    assert.equal(first?.isRead, undefined);
    assert.ok(calls.notAvailable.includes('isRead') && !calls.notAvailable.includes('durationSeconds'));
    assert.deepEqual(all.map((call) => namesOfCall(call, undefined)).slice(2), [
      ['Firma'],
      ['0151 1', 'bert@example.org'],
      ['anna@example.org'],
      ['Unknown number'],
    ]);
  });

  test('of old phones has flags for it', async () => {
    using calls = await open({ [OLD_PLACE]: databaseBytes(OLD) });
    assert.deepEqual(
      [...calls.all()]
        .slice(1)
        .map(({ direction, outcome, medium, at }) => [direction, outcome, medium, at?.toISOString()]),
      [
        ['incoming', 'answered', 'phone', '2011-03-13T07:06:40.000Z'],
        ['incoming', 'missed', 'phone', '2011-03-13T07:08:20.000Z'],
        ['outgoing', 'not-reached', 'phone', '2011-03-13T07:10:00.000Z'],
        ['outgoing', 'connected', 'facetime-video', '2011-03-13T07:11:40.000Z'],
      ],
    );
  });

  test('holds a call once that is in the old list and in the new one', async () => {
    using calls = await open({ [PLACE]: databaseBytes(RECORDS), [OLD_PLACE]: databaseBytes(OLD) });
    const all = [...calls.all()];
    assert.equal(all.length, 4 + 6);
    assert.equal(all.filter(({ participants }) => participants[0]?.address === '+4915550000').length, 1);
  });

  test('is searched by names, numbers and places', async () => {
    using calls = await open({ [PLACE]: databaseBytes(RECORDS) });
    const item = [...callsItems(calls)].find(({ key }) => key === 'u2');
    assert.deepEqual(item?.text.split('\n'), ['Firma', '+4915550000', 'Firma', 'Konstanz']);
  });

  test('of an unknown layout is refused', async () => {
    const files = { [PLACE]: databaseBytes('CREATE TABLE ZCALL (x)') };
    await assert.rejects(open(files), { code: 'FORMAT_INVALID', message: /ZCALLRECORD/ });
  });

  test('that cannot be read does not hide the other', async () => {
    const backup = memoryBackup({ [PLACE]: databaseBytes(RECORDS), [OLD_PLACE]: Buffer.from('no database') });
    using calls = await openCalls(backup);
    assert.equal([...(calls?.all() ?? [])].length, 6);
    assert.match(backup.damages.join(' '), /^One list of calls could not be read: .+\.$/);
  });
});

async function open(files: Readonly<Record<string, Uint8Array>>): Promise<Calls> {
  return (await openCalls(memoryBackup(files))) ?? assert.fail('no calls');
}
