import { cocoaSeconds, daysBefore } from '../apple-time.ts';
import { editCoreData, makeCoreData, type CoreDataStore } from '../core-data.ts';
import { fillLegacyNotes } from './legacy-notes.ts';
import { rewrite, type Library } from '../library.ts';
import { encodeJpeg } from '../media/jpeg.ts';
import { landscape } from '../media/scene.ts';
import { encodeNoteBody, titleAndSnippet, type NotePiece } from './note-body.ts';
import { NoteWriter, NOTES_DOMAIN, type NoteContent } from './note-writer.ts';
import { NOTES_MODEL } from './notes-model.ts';
import { addShowcase } from './notes-showcase.ts';
import type { Language } from '../people.ts';
import type { Random } from '../random.ts';
import { paragraph, phrase, title } from '../texts.ts';

const PATH = 'NoteStore.sqlite';
const TRASH_FOLDER = 1;
const SMART_FOLDER = 3;

/** The notes: folders in folders, a smart one and the trash, lists, links, pictures, locked ones, an empty one, a deleted one. */
export function fillNotes(library: Library): void {
  const { disk, now, amounts } = library;
  const random = library.random('notes');
  const accountId = random.uuid();
  const bytes = makeCoreData(NOTES_MODEL, random.uuid(), (store) => {
    const account = store.add('ICAccount', 'ZICCLOUDSYNCINGOBJECT', {
      ZIDENTIFIER: accountId,
      ZNAME: 'iCloud',
      ZACCOUNTTYPE: 1,
      ZACCOUNTNAMEFORACCOUNTLISTSORTING: '1_iCloud',
      ZMARKEDFORDELETION: 0,
    });
    const standard = addFolder(store, account, { identifier: 'DefaultFolder-CloudKit', name: 'Notes' });
    const kitchen = addFolder(store, account, { identifier: random.uuid(), name: 'Küche 🍲' });
    const trash = addFolder(store, account, {
      identifier: 'TrashFolder-CloudKit',
      name: 'Recently Deleted',
      type: TRASH_FOLDER,
    });
    const nested = addFolder(store, account, { identifier: random.uuid(), name: 'Kuchen', parent: kitchen });
    addFolder(store, account, {
      identifier: random.uuid(),
      name: 'Reisen',
      type: SMART_FOLDER,
      query: '{"entity":"note","type":{"tag":"REISE"}}',
    });
    const writer = new NoteWriter({ store, library, random, account, accountId });
    for (let i = 0; i < amounts.notes; i++) {
      const isDeleted = i === 3;
      const folder = isDeleted ? trash : random.chance(0.7) ? standard : kitchen;
      addNote(writer, { folder, number: i, isDeleted });
    }
    addShowcase(writer, { standard, nested });
  });
  disk.writeFile(NOTES_DOMAIN, PATH, bytes, { modifiedAt: now });
  disk.makeDirectory(NOTES_DOMAIN, `Accounts/${accountId}/Paper`);
  fillLegacyNotes(library);
}

/** One note gets another paragraph. */
export function changeNotes(library: Library): void {
  const { now } = library;
  const random = library.random('notes');
  rewrite(library, NOTES_DOMAIN, PATH, (bytes) =>
    editCoreData(bytes, ({ database }) => {
      const rows = database
        .prepare(
          "SELECT n.Z_PK AS note, d.Z_PK AS data FROM ZICCLOUDSYNCINGOBJECT n JOIN ZICNOTEDATA d ON d.ZNOTE = n.Z_PK WHERE n.ZISPASSWORDPROTECTED = 0 AND n.ZIDENTIFIER NOT LIKE 'C0FFEE00%'",
        )
        .all();
      const { note = null, data = null } = random.pick(rows);
      const pieces = [...ordinary(random, 'en'), { text: `\n${phrase(random)}` }];
      const { title: name, snippet } = titleAndSnippet(pieces);
      database
        .prepare('UPDATE ZICNOTEDATA SET ZDATA = ?, Z_OPT = Z_OPT + 1 WHERE Z_PK = ?')
        .run(encodeNoteBody(pieces, random.bytes(16)), data);
      database
        .prepare(
          'UPDATE ZICCLOUDSYNCINGOBJECT SET ZTITLE1 = ?, ZSNIPPET = ?, ZMODIFICATIONDATE1 = ?, Z_OPT = Z_OPT + 1 WHERE Z_PK = ?',
        )
        .run(name, snippet, cocoaSeconds(now), note);
    }),
  );
}

