import { cocoaSeconds, daysBefore } from './apple-time.ts';
import { editCoreData, makeCoreData, type CoreDataStore } from './core-data.ts';
import { rewrite, type Library } from './library.ts';
import { encodeJpeg } from './media/jpeg.ts';
import { landscape } from './media/scene.ts';
import { encodeNoteBody, OBJECT_MARK, titleAndSnippet, type NotePiece } from './note-body.ts';
import { NOTES_MODEL } from './notes-model.ts';
import type { Language } from './people.ts';
import type { Random } from './random.ts';
import { paragraph, phrase, title } from './texts.ts';

const DOMAIN = 'AppDomainGroup-group.com.apple.notes';
const PATH = 'NoteStore.sqlite';
const DEFAULT_FOLDER = 1;
const TRASH_FOLDER = 1;

/** The notes: two folders and the trash, lists, links, pictures, one locked, one empty, one deleted. */
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
    const folders = [
      addFolder(store, account, 'DefaultFolder-CloudKit', 'Notes', 0),
      addFolder(store, account, random.uuid(), 'Küche 🍲', 0),
      addFolder(store, account, 'TrashFolder-CloudKit', 'Recently Deleted', TRASH_FOLDER),
    ];
    for (let i = 0; i < amounts.notes; i++) {
      const isDeleted = i === 3;
      const folder = isDeleted ? folders[2] : folders[random.chance(0.7) ? 0 : 1];
      addNote(store, library, random, { account, accountId, folder: folder ?? DEFAULT_FOLDER, number: i, isDeleted });
    }
  });
  disk.writeFile(DOMAIN, PATH, bytes, { modifiedAt: now });
  disk.makeDirectory(DOMAIN, `Accounts/${accountId}/Previews`);
  disk.makeDirectory(DOMAIN, `Accounts/${accountId}/FallbackPDFs`);
}

/** One note gets another paragraph. */
export function changeNotes(library: Library): void {
  const { now } = library;
  const random = library.random('notes');
  rewrite(library, DOMAIN, PATH, (bytes) =>
    editCoreData(bytes, ({ database }) => {
      const rows = database
        .prepare(
          'SELECT n.Z_PK AS note, d.Z_PK AS data FROM ZICCLOUDSYNCINGOBJECT n JOIN ZICNOTEDATA d ON d.ZNOTE = n.Z_PK WHERE n.ZISPASSWORDPROTECTED = 0',
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

function addFolder(store: CoreDataStore, account: number, identifier: string, name: string, type: number): number {
  return store.add('ICFolder', 'ZICCLOUDSYNCINGOBJECT', {
    ZIDENTIFIER: identifier,
    ZTITLE2: name,
    ZNESTEDTITLEFORSORTING: name,
    ZFOLDERTYPE: type,
    ZACCOUNT8: account,
    ZOWNER: account,
    ZMARKEDFORDELETION: 0,
  });
}

interface NewNote {
  readonly account: number;
  readonly accountId: string;
  readonly folder: number;
  readonly number: number;
  readonly isDeleted: boolean;
}

function addNote(store: CoreDataStore, library: Library, random: Random, wanted: NewNote): void {
  const { account, folder, number, isDeleted } = wanted;
  const made = random.moment(daysBefore(library.now, 800), library.now);
  const changed = random.moment(made, library.now);
  const isLocked = number === 5;
  const note = store.add('ICNote', 'ZICCLOUDSYNCINGOBJECT', {
    ZIDENTIFIER: random.uuid(),
    ZFOLDER: folder,
    ZACCOUNT7: account,
    ZCREATIONDATE3: cocoaSeconds(made),
    ZMODIFICATIONDATE1: cocoaSeconds(changed),
    ZISPINNED: number % 8 === 1,
    ZISPASSWORDPROTECTED: isLocked,
    ZPASSWORDHINT: isLocked ? 'die Katze' : null,
    ZCRYPTOITERATIONCOUNT: isLocked ? 20_000 : 0,
    ZCRYPTOSALT: isLocked ? random.bytes(16) : null,
    ZCRYPTOWRAPPEDKEY: isLocked ? random.bytes(24) : null,
    ZMARKEDFORDELETION: isDeleted,
  });
  const pieces =
    number === 8 ? [] : number % 3 === 1 ? list(random) : ordinary(random, random.pick(['en', 'de', 'ja', 'fr']));
  if (number % 5 === 2) pieces.push(...addPicture(store, library, random, { ...wanted, note, made }));
  const { title: name, snippet } = titleAndSnippet(pieces);
  const data = store.add('ICNoteData', 'ZICNOTEDATA', {
    ZNOTE: note,
    ZDATA: isLocked ? random.bytes(320) : encodeNoteBody(pieces, random.bytes(16)),
    ZCRYPTOINITIALIZATIONVECTOR: isLocked ? random.bytes(16) : null,
    ZCRYPTOTAG: isLocked ? random.bytes(16) : null,
  });
  store.database
    .prepare(
      'UPDATE ZICCLOUDSYNCINGOBJECT SET ZNOTEDATA = ?, ZTITLE1 = ?, ZSNIPPET = ?, ZHASCHECKLIST = ? WHERE Z_PK = ?',
    )
    .run(data, name, snippet, pieces.some(({ style }) => style === 'todo') ? 1 : 0, note);
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

/** A picture within a note: the attachment, its media and the file. Since iOS 17 the path has a generation in it. */
function addPicture(
  store: CoreDataStore,
  library: Library,
  random: Random,
  { account, accountId, note, made }: NewNote & { readonly note: number; readonly made: Date },
): NotePiece[] {
  const identifier = random.uuid();
  const mediaId = random.uuid();
  const generation = `1_${random.uuid()}`;
  const bytes = encodeJpeg({ widthPx: 480, heightPx: 320, scene: landscape(random), random, grain: 2 });
  const fileName = 'Foto.jpeg';
  const dates = { ZCREATIONDATE: cocoaSeconds(made), ZMODIFICATIONDATE: cocoaSeconds(made) };
  const media = store.add('ICMedia', 'ZICCLOUDSYNCINGOBJECT', {
    ZIDENTIFIER: mediaId,
    ZFILENAME: fileName,
    ZGENERATION1: generation,
    ZACCOUNT6: account,
    ZNOTE: note,
  });
  const attachment = store.add('ICAttachment', 'ZICCLOUDSYNCINGOBJECT', {
    ZIDENTIFIER: identifier,
    ZTYPEUTI: 'public.jpeg',
    ZTITLE: fileName,
    ZFILESIZE: bytes.length,
    ZNOTE: note,
    ZMEDIA: media,
    ZACCOUNT1: account,
    ZSIZEWIDTH: 480,
    ZSIZEHEIGHT: 320,
    ...dates,
  });
  store.database.prepare('UPDATE ZICCLOUDSYNCINGOBJECT SET ZATTACHMENT1 = ? WHERE Z_PK = ?').run(attachment, media);
  const path = `Accounts/${accountId}/Media/${mediaId}/${generation}/${fileName}`;
  library.disk.writeFile(DOMAIN, path, bytes, { modifiedAt: made });
  return [{ text: '\n' }, { text: OBJECT_MARK, attachment: { identifier, uti: 'public.jpeg' } }, { text: '\n' }];
}
