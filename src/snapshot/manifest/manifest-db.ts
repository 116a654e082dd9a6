import { FormatError, isAppError } from '../../shared/errors.ts';
import type { Database, SqlValue, Statement } from '../../database/index.ts';
import { fileIdOf, isFileId } from './file-id.ts';
import { BATCH_ROWS, BatchReader, BEFORE_ALL_ROWS } from './listing-batch.ts';
import {
  kindOfMode,
  type EntriesOptions,
  type Manifest,
  type ManifestEntry,
  type ManifestProblem,
} from './manifest.ts';
import { ENTRY_FLAGS, type EntryKind } from './manifest-writer.ts';
import { decodeMbFile, type MbFile } from '../mb-file/mb-file.ts';
import { outlineOf } from '../mb-file/mb-file-outline.ts';
import { passwordNeeded } from '../password-needed.ts';
import { isScrambled, unscramble, type ScrambledManifest } from './scrambled-entries.ts';

const COLUMNS = 'rowid, fileID, domain, relativePath, flags, file';
const ROWS = { arrays: true, bigints: true } as const;

/**
 * Manifest.db, decrypted where that was needed. SQLite's types belong to values, not to columns: a hostile or odd
 * file holds anything anywhere, so every value is looked at. Integers come as bigints, which hold them all.
 */
export class DatabaseManifest implements Manifest, ScrambledManifest {
  readonly format = 'db';
  readonly #database: Database;
  /** The table of files, with flags, whether it has them or not. */
  readonly #files: string;
  readonly #rowsAtMost: number;
  readonly #byId: Statement<SqlValue[]>;
  readonly #byPath: Statement<SqlValue[]>;
  /** Of the first releases of iOS 10, once `useEntryKey` has brought it. */
  #entryKey: Uint8Array | undefined;

