import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { bytesField } from '../../formats/index.ts';
import { databaseBytes, memoryBackup } from '../source/memory-backup.test-helper.ts';
import type { Note } from './note.ts';
import { openNotes } from './open-notes.ts';

const STORE = 'AppDomainGroup-group.com.apple.notes:NoteStore.sqlite';
const LEGACY = 'HomeDomain:Library/Notes/notes.sqlite';

const OLD_NOTES = `CREATE TABLE ZNOTE (Z_PK INTEGER PRIMARY KEY, ZTITLE VARCHAR, ZBODY INTEGER, ZCREATIONDATE TIMESTAMP);
  CREATE TABLE ZNOTEBODY (Z_PK INTEGER PRIMARY KEY, ZCONTENT VARCHAR);
  INSERT INTO ZNOTE VALUES (1, 'Einkauf', 5, 300000000);
  INSERT INTO ZNOTEBODY VALUES (5, '<div>Einkauf</div><div>Brot</div>');`;

/** As iOS 9 had it: notes are put into folders by a table, and there are few columns. */
const body = gzipSync(bytesField(2, bytesField(3, bytesField(2, 'Liste\nBrot'))));
const FIRST_NOTES = `CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);
  INSERT INTO Z_PRIMARYKEY VALUES (5, 'ICAccount', 0, 1), (9, 'ICFolder', 0, 2), (11, 'ICNote', 0, 1), (12, 'ICNoteData', 0, 1);
  CREATE TABLE ZICCLOUDSYNCINGOBJECT (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZIDENTIFIER VARCHAR, ZNAME VARCHAR, ZTITLE1 VARCHAR,
    ZTITLE2 VARCHAR, ZOWNER INTEGER, ZMODIFICATIONDATE1 TIMESTAMP, ZCREATIONDATE1 TIMESTAMP, ZMARKEDFORDELETION INTEGER);
  CREATE TABLE Z_11NOTES (Z_9FOLDERS INTEGER, Z_11NOTES INTEGER);
  CREATE TABLE ZICNOTEDATA (Z_PK INTEGER PRIMARY KEY, ZNOTE INTEGER, ZDATA BLOB);
  INSERT INTO ZICCLOUDSYNCINGOBJECT VALUES (1, 5, 'LocalAccount', 'Auf dem iPhone', NULL, NULL, NULL, NULL, NULL, 0),
    (2, 9, 'DefaultFolder-LocalAccount', NULL, NULL, 'Notizen', 1, NULL, NULL, 0),
    (3, 11, 'N1', NULL, 'Liste', NULL, NULL, 470000100, 470000000, 0);
  INSERT INTO Z_11NOTES VALUES (2, 3);
  INSERT INTO ZICNOTEDATA VALUES (1, 3, x'${body.toString('hex')}');`;

async function all(files: Readonly<Record<string, Uint8Array>>): Promise<Note[]> {
  using notes = await openNotes(memoryBackup(files));
  return notes === undefined ? [] : await Array.fromAsync(notes.notes());
}

test('notes of the first store are in the folders that a table puts them into', async () => {
  const [note, ...others] = await all({ [STORE]: databaseBytes(FIRST_NOTES), [LEGACY]: Buffer.alloc(0) });
  assert.equal(others.length, 0);
  assert.deepEqual(
    [note?.key, note?.title, note?.text, note?.folder?.name, note?.account?.name, note?.createdAt?.getUTCFullYear()],
    ['N1', 'Liste', 'Liste\nBrot', 'Notizen', 'Auf dem iPhone', 2015],
  );
});

test('one of the two stores may be damaged, and the notes of the other are still there', async () => {
  const files = { [STORE]: Buffer.from('no database'), [LEGACY]: databaseBytes(OLD_NOTES) };
  const backup = memoryBackup(files);
  using notes = await openNotes(backup);
  assert.equal(notes?.count(), 1);
  assert.match(backup.damages.join(), /^NoteStore\.sqlite could not be read: /);
  const [note] = await all({ [STORE]: databaseBytes(FIRST_NOTES), [LEGACY]: Buffer.from('no database') });
  assert.equal(note?.key, 'N1');
  await assert.rejects(openNotes(memoryBackup({ [STORE]: Buffer.from('no database') })), { code: 'FORMAT_INVALID' });
});
