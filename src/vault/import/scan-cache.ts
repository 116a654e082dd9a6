import type { Database, Row, SqlValue, Statement } from '../../database/index.ts';
import type { FileStamp } from './scan-folder.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS scanned_folders (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS scanned_files (
    folder INTEGER NOT NULL,
    directory TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ms REAL NOT NULL,
    changed_ms REAL NOT NULL,
    inode REAL NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (folder, directory, name)
  ) WITHOUT ROWID;
`;

export interface KnownFile {
  readonly stamp: FileStamp;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/**
 * What the files of an imported folder looked like, so that an unchanged one need not be read again. A part of the
 * catalogue: lost, it costs one slow import.
 */
export class ScanCache {
  readonly #database: Database;
  readonly #folder: number;
  readonly #list: Statement<SqlValue[]>;
  readonly #put: Statement;
  readonly #remove: Statement;

  constructor(database: Database, folder: string) {
    this.#database = database;
    database.exec(SCHEMA);
    database.prepare('INSERT OR IGNORE INTO scanned_folders (path) VALUES (?)').run(folder);
    this.#folder = idOf(database.prepare('SELECT id FROM scanned_folders WHERE path = ?').get(folder));
    this.#list = database.prepare(
      `SELECT name, size, modified_ms, changed_ms, inode, hex(hash) FROM scanned_files
       WHERE folder = ? AND directory = ?`,
      { arrays: true },
    );
    this.#put = database.prepare('INSERT OR REPLACE INTO scanned_files VALUES (?, ?, ?, ?, ?, ?, ?, unhex(?))');
    this.#remove = database.prepare('DELETE FROM scanned_files WHERE folder = ? AND directory = ? AND name = ?');
  }

  /** The files of one directory as they were, by name. */
  knownIn(directory: string): Map<string, KnownFile> {
    const known = new Map<string, KnownFile>();
    for (const [name, size, modifiedMs, changedMs, inode, hash] of this.#list.all(this.#folder, directory)) {
      const stamp = {
        sizeBytes: Number(size),
        modifiedMs: Number(modifiedMs),
        changedMs: Number(changedMs),
        inode: Number(inode),
      };
      known.set(String(name), { stamp, sha256: String(hash).toLowerCase() });
    }
    return known;
  }

  transaction(work: () => void): void {
    this.#database.transaction(work);
  }

  put(directory: string, name: string, { stamp, sha256 }: KnownFile): void {
    const { sizeBytes, modifiedMs, changedMs, inode } = stamp;
    this.#put.run(this.#folder, directory, name, sizeBytes, modifiedMs, changedMs, inode, sha256);
  }

  remove(directory: string, name: string): void {
    this.#remove.run(this.#folder, directory, name);
  }
}

function idOf(row: Row | undefined): number {
  return Number(row?.['id']);
}