  /** Takes over the database. @throws {FormatError} when it has no table of files. */
  constructor(database: Database) {
    this.#database = database;
    // A view could be made to have rows without end.
    const files = database.prepare("SELECT type FROM pragma_table_list WHERE schema = 'main' AND name = 'Files'").get();
    if (files?.['type'] !== 'table') throw new FormatError('Manifest.db has no table of files');
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count'] ?? 0);
    const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size'] ?? 0);
    this.#rowsAtMost = Math.ceil((pages * pageBytes) / MIN_ROW_BYTES);
    this.#files = filesWithFlags(database);
    this.#byId = database.prepare(`SELECT ${COLUMNS} FROM ${this.#files} WHERE fileID = ?`, ROWS);
    this.#byPath = database.prepare(
      `SELECT ${COLUMNS} FROM ${this.#files} WHERE domain = ? AND relativePath = ?`,
      ROWS,
    );
  }

  get entrySalt(): Uint8Array | undefined {
    const table = this.#database.prepare(
      "SELECT type FROM pragma_table_list WHERE schema = 'main' AND name = 'Properties'",
    );
    if (table.get()?.['type'] !== 'table') return undefined;
    const value = this.#database.prepare("SELECT value FROM Properties WHERE key = 'salt'").get()?.['value'];
    return typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : undefined;
  }

  useEntryKey(key: Uint8Array): void {
    this.#entryKey = key;
  }

  *entries({ domain, onProblem }: EntriesOptions = {}): Generator<ManifestEntry, undefined> {
    const where = domain === undefined ? '' : 'WHERE domain = ?';
    const rows = this.#database.prepare(`SELECT ${COLUMNS} FROM ${this.#files} ${where}`, ROWS);
    yield* this.#entriesOf(rows.iterate(...(domain === undefined ? [] : [domain])), onProblem);
  }

  *listing({ domain, onProblem }: EntriesOptions = {}): Generator<ManifestEntry, undefined> {
    const reader = new BatchReader(this.#database, this.#files, domain, (archive) => this.#archiveOf(archive));
    const where = domain === undefined ? '' : 'AND domain = ?';
    const sql = `SELECT ${COLUMNS} FROM ${this.#files} WHERE rowid > ? ${where} ORDER BY rowid LIMIT ${BATCH_ROWS}`;
    const oneByOne = this.#database.prepare(sql, ROWS);
    const parameters = domain === undefined ? [] : [domain];
    let last = BEFORE_ALL_ROWS;
    for (let rows = 0; rows <= this.#rowsAtMost; rows += BATCH_ROWS) {
      const batch = readBatch(reader, last);
      if (batch === 'end') return;
      if (batch !== 'odd') {
        yield* batch.entries;
        last = batch.last;
        continue;
      }
      const next = yield* this.#entriesOf(oneByOne.iterate(last, ...parameters), onProblem);
      if (next === undefined || next <= last) return;
      last = next;
    }
  }

  /** @returns the number of the last row, undefined when there is none or the list is damaged in the middle. */
  *#entriesOf(
    rows: Iterable<SqlValue[]>,
    onProblem: EntriesOptions['onProblem'],
  ): Generator<ManifestEntry, bigint | undefined> {
    let last: bigint | undefined;
    try {
      for (const values of this.#bounded(rows)) {
        const entry = this.#entryOf(values);
        last = typeof values[0] === 'bigint' ? values[0] : undefined;
        if ('reason' in entry) onProblem?.(entry);
        else yield entry;
      }
      return last;
    } catch (error) {
      // Pages in the middle are damaged: whoever wants to hear of problems gets what could be read before.
      if (onProblem === undefined || !isAppError(error, 'FORMAT_INVALID')) throw error;
      onProblem({ row: Number(last ?? 0n) + 1, reason: 'cut-off' });
      return undefined;
    }
  }

  /**
   * Sorted in one pass over the table: in the order of the index of ids, every row would cost a jump to another page.
   * Ids stored as blobs are cast, since SQLite sorts every blob after every text.
   */
  *contentIds({ anyOrder = false } = {}): Generator<string, undefined> {
    const all = `SELECT CAST(fileID AS TEXT) AS id, flags FROM ${this.#files} LIMIT ?`;
    const sql = `SELECT id FROM (${all}) WHERE flags = ${ENTRY_FLAGS.file} ${anyOrder ? '' : 'ORDER BY id'}`;
    const flagged = this.#database.prepare(sql, ROWS).iterate(this.#rowsAtMost);
    const odd = this.#idsWithoutFlags();
    let next = 0;
    for (const [id] of flagged) {
      if (typeof id !== 'string' || !isFileId(id)) continue;
      for (; next < odd.length; next++) {
        const other = odd[next] ?? id;
        if (other >= id) break;
        yield other;
      }
      yield id;
    }
    yield* odd.slice(next);
  }

  /** Files of rows whose flags say nothing: what they are stands in their archives. */
  #idsWithoutFlags(): string[] {
    const sql = `SELECT ${COLUMNS} FROM ${this.#files} WHERE flags IS NULL`;
    const ids: string[] = [];
    for (const values of this.#bounded(this.#database.prepare(sql, ROWS).iterate())) {
      const entry = this.#entryOf(values);
      if (!('reason' in entry) && entry.kind === 'file') ids.push(entry.fileId);
    }
    return ids.toSorted();
  }

  find(domain: string, relativePath: string): ManifestEntry | undefined {
    const row = this.#byId.get(fileIdOf(domain, relativePath)) ?? this.#byPath.get(domain, relativePath);
    const entry = row && this.#entryOf(row);
    return entry && !('reason' in entry) ? entry : undefined;
  }

  contentPath(fileId: string): string {
    return `${fileId.slice(0, 2)}/${fileId}`;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #entryOf([rowid, id, domainValue, pathValue, flags, blob]: SqlValue[]): ManifestEntry | ManifestProblem {
    const row = Number(rowid);
    const fileId = textOf(id);
    if (fileId === undefined || !isFileId(fileId)) return { row, reason: 'no-file-id' };
    const domain = textOf(domainValue);
    const relativePath = textOf(pathValue);
    if (domain === undefined || relativePath === undefined) return { row, reason: 'no-path' };
    const archive = (): Uint8Array => this.#archiveOf(blob);
    const details = (): MbFile => decodeMbFile(archive());
    const kind = kindOf(flags ?? null, details);
    if (kind === undefined) return { row, reason: 'unknown-kind' };
    return { fileId, domain, relativePath, kind, details, outline: () => outlineOf(archive()), archive };
  }

  /** Hidden ones are base64, which some tools hand over as text. */
  #archiveOf(value: SqlValue | undefined): Uint8Array {
    const archive = typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : NOTHING;
    if (!isScrambled(archive)) return archive;
    if (this.#entryKey === undefined) throw passwordNeeded();
    return unscramble(archive, this.#entryKey);
  }

  /** Pages that name the same page again and again have rows without end; honest rows fit the size of the database. */
  *#bounded(rows: Iterable<SqlValue[]>): Generator<SqlValue[], undefined> {
    let left = this.#rowsAtMost;
    for (const row of rows) {
      if (--left < 0) throw new FormatError('Manifest.db has more rows than it has room for');
      yield row;
    }
  }
}

const NOTHING = Buffer.alloc(0);

/** Programs that make backups may leave the flags out: what a row is stands in its archive as well. */
function filesWithFlags(database: Database): string {
  const hasFlags =
    database.prepare("SELECT 1 FROM pragma_table_info('Files') WHERE name = 'flags'").get() !== undefined;
  return hasFlags ? 'Files' : '(SELECT rowid, fileID, domain, relativePath, NULL AS flags, file FROM Files)';
}

/** A row takes a cell of four bytes and a pointer of two at least. */
const MIN_ROW_BYTES = 6;

/** A batch that cannot be read as one may be readable in part. */
function readBatch(reader: BatchReader, last: bigint): ReturnType<BatchReader['after']> {
  try {
    return reader.after(last);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return 'odd';
    throw error;
  }
}

/** By the flags, or by the mode in the archive when the flags say nothing known. */
function kindOf(flags: SqlValue, details: () => MbFile): EntryKind | undefined {
  if (flags === 1n) return 'file';
  if (flags === 2n) return 'directory';
  if (flags === 4n) return 'symlink';
  try {
    return kindOfMode(details().mode);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'WRONG_PASSWORD')) return undefined;
    throw error;
  }
}

/** Text, also where it was stored as a blob; numbers as SQLite would print them. */
function textOf(value: SqlValue | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
}
