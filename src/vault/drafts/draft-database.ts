import { z } from 'zod';
import { openDatabase, type Database, type SqlValue, type Statement } from '../../database/index.ts';
import { AppError } from '../../shared/errors.ts';
import { REMOVED, type ChangeGroup, type DraftFile, type FileChange } from './change-group.ts';
import type { DirectoryState, DirectoryTree } from './directory-tree.ts';

const SCHEMA_VERSION = 1;
/** Names are hashes, so every group touches most pages: as many as memory has room for are kept at hand… */
const CACHE_KIB = 24 * 1024;
/** …and are written back once for several groups, when the WAL has 32 MiB. */
const CHECKPOINT_PAGES = 8192;

/**
 * `files`: what the draft has other than its base; without a hash, the base's file of that name is gone. `leaf` is
 * the last name of `directory` and comes first in the key, so that a file lies in the same page of the B-tree before
 * and after its move from `Snapshot/ab` to `ab`: that saves half of the writing in a backup's second phase.
 * `directories`: those the draft made, wrote into, or took away.
 */
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE files (
    leaf TEXT NOT NULL,
    name TEXT NOT NULL,
    directory TEXT NOT NULL,
    hash BLOB,
    size INTEGER,
    changed_at INTEGER,
    PRIMARY KEY (leaf, name, directory)
  ) WITHOUT ROWID;
  CREATE TABLE directories (
    path TEXT PRIMARY KEY,
    present INTEGER NOT NULL,
    hides_base INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
  ) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

const Meta = z.object({
  id: z.string(),
  udid: z.string(),
  startedAt: z.iso.datetime(),
  base: z.object({ snapshot: z.string(), list: z.string() }).optional(),
  newBytes: z.int().nonnegative(),
});
/** What a draft is, as its database keeps it. */
export type DraftMeta = z.infer<typeof Meta>;

/** How a file of the base is told from one that only the draft has. */
export type ShowsBase = (directory: string) => boolean;

/**
 * draft.db: the durable part of a draft, changed once per group commit.
 *
 * WAL with synchronous = NORMAL makes a COMMIT survive the death of the process, and after a power cut leaves the
 * state of some earlier COMMIT. That suffices, because the objects a COMMIT names were made durable before it: every
 * state the database can come back in names only objects that are there. A full sync would buy the last few seconds
 * of a backup at the price of one more flush of the disk per group.
 */
export class DraftDatabase implements Disposable {
  readonly #database: Database;
  readonly #find: Statement<SqlValue[]>;
  readonly #any: Statement;
  readonly #put: Statement;
  readonly #delete: Statement;
  readonly #putDirectory: Statement;
  readonly #deleteDirectory: Statement;

