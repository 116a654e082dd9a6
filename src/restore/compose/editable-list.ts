import { randomBytes } from 'node:crypto';
import { isDatabase, openDatabase, openDatabaseBytes, type Database, type Statement } from '../../database/index.ts';
import { decryptInPlace, FileEncryptor } from '../../keybag/index.ts';
import { AppError, FormatError } from '../../shared/errors.ts';
import { letGo } from '../../shared/flow/let-go.ts';
import { ENTRY_FLAGS, isFileId, type Backup, type EntryKind, type ManifestRow } from '../../snapshot/index.ts';
import { createWorkFile, type WorkFile } from './work-file.ts';
import { readAll } from './read-all.ts';

/** Real ones reach 1.5 GB. */
const MAX_LIST_BYTES = 4 * 1024 ** 3;
const KEY_BYTES = 32;
const WRITE_BYTES = 1024 * 1024;
/** Bytes 18 and 19 of a database, the versions of its format: 1 is a rollback journal, 2 the write-ahead log of iOS. */
const FORMAT_VERSIONS = { at: 18, end: 20, plain: 1, logged: 2 } as const;
const SMALLEST_PAGE_BYTES = 512;
const LIST_NAME = 'Manifest.db';

/** A row as it is found, its name unchecked. */
export interface FoundRow {
  readonly row: number | bigint;
  readonly fileId: string;
  readonly relativePath: string;
  readonly isFile: boolean;
}

/**
 * A copy of a backup's Manifest.db that can be changed. That of an encrypted backup is in memory while it is changed,
 * and only encrypted on a disk, with a key of its own.
 */
export class EditableList implements Disposable {
  readonly #database: Database;
  readonly #path: string;
  readonly #isEncrypted: boolean;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #kind: Statement;

  private constructor(database: Database, path: string, isEncrypted: boolean) {
    this.#database = database;
    this.#path = path;
    this.#isEncrypted = isEncrypted;
    checkSchema(database);
    // What goes wrong makes the copy worthless as a whole: nothing has to be undone row by row.
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO Files (fileID, domain, relativePath, flags, file) VALUES (?, ?, ?, ?, ?)',
    );
    this.#remove = database.prepare('DELETE FROM Files WHERE rowid = ?');
    this.#kind = database.prepare('SELECT flags FROM Files WHERE fileID = ?');
  }

  /**
   * @param path where the copy is to be, which nothing else uses.
   * @throws {AppError} SNAPSHOT_CORRUPT, OUT_OF_SPACE, STORAGE_FAILED @throws {FormatError}
   */
  static async open(backup: Backup, path: string): Promise<EditableList> {
    const database = await (backup.isEncrypted ? decrypted(backup) : copied(backup, path));
    try {
      return new EditableList(database, path, backup.isEncrypted);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  put({ fileId, domain, relativePath, kind, file }: ManifestRow): void {
    this.#put.run(fileId, domain, relativePath, ENTRY_FLAGS[kind], file);
  }

  remove(row: number | bigint): void {
    this.#remove.run(row);
  }

  domains(): string[] {
    const rows = this.#database.prepare('SELECT DISTINCT domain FROM Files').all();
    return rows.flatMap(({ domain }) => (typeof domain === 'string' ? [domain] : []));
  }

  /** The list must not change before the last of them was taken. */
  *rowsOf(domain: string): Generator<FoundRow, undefined> {
    const sql = 'SELECT rowid AS row, fileID, relativePath, flags FROM Files WHERE domain = ?';
    for (const { row, fileID, relativePath, flags } of this.#database.prepare(sql).iterate(domain)) {
      if (typeof row !== 'number' || typeof fileID !== 'string' || !isFileId(fileID)) continue;
      if (typeof relativePath !== 'string') continue;
      yield { row, fileId: fileID, relativePath, isFile: flags === ENTRY_FLAGS.file };
    }
  }

  /** The archive of a row. */
  fileOf(fileId: string): Uint8Array | undefined {
    const row = this.#database.prepare('SELECT file FROM Files WHERE fileID = ?').get(fileId);
    return row?.['file'] instanceof Uint8Array ? row['file'] : undefined;
  }

  kindOf(fileId: string): EntryKind | 'other' | undefined {
    const row = this.#kind.get(fileId);
    if (row === undefined) return undefined;
    const [kind] = Object.entries(ENTRY_FLAGS).find(([, flags]) => flags === row['flags']) ?? [];
    return kind === undefined ? 'other' : (kind as EntryKind); // a key of the table
  }

  /**
   * Writes the changed list to its path, and closes it.
   *
   * @returns the key it is encrypted with; undefined when it is not.
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  finish(): Buffer | undefined {
    if (!this.#isEncrypted) {
      this.#database.exec('COMMIT; PRAGMA journal_mode = WAL;');
      this.#database.close();
      return undefined;
    }
    this.#database.exec('COMMIT');
    const bytes = this.#database.serialize();
    this.#database.close();
    bytes.fill(FORMAT_VERSIONS.logged, FORMAT_VERSIONS.at, FORMAT_VERSIONS.end);
    const key = randomBytes(KEY_BYTES);
    using file = createWorkFile(this.#path);
    writeEncrypted(file, key, bytes);
    letGo(bytes);
    return key;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

async function decrypted(backup: Backup): Promise<Database> {
  const { facts, classKeys, source } = backup;
  if (facts?.manifestKey === undefined || classKeys === undefined) throw new FormatError('Manifest.db has no key');
  const bytes = await readAll(source, LIST_NAME, MAX_LIST_BYTES);
  if (bytes === undefined) throw lost();
  decryptInPlace(classKeys.unwrapFileKey(facts.manifestKey), bytes);
  // What is behind the last page is padding.
  const plain = bytes.subarray(0, bytes.length - (bytes.length % SMALLEST_PAGE_BYTES));
  if (!isDatabase(plain)) throw new AppError('SNAPSHOT_CORRUPT', 'Manifest.db did not decrypt to a database');
  // It is ours to change, and saves a copy when it is opened.
  plain.fill(FORMAT_VERSIONS.plain, FORMAT_VERSIONS.at, FORMAT_VERSIONS.end);
  const database = openDatabaseBytes(plain);
  letGo(bytes);
  return database;
}

async function copied({ source }: Backup, path: string): Promise<Database> {
  using copy = createWorkFile(path);
  const file = await source.read(LIST_NAME);
  for await (const chunk of file.chunks()) copy.write(chunk);
  copy.close();
  return openDatabase(path, { untrusted: true, setup: 'PRAGMA journal_mode = DELETE;' });
}

/** A trigger would change other rows than those that are meant, and a view is no table. */
function checkSchema(database: Database): void {
  const others = database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type IN ('trigger', 'view')").get();
  const columns = database.prepare("SELECT name FROM pragma_table_info('Files')").all();
  const names = columns.map(({ name }) => name).join();
  if (others?.['n'] === 0 && names === 'fileID,domain,relativePath,flags,file') return;
  throw new FormatError('Manifest.db is not laid out as a device does it', {
    hint: 'Back the device up again, then try once more.',
  });
}

function writeEncrypted(file: WorkFile, key: Buffer, bytes: Buffer): void {
  const encryptor = new FileEncryptor(key);
  for (let at = 0; at < bytes.length; at += WRITE_BYTES) {
    const piece = encryptor.update(bytes.subarray(at, at + WRITE_BYTES));
    file.write(piece);
    letGo(piece);
  }
  file.write(encryptor.finish());
}

function lost(): AppError {
  return new AppError('SNAPSHOT_CORRUPT', 'Manifest.db is missing', { hint: 'Back the device up again.' });
}