interface NewFolder {
  readonly identifier: string;
  readonly name: string;
  readonly type?: number;
  readonly parent?: number;
  readonly query?: string;
}

function addFolder(
  store: CoreDataStore,
  account: number,
  { identifier, name, type = 0, parent, query }: NewFolder,
): number {
  return store.add('ICFolder', 'ZICCLOUDSYNCINGOBJECT', {
    ZIDENTIFIER: identifier,
    ZTITLE2: name,
    ZNESTEDTITLEFORSORTING: name,
    ZFOLDERTYPE: type,
    ZACCOUNT8: account,
    ZOWNER: account,
    ZPARENT: parent,
    ZSMARTFOLDERQUERYJSON: query,
    ZISHIDDENNOTECONTAINER: type === TRASH_FOLDER,
    ZMARKEDFORDELETION: 0,
  });
}

function addNote(writer: NoteWriter, wanted: { folder: number; number: number; isDeleted: boolean }): void {
  const { library, random } = writer;
  const { folder, number, isDeleted } = wanted;
  const made = random.moment(daysBefore(library.now, 800), library.now);
  writer.addNote({
    identifier: random.uuid(),
    folder,
    made,
    changed: random.moment(made, library.now),
    isPinned: number % 8 === 1,
    isDeleted,
    ...(number === 5 && { locking: 'columns' }),
    write: (note) => {
      if (number === 8) return [];
      const pieces = number % 3 === 1 ? list(random) : ordinary(random, random.pick(['en', 'de', 'ja', 'fr']));
      if (number % 5 === 2) pieces.push({ text: '\n' }, picture(note, random), { text: '\n' });
      return pieces;
    },
  });
}

function ordinary(random: Random, language: Language): NotePiece[] {
  return [
    { text: `${title(random)}\n`, style: 'title' },
    { text: paragraph(random, random.between(1, 4), language) },
    { text: ' wichtig', weight: 'bold' },
    { text: ' nachsehen', link: 'https://example.org/notes?q=1&r=2' },
    { text: ' vorbei\n', isStruck: true },
    { text: phrase(random, language), weight: 'italic', isUnderlined: true },
  ];
}

function list(random: Random): NotePiece[] {
  const items = Array.from({ length: random.between(3, 9) }, (_, i): NotePiece => ({
    text: `${random.pick(['Milch', 'Brot', 'Äpfel 🍏', 'Kaffee', '牛乳', 'crème fraîche'])} ${i + 1}\n`,
    style: random.chance(0.4) ? 'done' : 'todo',
  }));
  return [
    { text: `Einkauf ${random.between(1, 50)}\n`, style: 'title' },
    ...items,
    { text: 'zuerst\n', style: 'numbered' },
    { text: 'darunter\n', style: 'dotted', indent: 1 },
    { text: 'let x = 1\n', style: 'monospaced' },
  ];
}

/** A picture within a note. Since iOS 17 the path of its file has a generation in it. */
function picture(note: NoteContent, random: Random): NotePiece {
  const bytes = encodeJpeg({ widthPx: 480, heightPx: 320, scene: landscape(random), random, grain: 2 });
  return note.attach({
    uti: 'public.jpeg',
    title: 'Foto.jpeg',
    file: { name: 'Foto.jpeg', bytes },
    more: { ZSIZEWIDTH: 480, ZSIZEHEIGHT: 320 },
  });
}