  private constructor(database: Database) {
    this.#database = database;
    this.#find = database.prepare(
      'SELECT hash, size, changed_at FROM files WHERE leaf = ? AND name = ? AND directory = ?',
      {
        arrays: true,
      },
    );
    this.#any = database.prepare('SELECT 1 FROM files WHERE leaf = ? AND directory = ? LIMIT 1');
    this.#put = database.prepare('INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)');
    this.#delete = database.prepare('DELETE FROM files WHERE leaf = ? AND name = ? AND directory = ?');
    this.#putDirectory = database.prepare('INSERT OR REPLACE INTO directories VALUES (?, ?, ?, ?)');
    this.#deleteDirectory = database.prepare('DELETE FROM directories WHERE path = ?');
  }

  static create(path: string, meta: DraftMeta): DraftDatabase {
    const database = openConfigured(path, true);
    database.transaction(() => {
      database.exec(SCHEMA);
      database.prepare("INSERT INTO meta VALUES ('draft', ?)").run(JSON.stringify(meta));
    });
    return new DraftDatabase(database);
  }

  /**
   * @returns undefined when the process that was making the database died before there was anything in it.
   * @throws {AppError} FORMAT_INVALID when it is damaged, VAULT_UNREADABLE when another version wrote it.
   */
  static open(path: string): DraftDatabase | undefined {
    const database = openConfigured(path, false);
    const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
    if (version === SCHEMA_VERSION) return new DraftDatabase(database);
    database.close();
    if (version === 0) return undefined;
    throw new AppError('VAULT_UNREADABLE', 'the unfinished backup was written by another version of Holdfast', {
      hint: 'Finish it with that version, or discard it and start the backup anew.',
      details: { path, version: Number(version) },
    });
  }

  get meta(): DraftMeta {
    const row = this.#database.prepare("SELECT value FROM meta WHERE name = 'draft'").get();
    return Meta.parse(JSON.parse(String(row?.['value'])));
  }

  /** Directory states, for `DirectoryTree.restore`. */
  directories(): DirectoryState[] {
    return this.#database
      .prepare('SELECT path, present, hides_base, changed_at FROM directories', { arrays: true })
      .all()
      .map(([path, present, hidesBase, changedAt]) => ({
        path: String(path),
        isPresent: present === 1,
        hidesBase: hidesBase === 1,
        changedAtMs: Number(changedAt),
      }));
  }

  find(directory: string, name: string): FileChange | undefined {
    const row = this.#find.get(leafOf(directory), name, directory);
    return row === undefined ? undefined : toChange(row[0], row[1], row[2]);
  }

  /** The changes in one directory, by the bytes of their names. Several may be under way at once. */
  *list(directory: string): Generator<[string, FileChange]> {
    const statement = this.#database.prepare(
      'SELECT name, hash, size, changed_at FROM files WHERE leaf = ? AND directory = ? ORDER BY name',
      { arrays: true },
    );
    for (const [name, hash, size, changedAt] of statement.iterate(leafOf(directory), directory)) {
      yield [String(name), toChange(hash, size, changedAt)];
    }
  }

  hasChangesIn(directory: string): boolean {
    return this.#any.get(leafOf(directory), directory) !== undefined;
  }

  /** Every object the draft names beside those of its base. */
  *objects(): Generator<Buffer> {
    const rows = this.#database.prepare('SELECT hash FROM files WHERE hash IS NOT NULL', { arrays: true }).iterate();
    for (const [hash] of rows) if (hash instanceof Uint8Array) yield asBuffer(hash);
  }

  /** Makes a group of changes durable, all or nothing. The objects it names must be durable already. */
  applyGroup(group: ChangeGroup, tree: DirectoryTree, newBytes: number): void {
    this.#database.transaction(() => {
      for (const [directory, files] of group.byDirectory()) {
        const showsBase = tree.showsBase(directory);
        for (const [name, change] of files) this.putFile(directory, name, change, showsBase);
      }
      this.putDirectories(group.directories, tree);
      this.#database
        .prepare("UPDATE meta SET value = json_set(value, '$.newBytes', ?) WHERE name = 'draft'")
        .run(newBytes);
    });
  }

  transaction<T>(work: () => T): T {
    return this.#database.transaction(work);
  }

  /** Inside a transaction. A removed file leaves a mark only where the base would show through. */
  putFile(directory: string, name: string, change: FileChange, showsBase: boolean): void {
    const leaf = leafOf(directory);
    if (change !== REMOVED) this.#put.run(leaf, name, directory, change.hash, change.sizeBytes, change.changedAtMs);
    else if (showsBase) this.#put.run(leaf, name, directory, null, null, null);
    else this.#delete.run(leaf, name, directory);
  }

  /** Inside a transaction. */
  removeFilesIn(directory: string): void {
    this.#database.prepare('DELETE FROM files WHERE leaf = ? AND directory = ?').run(leafOf(directory), directory);
  }

  /** Writes down, inside a transaction, what the tree knows about these directories. */
  putDirectories(paths: Iterable<string>, tree: DirectoryTree): void {
    for (const path of paths) {
      const state = tree.state(path);
      if (state === undefined) this.#deleteDirectory.run(path);
      else this.#putDirectory.run(path, Number(state.isPresent), Number(state.hidesBase), state.changedAtMs);
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

function openConfigured(path: string, create: boolean): Database {
  const database = openDatabase(path, { create });
  try {
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    `);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function leafOf(directory: string): string {
  return directory.slice(directory.lastIndexOf('/') + 1);
}

function toChange(hash: SqlValue | undefined, size: SqlValue | undefined, changedAt: SqlValue | undefined): FileChange {
  if (!(hash instanceof Uint8Array)) return REMOVED;
  return { hash: asBuffer(hash), sizeBytes: Number(size), changedAtMs: Number(changedAt) } satisfies DraftFile;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
