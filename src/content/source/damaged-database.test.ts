import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openDatabaseBytes } from '../../database/index.ts';
import { AppError } from '../../shared/errors.ts';
import { TargetError } from '../../shared/target/backup-target.ts';
import { Backup, type BackupSource } from '../../snapshot/index.ts';
import { openMessages } from '../messages/messages.ts';
import { openPhotos } from '../photos/index.ts';
import { ContentDatabase, openContentDatabase } from './content-database.ts';
import { databaseBytes, memoryBackup, messagesDatabase } from './memory-backup.test-helper.ts';

const PLACE = { domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' };
const PAGE = 4096;
const COUNT = 1000;

/** A backup of which nothing can be read. */
const SPOILT: BackupSource = {
  read: () => Promise.reject(new TargetError('io', 'the object is damaged')),
  plainCopy: () => Promise.reject(new AppError('SNAPSHOT_CORRUPT', 'the object is damaged')),
};

/** With a page of messages in the middle overwritten. @returns how many messages are on it */
function damaged(bytes: Buffer, word: string): number {
  for (let start = 0; start < bytes.length; start += PAGE) {
    const page = bytes.subarray(start, start + PAGE);
    if (page[0] !== 0x0d || !page.includes(word)) continue;
    const lost = page.toString('latin1').match(/message \d+ /g)?.length ?? 0;
    page.fill(0x77);
    return lost;
  }
  throw new RangeError(`nothing holds ${word}`);
}

describe('a database with a damaged page', () => {
  test('is read as far as it goes, and what is lost is said', async () => {
    const bytes = messagesDatabase(COUNT, 60);
    const lost = damaged(bytes, 'message 500 ');
    assert.ok(lost > 20);
    const backup = memoryBackup({ 'HomeDomain:Library/SMS/sms.db': bytes });
    using messages = await openMessages(backup);
    const [conversation] = messages?.conversations ?? [];
    assert.ok(messages !== undefined && conversation !== undefined);
    const all = [...messages.messages(conversation)];
    assert.equal(all.length, COUNT - lost);
    assert.equal(all.at(-1)?.text?.slice(0, 13), `message ${COUNT} `);
    assert.deepEqual(backup.damages, [
      `The database Library/SMS/sms.db is damaged: rows of these tables could not be read: message (at most ${lost}).`,
    ]);
  });

  test('gives every row once when the damage is met on the way', () => {
    const bytes = messagesDatabase(COUNT, 60);
    const lost = damaged(bytes, 'message 700 ');
    using database = new ContentDatabase(PLACE, openDatabaseBytes(bytes));
    const rows = [...database.arrays('SELECT ROWID, text FROM message')].map(([id]) => Number(id));
    assert.equal(rows.length, COUNT - lost);
    assert.equal(new Set(rows).size, rows.length);
    assert.match(database.damage ?? '', /at most/);
    assert.equal(database.get('SELECT text FROM message WHERE ROWID = 700'), undefined);
    assert.equal(database.all('SELECT 1 FROM message').length, COUNT - lost);
  });

  test('is read up to where it was cut off, be it in the middle of a page', async () => {
    const whole = messagesDatabase(COUNT, 60);
    const backup = memoryBackup({ 'HomeDomain:Library/SMS/sms.db': whole.subarray(0, whole.length - 10_000) });
    using messages = await openMessages(backup);
    assert.ok((messages?.count ?? 0) > COUNT / 2);
    assert.match(backup.damages.join(), /is damaged: rows of these tables could not be read/);
  });

  test('of which there can be no copy is one that cannot be read, as one is that lies there as a file', async () => {
    const { manifest } = memoryBackup({ 'HomeDomain:Library/SMS/sms.db': messagesDatabase(COUNT, 60) });
    const parts = { manifest, info: undefined, facts: undefined, classKeys: undefined };
    const backup = new Backup({ ...parts, source: SPOILT });
    await assert.rejects(openContentDatabase(backup, [PLACE]), {
      code: 'FORMAT_INVALID',
      message: /could not be read/,
    });
  });

  test('lets a loop that ends early end', () => {
    using database = new ContentDatabase(PLACE, openDatabaseBytes(messagesDatabase(COUNT, 60)));
    for (const row of database.rows('SELECT * FROM message')) {
      assert.equal(row['guid'], 'G1');
      break;
    }
    assert.equal(database.damage, undefined);
  });
});

test('a number that JavaScript has not takes nothing away but itself', () => {
  const bytes = databaseBytes(`CREATE TABLE t (id INTEGER PRIMARY KEY, flags INTEGER);
    INSERT INTO t VALUES (1, 5), (2, 9223372036854775807), (3, 7);`);
  using database = new ContentDatabase(PLACE, openDatabaseBytes(bytes));
  const all = [
    { id: 1, flags: 5 },
    { id: 2, flags: 9_223_372_036_854_775_807n },
    { id: 3, flags: 7 },
  ];
  assert.deepEqual(
    Array.from(database.rows('SELECT * FROM t'), (row) => ({ ...row })),
    all,
  );
  assert.deepEqual(
    [...database.arrays('SELECT id, flags FROM t')],
    all.map(({ id, flags }) => [id, flags]),
  );
  assert.equal(database.get('SELECT flags FROM t WHERE id = 2')?.['flags'], 9_223_372_036_854_775_807n);
  assert.equal(database.damage, undefined);
});

test('a file without a byte is a database without tables, which is none', async () => {
  const backup = memoryBackup({ 'HomeDomain:Library/SMS/sms.db': Buffer.alloc(0) });
  assert.equal(await openContentDatabase(backup, [PLACE]), undefined);
  assert.equal(await openMessages(backup), undefined);
});

test('a list of photos with a damaged page says so', async () => {
  const bytes =
    databaseBytes(`CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZUUID VARCHAR, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
      INSERT INTO ZASSET SELECT i, 'U' || i, 'DCIM/100APPLE', 'message ' || i || ' .JPG' FROM n;`);
  const lost = damaged(bytes, 'message 250 ');
  using photos = await openPhotos(memoryBackup({ 'CameraRollDomain:Media/PhotoData/Photos.sqlite': bytes }));
  assert.equal([...(photos?.all() ?? [])].length, 500 - lost);
  assert.match(photos?.indexDamage ?? '', /Photos\.sqlite is damaged/);
});
