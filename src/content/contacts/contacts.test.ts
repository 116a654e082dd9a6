import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryBackup, databaseBytes } from '../source/memory-backup.test-helper.ts';
import { contactsItems, openContacts, type Contacts } from './open-contacts.ts';
import { readPartialDate } from './partial-date.ts';

const PLACE = 'HomeDomain:Library/AddressBook/AddressBook.sqlitedb';
const PHOTOS = 'HomeDomain:Library/AddressBook/AddressBookImages.sqlitedb';

const PEOPLE = `
CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT, Organization TEXT, Kind INTEGER, Note TEXT,
  Birthday TEXT, PersonLink INTEGER DEFAULT -1, guid TEXT, ModificationDate INTEGER);
CREATE TABLE ABPersonLink (PreferredNamePersonID INTEGER, PreferredImagePersonID INTEGER);
CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, label INTEGER, value TEXT);
CREATE TABLE ABMultiValueLabel (value TEXT);
CREATE TABLE ABMultiValueEntry (parent_id INTEGER, key INTEGER, value TEXT);
CREATE TABLE ABMultiValueEntryKey (value TEXT);
INSERT INTO ABMultiValueLabel VALUES ('_$!<Home>!$_'), ('Hütte');
INSERT INTO ABMultiValueEntryKey VALUES ('street'), ('ZIP'), ('username');
INSERT INTO ABPerson VALUES (1, 'Anna', 'Müller', NULL, 0, 'eins', '-315576000', 1, 'g1', 100);
INSERT INTO ABPerson VALUES (2, 'Anne', 'Mueller', 'Müller & Co', 0, 'zwei', NULL, 1, 'g2', 200);
INSERT INTO ABPerson VALUES (3, NULL, NULL, 'Zahnarzt', 1, NULL, NULL, -1, 'g3', 300);
INSERT INTO ABPerson VALUES (4, 'Bert', 'B', NULL, 0, NULL, NULL, -1, 'g4', 300), (5, 'Carl', 'C', NULL, 0, NULL, NULL, -1, 'g5', 300);
INSERT INTO ABPersonLink VALUES (2, 1);
INSERT INTO ABMultiValue VALUES (1, 1, 3, 1, '+49 151 2345678'), (2, 2, 3, 2, '0151/2345678'), (3, 2, 3, 9, '0049 151 2345678'),
  (4, 1, 4, NULL, 'Anna@Example.org'), (5, 2, 5, 1, NULL), (6, 2, 13, 1, NULL), (7, 3, 3, 1, '07531 555010'),
  (8, 4, 3, 1, '0711 5550001'), (9, 5, 3, 1, '0711 5550001'), (10, 99, 3, 1, '1'), (11, 1, 77, 1, 'what is this');
INSERT INTO ABMultiValueEntry VALUES (5, 1, 'Weg 1'), (5, 2, '78462'), (6, 3, 'anna');
`;

