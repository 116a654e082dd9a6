import type { Row } from '../../database/index.ts';
import { FormatError } from '../../shared/errors.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';
import { bytesOf, cocoaDateOf, flagOf, numberOf, textOf } from '../source/row-values.ts';
import { attachmentsOf, type AttachmentSources } from './attachments/attachments.ts';
import { lockColumnsOf } from './attachments/attachment-rows.ts';
import { decodeNoteBody } from './body/body.ts';
import type { NoteDocument } from './body/document.ts';
import { readAccounts, readFolders, type NoteAccount, type NoteFolder } from './folders.ts';
import type { LockParts } from './locked/locked.ts';
import { titleOf, type Note, type NoteLock } from './note.ts';
import { byIdentifier, plainText } from './body/plain-text.ts';
import { NOTE_DATA, OBJECTS, type StoreSchema } from './store-schema.ts';

const NOTE = {
  identifier: ['ZIDENTIFIER'],
  title: ['ZTITLE', 'ZTITLE1'],
  snippet: ['ZSNIPPET'],
  created: ['ZCREATIONDATE', 'ZCREATIONDATE3', 'ZCREATIONDATE1'],
  modified: ['ZMODIFICATIONDATE', 'ZMODIFICATIONDATE1'],
  pinned: ['ZISPINNED'],
  locked: ['ZISPASSWORDPROTECTED'],
  hint: ['ZPASSWORDHINT'],
  deleted: ['ZMARKEDFORDELETION'],
  folder: ['ZFOLDER'],
  unfetched: ['ZNEEDSINITIALFETCHFROMCLOUD'],
  salt: ['ZCRYPTOSALT'],
  rounds: ['ZCRYPTOITERATIONCOUNT'],
  wrappedKey: ['ZCRYPTOWRAPPEDKEY'],
  iv: ['ZCRYPTOINITIALIZATIONVECTOR'],
  tag: ['ZCRYPTOTAG'],
  record: ['ZUNAPPLIEDENCRYPTEDRECORD', 'ZUNAPPLIEDENCRYPTEDRECORDDATA'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

/** Fields of a note that not every release records, and the attribute each comes from. */
const OPTIONAL: Readonly<Record<string, string>> = {
  createdAt: 'ZCREATIONDATE',
  isPinned: 'ZISPINNED',
};

/** NoteStore.sqlite, open for reading. */
export class StoreNotes {
  readonly accounts: ReadonlyMap<number, NoteAccount>;
  readonly folders: ReadonlyMap<number, NoteFolder>;
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase;
  readonly #schema: StoreSchema;
  readonly #sources: AttachmentSources;
  /** Up to iOS 10 a note could be in several folders. */
  readonly #foldersOfNotes: ReadonlyMap<number, number>;

  constructor(database: ContentDatabase, schema: StoreSchema, sources: AttachmentSources) {
    database.require(OBJECTS, 'Z_PK', 'ZIDENTIFIER');
    database.require(NOTE_DATA, 'ZDATA', 'ZNOTE');
    this.#database = database;
    this.#schema = schema;
    this.#sources = sources;
    this.accounts = readAccounts(database, schema);
    this.folders = readFolders(database, schema, this.accounts);
    this.#foldersOfNotes = foldersOfNotes(database);
    this.notAvailable = Object.keys(OPTIONAL).filter((name) => schema.columns(OPTIONAL[name] ?? '').length === 0);
  }

  count(): number {
    const sql = `SELECT COUNT(*) AS count FROM ${OBJECTS} n WHERE ${this.#schema.isOf('n', 'ICNote')}`;
    return Number(this.#database.get(sql)?.['count'] ?? 0);
  }

  async *notes(): AsyncGenerator<Note, undefined> {
    const columns = ['ZCRYPTOINITIALIZATIONVECTOR', 'ZCRYPTOTAG'] as const;
    const data = this.#database.select(NOTE_DATA, 'd', ['ZDATA', [columns[0], 'dataIv'], [columns[1], 'dataTag']]);
    const accounts = this.#schema.columns('ZACCOUNT', ['ZACCOUNT7', 'ZACCOUNT4', 'ZACCOUNT3', 'ZACCOUNT2']);
    const list = accounts.map((column) => `, n.${quoted(column)} AS ${quoted(column)}`).join('');
    const sql = `SELECT ${this.#schema.select('n', NOTE)}${list}, ${data}, d.Z_PK AS data
      FROM ${OBJECTS} n LEFT JOIN ${NOTE_DATA} d ON d.ZNOTE = n.Z_PK
      WHERE ${this.#schema.isOf('n', 'ICNote')} ORDER BY n.Z_PK`;
    for (const row of this.#database.rows(sql)) yield this.#note(row, accounts);
    // Texts whose notes are gone already: what is left of them when a note is deleted for good.
    const leftovers = `SELECT ${data}, d.Z_PK AS data, d.ZNOTE AS pk, 1 AS deleted
      FROM ${NOTE_DATA} d LEFT JOIN ${OBJECTS} n ON n.Z_PK = d.ZNOTE WHERE n.Z_PK IS NULL AND LENGTH(d.ZDATA) > 0`;
    for (const row of this.#database.rows(leftovers)) yield this.#note(row, accounts);
  }

  async #note(row: Row, accountColumns: readonly string[]): Promise<Note> {
    const pk = Number(row['pk']);
    const folder = this.folders.get(numberOf(row['folder']) ?? this.#foldersOfNotes.get(pk) ?? 0);
    const isLocked = flagOf(row['locked']) === true;
    const body = await this.#body(row, isLocked);
    const attachments = await attachmentsOf(this.#sources, { pk, document: body.document, isLocked });
    const text = body.document ? plainText(body.document, byIdentifier(attachments)) : '';
    return {
      key: textOf(row['identifier']) || `note-${pk || Number(row['data'])}`,
      store: 'notes',
      title: titleOf(textOf(row['title']), text),
      account: folder?.account ?? this.#schema.referenceAmong(row, accountColumns, this.accounts),
      folder,
      createdAt: cocoaDateOf(row['created']),
      modifiedAt: cocoaDateOf(row['modified']),
      isPinned: flagOf(row['pinned']),
      isDeleted: flagOf(row['deleted']) === true || folder?.isTrash === true,
      text,
      attachments,
      ...body,
    };
  }

  async #body(row: Row, isLocked: boolean): Promise<Pick<Note, 'document' | 'lock' | 'problem'>> {
    const bytes = bytesOf(row['ZDATA']) ?? undefined;
    if (!isLocked) return { lock: undefined, ...readBody(bytes, row) };
    const hint = textOf(row['hint']);
    if (!bytes?.length) {
      const lock: NoteLock = { state: 'key-missing', hint };
      return { lock, document: undefined, problem: 'not-downloaded' };
    }
    const { parts, record } = lockColumnsOf(row);
    const ivAndTag = { iv: bytesOf(row['dataIv']) ?? undefined, tag: bytesOf(row['dataTag']) ?? undefined };
    const own = given({ ...parts, ...given(ivAndTag) });
    // What iCloud sent may hold the key for bytes that are older than it, or newer: each IV is tried with each key.
    const opened = await this.#sources.password.open(bytes, [
      own,
      { ...own, ...record?.parts, ...given(ivAndTag) },
      { ...own, ...record?.parts },
    ]);
    const lock: NoteLock = { state: opened.state, hint };
    return opened.state === 'open' ? { lock, ...readBody(opened.content, row) } : { lock, document: undefined };
  }
}

const given = (parts: { [Name in keyof LockParts]?: LockParts[Name] | undefined }): Partial<LockParts> =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

function readBody(bytes: Uint8Array | undefined, row: Row): Pick<Note, 'document' | 'problem'> {
  const isHere = row['data'] !== null && numberOf(row['unfetched']) !== 1;
  if (!bytes?.length && !isHere) return { document: undefined, problem: 'not-downloaded' };
  try {
    const document: NoteDocument = decodeNoteBody(bytes ?? Buffer.alloc(0));
    return document.problem ? { document, problem: document.problem } : { document };
  } catch (error) {
    if (error instanceof FormatError) return { document: undefined, problem: 'unreadable' };
    throw error;
  }
}

/** The table between folders and notes of iOS 9 and 10; its name and columns have the numbers of both entities. */
function foldersOfNotes(database: ContentDatabase): Map<number, number> {
  const found = new Map<number, number>();
  for (const table of database.tables().filter((name) => /^Z_\d+NOTES\d*$/.test(name))) {
    const columns = [...database.columns(table)];
    const folder = columns.find((column) => /^Z_\d+FOLDERS\d*$/.test(column));
    const note = columns.find((column) => /^Z_\d+NOTES\d*$/.test(column));
    if (folder === undefined || note === undefined) continue;
    const sql = `SELECT ${quoted(note)} AS note, ${quoted(folder)} AS folder FROM ${quoted(table)}`;
    for (const row of database.rows(sql)) found.set(Number(row['note']), Number(row['folder']));
  }
  return found;
}
