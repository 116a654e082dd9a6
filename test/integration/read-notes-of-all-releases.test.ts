import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openNotes, type Notes } from '../../src/content/index.ts';
import { openMemoryDatabase, type Database, type SqlValue } from '../../src/database/index.ts';
import { folderSource, openBackup, type Backup } from '../../src/snapshot/index.ts';
import { encodeNoteBody, OBJECT_MARK } from '../../src/virtual-iphone/library/notes/note-body.ts';
import { writePlainBackup } from '../support/plain-backup.ts';

const DOMAIN = 'AppDomainGroup-group.com.apple.notes';
let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
});

after(() => rm(directory, { recursive: true, force: true }));

const DATA = join(import.meta.dirname, '../../../shared/data');

describe('databases of real devices', () => {
  if (!existsSync(DATA)) return;

  test('of iOS 15: what is open is read, what is locked is named with its hint', async () => {
    using backup = await backupWith(join(DATA, 'plaso/NoteStore.sqlite'));
    using notes = await opened(backup);
    const all = await Array.fromAsync(notes.notes());
    assert.deepEqual(
      all.map(({ title, lock, isDeleted, folder }) => [title, lock?.state, isDeleted, folder?.name]),
      [
        ['My Secret Note', 'no-password', false, 'Notes'],
        ['iOS 14 Locked Note', 'no-password', false, 'Notes'],
        ['My Super Secret Note', 'no-password', false, 'My New Folder'],
        ['My First Note', undefined, false, 'Notes'],
        ['iOS 14 Note', undefined, false, 'Notes'],
        ['iOS 15 Note', undefined, false, 'Notes'],
        ['Untitled note', undefined, true, 'Notes'],
        ['Secure iOS 15 Note', 'no-password', false, 'Notes'],
      ],
    );
    assert.equal(all[0]?.lock?.hint, 'Who’s Password?');
    assert.equal(all[5]?.text.trim(), 'iOS 15 Note\n\nHere is the test iOS 15 note.');
    assert.equal(all[5]?.account?.name, 'iCloud');
  });

  test('in the shape of iOS 18: one bad body, date or lock does not keep the others from being read', async () => {
    using backup = await backupWith(join(DATA, 'novkostya/notes/testdata/notes.1.NoteStore.sqlite'));
    using notes = await opened(backup, 'any');
    const all = await Array.fromAsync(notes.notes());
    assert.deepEqual(
      all.map(({ title, text, problem, lock, createdAt }) => [
        title,
        text,
        problem ?? lock?.state,
        createdAt?.toISOString().slice(0, 10),
      ]),
      [
        ['Shopping', 'Shopping list\nmilk\neggs\nbread', undefined, '2023-03-08'],
        ['Locked', '', 'key-missing', '2023-03-11'],
        ['Empty', '', undefined, '2023-03-12'],
        ['Corrupt body', '', 'unreadable', '2023-03-13'],
        ['Trash note', 'Remember to call the bank', undefined, '2023-03-14'],
        ['Corrupt date', 'unreached', undefined, undefined],
      ],
    );
    assert.deepEqual(
      all[0]?.attachments.map(({ kind, title, file }) => [kind, title, file?.state]),
      [
        ['image', null, 'not-in-backup'],
        ['table', 'Budget table', undefined],
      ],
    );
  });

  for (const [version, entities, columns] of [
    [
      '9.3.5',
      { ICAccount: 11, ICFolder: 12, ICNote: 9, ICAttachment: 4 },
      { made: 'ZCREATIONDATE', graph: 'ZMERGEABLEDATA' },
    ],
    [
      '10.3.3',
      { ICAccount: 10, ICFolder: 11, ICNote: 8, ICAttachment: 3 },
      { made: 'ZCREATIONDATE1', graph: 'ZMERGEABLEDATA' },
    ],
    [
      '11.2',
      { ICAccount: 11, ICFolder: 12, ICNote: 9, ICAttachment: 4 },
      { made: 'ZCREATIONDATE1', graph: 'ZMERGEABLEDATA' },
    ],
  ] as const) {
    test(`of iOS ${version}: columns are found by what they hold`, async () => {
      const table = join(DATA, 'apple-notes/table_gzipped.bin');
      const content = fromSchema(join(DATA, `schemas/schemas/notes/notes_${version}.sql`), (database) => {
        for (const [name, number] of Object.entries(entities)) {
          database.prepare('INSERT INTO Z_PRIMARYKEY (Z_ENT, Z_NAME) VALUES (?, ?)').run(number, name);
        }
        const add = (values: Record<string, SqlValue>): void => insert(database, 'ZICCLOUDSYNCINGOBJECT', values);
        add({ Z_PK: 1, Z_ENT: entities.ICAccount, ZIDENTIFIER: 'A', ZNAME: 'iCloud' });
        add({ Z_PK: 2, Z_ENT: entities.ICFolder, ZIDENTIFIER: 'F', ZTITLE2: 'Reisen', ZOWNER: 1 });
        add({
          Z_PK: 3,
          Z_ENT: entities.ICNote,
          ZIDENTIFIER: 'N',
          ZTITLE1: 'Alt',
          [columns.made]: 5e8,
          ZMODIFICATIONDATE1: 6e8,
        });
        add({
          Z_PK: 4,
          Z_ENT: entities.ICAttachment,
          ZIDENTIFIER: 'T',
          ZTYPEUTI: 'com.apple.notes.table',
          ZNOTE: 3,
          [columns.graph]: readFileSync(table),
        });
        insert(database, 'ZICNOTEDATA', {
          Z_PK: 1,
          ZNOTE: 3,
          ZDATA: encodeNoteBody(
            [{ text: 'Alt\n' }, { text: OBJECT_MARK, attachment: { identifier: 'T', uti: 'x' } }],
            Buffer.alloc(16),
          ),
        });
        insert(database, 'ZICNOTEDATA', {
          Z_PK: 2,
          ZNOTE: 99,
          ZDATA: encodeNoteBody([{ text: 'Rest' }], Buffer.alloc(16)),
        });
        if (
          database
            .prepare('PRAGMA table_info(ZICCLOUDSYNCINGOBJECT)')
            .all()
            .some(({ name }) => name === 'ZFOLDER')
        ) {
          database.exec('UPDATE ZICCLOUDSYNCINGOBJECT SET ZFOLDER = 2 WHERE Z_PK = 3');
        } else {
          const join12 = `Z_${entities.ICFolder}NOTES`;
          insert(database, join12, { [`Z_${entities.ICFolder}FOLDERS`]: 2, [`Z_${entities.ICNote}NOTES`]: 3 });
        }
      });
      using backup = await backupHolding(DOMAIN, 'NoteStore.sqlite', content);
      using notes = await opened(backup);
      const [note, leftover] = await Array.fromAsync(notes.notes());
      assert.deepEqual([leftover?.text, leftover?.isDeleted], ['Rest', true], 'what is left of a note that is gone');
      assert.deepEqual(
        [note?.title, note?.account?.name, note?.folder?.path, note?.createdAt, note?.modifiedAt],
        ['Alt', 'iCloud', ['Reisen'], new Date('2016-11-05T00:53:20Z'), new Date('2020-01-06T10:40:00Z')],
      );
      assert.match(note?.text ?? '', /^Alt\nRow 1 Column 1\tRow 1 Column 2\n/);
    });
  }

  for (const version of ['6.1.6', '9.3.5', '10.3.3', '11.2']) {
    test(`of iOS ${version} before iCloud: notes are HTML`, async () => {
      const content = fromSchema(join(DATA, `schemas/schemas/oldnotes/notes_${version}.sql`), (database) => {
        insert(database, 'ZSTORE', { Z_PK: 1, ZNAME: 'LOCAL_STORE' });
        insert(database, 'ZNOTEBODY', {
          Z_PK: 7,
          ZOWNER: 2,
          ZCONTENT: 'Eins<div>Zwei</div><img src="cid:b"><img src="cid:c">',
        });
        insert(database, 'ZNOTE', {
          Z_PK: 2,
          ZBODY: 7,
          ZSTORE: 1,
          ZTITLE: 'Eins',
          ZCREATIONDATE: 3e8,
          ZMODIFICATIONDATE: 3e8,
        });
      });
      using backup = await backupHolding('HomeDomain', 'Library/Notes/notes.sqlite', content);
      using notes = await opened(backup);
      const [note] = await Array.fromAsync(notes.notes());
      assert.deepEqual(
        [note?.title, note?.text, note?.folder?.name, note?.store],
        ['Eins', 'Eins\nZwei\n', 'Notes', 'legacy'],
      );
    });
  }
});

function fromSchema(path: string, fill: (database: Database) => void): Buffer {
  using database = openMemoryDatabase();
  database.exec(readFileSync(path, 'utf8'));
  fill(database);
  return database.serialize();
}

function insert(database: Database, table: string, values: Record<string, SqlValue>): void {
  const names = Object.keys(values);
  const marks = names.map(() => '?').join(', ');
  database.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`).run(...Object.values(values));
}

const backupWith = (path: string): Promise<Backup> => backupHolding(DOMAIN, 'NoteStore.sqlite', readFileSync(path));

async function backupHolding(domain: string, path: string, content: Uint8Array): Promise<Backup> {
  const dir = await mkdtemp(join(directory, 'real-'));
  await writePlainBackup(dir, [{ domain, path, content }]);
  return openBackup(folderSource(dir));
}

async function opened(backup: Backup, password?: string): Promise<Notes> {
  const notes = await openNotes(backup, { password });
  assert.ok(notes !== undefined);
  return notes;
}
