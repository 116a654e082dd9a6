import { rmSync } from 'node:fs';
import { openDatabase, type Database, type Statement } from '../../database/index.ts';

/** How Manifest.db tells files, directories and symbolic links apart. */
export const ENTRY_FLAGS = { file: 1, directory: 2, symlink: 4 } as const;
export type EntryKind = keyof typeof ENTRY_FLAGS;

export interface ManifestRow {
  /** `fileIdOf(domain, relativePath)` */
  readonly fileId: string;
  readonly domain: string;
  readonly relativePath: string;
  readonly kind: EntryKind;
  /** An MBFile archive: `encodeMbFile`. */
  readonly file: Uint8Array;
}

/** Writes a Manifest.db. Nothing is promised about the file before `finish`; disposing without it gives up. */
export interface ManifestWriter extends Disposable {
  /** Adds a row, or replaces the one with its id. */
  put(row: ManifestRow): void;
  finish(): void;
}

/** The schema of iOS 10 to 26, word for word. */
const TABLES = `
CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);
`;
const INDEXES = `
CREATE INDEX FilesDomainIdx ON Files(domain);
CREATE INDEX FilesRelativePathIdx ON Files(relativePath);
CREATE INDEX FilesFlagsIdx ON Files(flags);
`;
const USER_VERSION = 2;
const PAGE_BYTES = 4096;

/**
 * Starts a Manifest.db at `path`, replacing what is there. Made for speed: rows go in without a journal and indexes
 * are built at the end, so a file left by a crash is worthless and must be made again.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
 */
export function createManifestDatabase(path: string): ManifestWriter {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  const setup = `PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    PRAGMA user_version = ${USER_VERSION}; BEGIN; ${TABLES}`;
  return new Writer(openDatabase(path, { create: true, setup }));
}

class Writer implements ManifestWriter {
  readonly #database: Database;
  readonly #put: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#put = database.prepare('INSERT OR REPLACE INTO Files VALUES (?, ?, ?, ?, ?)');
  }

  put({ fileId, domain, relativePath, kind, file }: ManifestRow): void {
    this.#put.run(fileId, domain, relativePath, ENTRY_FLAGS[kind], file);
  }

  /** The header of a device's file says WAL mode; closing leaves no file but the database. */
  finish(): void {
    this.#database.exec(`${INDEXES} COMMIT; PRAGMA journal_mode = WAL;`);
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