describe('an address book', () => {
  test('calls people as another program did, where they have no other name', async () => {
    const sql = `CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT, DisplayName TEXT);
      INSERT INTO ABPerson VALUES (1, NULL, NULL, 'Frau Holle'), (2, 'Anna', NULL, 'A. M.');`;
    using contacts = await openContacts(memoryBackup({ [PLACE]: databaseBytes(sql) }));
    assert.deepEqual(
      contacts?.people.map(({ name }) => name),
      ['Frau Holle', 'Anna'],
    );
  });

  test('shows linked cards as one person, by the preferred name, with what all of them say', async () => {
    using contacts = await open();
    assert.deepEqual(
      contacts.people.map(({ name, rows }) => [name, ...rows]),
      [
        ['Anne Mueller', 2, 1],
        ['Zahnarzt', 3],
        ['Bert B', 4],
        ['Carl C', 5],
      ],
    );
    const [anna] = contacts.people;
    assert.deepEqual(anna?.birthday, { year: 1991, month: 1, day: 1 });
    assert.equal(anna?.note, 'zwei\n\neins');
    assert.deepEqual(anna?.addresses, [{ label: 'Home', isBuiltIn: true, street: 'Weg 1', zip: '78462' }]);
    assert.deepEqual(anna?.instantMessages, [{ label: 'Home', isBuiltIn: true, username: 'anna' }]);
    assert.deepEqual(
      anna?.phones.map(({ value, label, problem }) => [value, label, problem]),
      [
        ['0151/2345678', 'Hütte', undefined],
        ['0049 151 2345678', null, 'unknown-label'],
      ],
    );
    assert.deepEqual(anna?.others, [{ label: 'Home', isBuiltIn: true, property: 77, value: 'what is this' }]);
    assert.equal(contacts.cards.length, 5);
    assert.equal(contacts.strayValues, 1);
    assert.ok(contacts.notAvailable.includes('nickname') && !contacts.notAvailable.includes('note'));
    assert.equal(anna?.nickname, undefined);
    assert.equal(anna?.link, 1);
  });

  test('knows people by numbers however they are written, and by addresses in any capitals', async () => {
    using contacts = await open();
    for (const text of [
      '+491512345678',
      '0151 2345678',
      '00491512345678',
      'ANNA@example.org',
      'mailto:anna@example.org',
    ]) {
      assert.equal(contacts.nameFor(text), 'Anne Mueller', text);
    }
    assert.equal(contacts.nameFor('+497531555010'), 'Zahnarzt');
    assert.equal(
      contacts.nameFor('+431512345678'),
      'Anne Mueller',
      'a number without country code may be from anywhere',
    );
    assert.equal(contacts.nameFor('07115550001'), undefined, 'two people have it');
    for (const text of ['', 'DHL', '+4915199999999', 'nobody@example.org'])
      assert.equal(contacts.nameFor(text), undefined);
  });

  test('has pictures, those of the preferred card first', async () => {
    const jpeg = Buffer.from('ffd8ffe0', 'hex');
    const pictures = databaseBytes(`
      CREATE TABLE ABFullSizeImage (record_id INTEGER, data BLOB);
      CREATE TABLE ABThumbnailImage (record_id INTEGER, format INTEGER, data BLOB);
      INSERT INTO ABFullSizeImage VALUES (1, x'ffd8ffe0'), (2, x'89504e470d0a1a0a'), (3, x'');
      INSERT INTO ABThumbnailImage VALUES (1, 0, x'ffd8ff'), (1, 5, x'ffd8ffe0'), (4, 0, x'00');`);
    using contacts = await open({ [PHOTOS]: pictures });
    const [anna, dentist, bert] = contacts.people;
    assert.ok(anna && dentist && bert);
    assert.deepEqual(contacts.photo(anna), { bytes: jpeg, mediaType: 'image/jpeg', extension: 'jpg' });
    assert.equal(contacts.thumbnail(anna)?.bytes.length, 3);
    assert.equal(contacts.photo(dentist), undefined);
    assert.equal(contacts.photo(bert)?.mediaType, 'application/octet-stream');
  });

  test('is read also where its pictures cannot be', async () => {
    using contacts = await open({ [PHOTOS]: Buffer.from('no database') });
    assert.equal(contacts.people.length, 4);
    assert.match(contacts.photoProblem ?? '', /not an SQLite database/);
  });

  test('is searched by everything in it', async () => {
    using contacts = await open();
    const [item] = contactsItems(contacts);
    assert.equal(item?.key, 'g2');
    assert.deepEqual(item?.at, new Date('2001-01-01T00:03:20Z'));
    for (const word of ['Anne Mueller', 'Anna@Example.org', 'Weg 1', '78462', 'eins'])
      assert.ok(item?.text.includes(word), word);
  });

  test('of a layout that is not known is refused, and none is none', async () => {
    const other = databaseBytes('CREATE TABLE ABPerson (Vorname TEXT)');
    await assert.rejects(openContacts(memoryBackup({ [PLACE]: other })), {
      code: 'FORMAT_INVALID',
      message: /First, Last/,
    });
    assert.equal(await openContacts(memoryBackup({})), undefined);
  });

  test('with nothing but names is enough', async () => {
    const bare = databaseBytes(`CREATE TABLE ABPerson (First TEXT, Last TEXT);
      INSERT INTO ABPerson VALUES ('大輔', '渡邉'), (NULL, NULL);`);
    using contacts = await openContacts(memoryBackup({ [PLACE]: bare }));
    assert.deepEqual(
      contacts?.people.map(({ name }) => name),
      ['渡邉大輔', 'No name'],
    );
  });
});

test('a day is read from seconds, from ISO 8601, and without a year', () => {
  assert.deepEqual(readPartialDate('-12527524800.0'), { month: 1, day: 8 });
  assert.deepEqual(readPartialDate('1990-04-01'), { year: 1990, month: 4, day: 1 });
  assert.deepEqual(readPartialDate('--04-01'), { month: 4, day: 1 });
  for (const value of [null, '', 'morgen', '1990-13-01', 1e300]) assert.equal(readPartialDate(value), undefined);
});

async function open(more: Readonly<Record<string, Uint8Array>> = {}): Promise<Contacts> {
  return (await openContacts(memoryBackup({ [PLACE]: databaseBytes(PEOPLE), ...more }))) ?? assert.fail('no contacts');
}
