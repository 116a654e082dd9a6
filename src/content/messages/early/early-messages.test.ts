import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openMemoryDatabase, type Database } from '../../../database/index.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { ContentDatabase } from '../../source/content-database.ts';
import { archived } from '../messages.test-helper.ts';
import { EarlyMessages } from './early-messages.ts';

const SMS = `
CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT, date INTEGER, text TEXT, flags INTEGER,
  group_id INTEGER, subject TEXT, read INTEGER);
CREATE TABLE group_member (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER, address TEXT);
CREATE TABLE msg_pieces (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, message_id INTEGER, data BLOB, part_id INTEGER,
  content_type TEXT, content_loc TEXT);
INSERT INTO group_member (group_id, address) VALUES (1, '+49 151 1'), (2, '+49151 1'), (2, '+491522');`;
const MADRID = `
ALTER TABLE message ADD COLUMN is_madrid INTEGER;
ALTER TABLE message ADD COLUMN madrid_handle TEXT;
ALTER TABLE message ADD COLUMN madrid_guid TEXT;
ALTER TABLE message ADD COLUMN madrid_flags INTEGER;
ALTER TABLE message ADD COLUMN madrid_roomname TEXT;
ALTER TABLE message ADD COLUMN madrid_attributedBody BLOB;
ALTER TABLE message ADD COLUMN madrid_date_read INTEGER;
CREATE TABLE madrid_attachment (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, attachment_guid TEXT, filename TEXT, mime_type TEXT, message_id INTEGER);`;

const PART: ManifestEntry = {
  fileId: '0'.repeat(40),
  domain: 'MediaDomain',
  relativePath: 'Library/SMS/Parts/02/02/2-1.jpg',
  kind: 'file',
  details: notNeeded,
  outline: notNeeded,
};

function notNeeded(): never {
  throw new TypeError('not needed here');
}

function open(database: Database): EarlyMessages {
  const manifest = { entries: () => [PART][Symbol.iterator]() } as unknown as { entries(): Generator<ManifestEntry> };
  const backup = { find: () => undefined, manifest } as unknown as ConstructorParameters<typeof EarlyMessages>[1];
  const place = { domain: 'HomeDomain', relativePath: 'Library/SMS/sms.db' };
  return new EarlyMessages(new ContentDatabase(place, database), backup, undefined);
}

describe('messages before iOS 6', () => {
  test('are texts to and from people and groups, with what an MMS brought', () => {
    using database = openMemoryDatabase();
    database.exec(SMS);
    database.exec(`INSERT INTO message (address, date, text, flags, group_id, read) VALUES
      ('+49 151 1', 1300000000, 'Hallo', 2, 1, 1), ('+49 151 1', 1300000060, NULL, 3, 1, 1),
      ('+491522', 1300000120, 'an alle', 2, 2, 0), ('+49 151 1', 1300000180, 'weg', 129, 1, 1), ('+49 151 1', 1300000240, 'nein', 33, 1, 1);
      INSERT INTO msg_pieces (message_id, data, part_id, content_type, content_loc) VALUES
      (2, CAST('Grüße' AS BLOB), 0, 'text/plain', 'text.txt'), (2, 'aus Bonn', 0, 'text/plain', 'more.txt'), (2, NULL, 1, 'image/jpeg', 'IMG_1.jpg'), (2, NULL, 2, 'image/jpeg', 'IMG_2.jpg')`);
    const messages = open(database);
    assert.deepEqual(
      messages.conversations.map(({ title, isGroup, messageCount }) => [title, isGroup, messageCount]),
      [
        ['+49 151 1', false, 3],
        ['+49151 1, +491522', true, 1],
      ],
    );
    const [first] = messages.conversations;
    assert.ok(first !== undefined);
    const all = [...messages.messages(first)];
    assert.deepEqual(
      all.map(({ text, isFromMe, sentAt }) => [text, isFromMe, sentAt?.toISOString()]),
      [
        ['Hallo', false, '2011-03-13T07:06:40.000Z'],
        ['Grüße\naus Bonn', true, '2011-03-13T07:07:40.000Z'],
        ['nein', true, '2011-03-13T07:10:40.000Z'],
      ],
    );
    assert.deepEqual(
      all[1]?.attachments.map(({ name, state }) => [name, state]),
      [
        ['IMG_1.jpg', 'in-backup'],
        ['IMG_2.jpg', 'not-downloaded'],
      ],
    );
    assert.equal(all[2]?.sendError, 33);
    assert.equal([...messages.messages(first, { from: new Date('2011-03-13T07:08:00Z') })].length, 1);
  });

  test('are iMessages since iOS 5, of the same person as the texts', () => {
    using database = openMemoryDatabase();
    database.exec(SMS + MADRID);
    const add = database.prepare(
      `INSERT INTO message (address, date, text, flags, group_id, is_madrid, madrid_handle, madrid_guid, madrid_flags,
       madrid_roomname, madrid_attributedBody, madrid_date_read) VALUES (NULL, ?, NULL, 0, 0, 1, ?, ?, ?, ?, ?, ?)`,
    );
    add.run(340_000_000, '+49 151 1', 'G1', 36_869, null, archived('von mir'), 340_000_100);
    add.run(340_000_060, '+491511', 'G2', 12_289, null, archived('von dir'), 0);
    add.run(340_000_120, 'a@x', 'G3', 12_289, 'room', archived('im Raum'), 0);
    database.exec(
      "INSERT INTO message (address, date, text, flags, group_id) VALUES ('+491511', 1300000000, 'SMS', 2, 1)",
    );
    const messages = open(database);
    assert.deepEqual(
      messages.conversations.map((each) => [
        each.isGroup,
        [...messages.messages(each)].map(({ guid, text, isFromMe }) => [guid, text, isFromMe]),
      ]),
      [
        [true, [['G3', 'im Raum', false]]],
        [
          false,
          [
            ['SMS-4-1300000000', 'SMS', false],
            ['G1', 'von mir', true],
            ['G2', 'von dir', false],
          ],
        ],
      ],
    );
  });
});
