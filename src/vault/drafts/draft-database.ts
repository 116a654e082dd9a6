import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { openDatabase, type Database, type Statement } from '../../database/index.ts';
import { AppError, FormatError } from '../../shared/errors.ts';
import { isText, isTime, maybe, parseObject, shaped } from '../../shared/json-shape.ts';
import { storageError } from '../durability.ts';
import { readOperations, type DraftOperation } from './operation.ts';

const SCHEMA_VERSION = 1;

/**
 * How far the log may grow before it is copied into the database: 32 MiB, the names of some 100,000 files. Copying
 * waits for the disk twice, in the thread that serves the phone, for a file that is removed at the end of the backup.
 */
const MAX_LOG_PAGES = 8192;
const CONFIGURATION = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${MAX_LOG_PAGES};`;

/** `journal`: one row for each group commit, the operations as `OperationWriter` collects them. */
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE journal (number INTEGER PRIMARY KEY, operations BLOB NOT NULL, new_bytes INTEGER NOT NULL);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** What a draft is, as its database keeps it. */
export interface DraftMeta {
  readonly id: string;
  readonly udid: string;
  /** As ISO 8601 has it, in UTC. */
  readonly startedAt: string;
  readonly base?: { readonly snapshot: string; readonly list: string } | undefined;
}

const isMeta = shaped({
  id: isText,
  udid: isText,
  startedAt: isTime,
  base: maybe(shaped({ snapshot: isText, list: isText })),
});

/**
 * draft.db: the durable part of a draft, one row added for every group commit.
 *
 * WAL with synchronous = NORMAL makes a COMMIT survive the death of the process, and after a power cut leaves the
 * state of some earlier COMMIT. That suffices, because the objects a COMMIT names were made durable before it: every
 * state the database can come back in names only objects that are there. A full sync would buy the last few seconds
 * of a backup at the price of one more flush of the disk per group, in the thread that serves the phone.
 */
export class DraftDatabase implements Disposable {
  readonly meta: DraftMeta;
  readonly #database: Database;
  readonly #append: Statement;

  private constructor(database: Database, meta: DraftMeta) {
    this.meta = meta;
    this.#database = database;
    this.#append = database.prepare('INSERT INTO journal (operations, new_bytes) VALUES (?, ?)');
  }

  /**
   * Makes the database beside its place and then puts it there: whoever looks meanwhile finds none, or all of it. It is
   * made durable once as a whole; SQLite by itself would wait for the disk six times, and the phone with it.
   */
  static create(path: string, meta: DraftMeta): DraftDatabase {
    const beside = `${path}.new`;
    {
      using database = openDatabase(beside, {
        create: true,
        setup: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;',
      });
      database.transaction(() => {
        database.exec(SCHEMA);
        database.prepare("INSERT INTO meta VALUES ('draft', ?)").run(JSON.stringify(meta));
      });
    }
    syncFile(beside);
    renameSync(beside, path);
    return new DraftDatabase(openConfigured(path), meta);
  }

  /**
   * @returns undefined when the process that was making the database died before there was anything in it.
   * @throws {AppError} FORMAT_INVALID when it is damaged, VAULT_UNREADABLE when another version wrote it.
   */
  static open(path: string): DraftDatabase | undefined {
    const database = openConfigured(path);
    let version: unknown;
    try {
      version = database.prepare('PRAGMA user_version').get()?.['user_version'];
      if (version === SCHEMA_VERSION) return new DraftDatabase(database, readMeta(database));
    } catch (error) {
      database.close();
      throw error;
    }
    database.close();
    if (version === 0) return undefined;
    throw new AppError('VAULT_UNREADABLE', 'the unfinished backup was written by another version of Holdfast', {
      hint: 'Finish it with that version, or discard it and start the backup anew.',
      details: { path, version: Number(version) },
    });
  }

  /** How many bytes that the vault did not hold before had arrived by the last group commit. */
  get newBytes(): number {
    const row = this.#database.prepare('SELECT new_bytes FROM journal ORDER BY number DESC LIMIT 1').get();
    return Number(row?.['new_bytes'] ?? 0);
  }

  /** Makes a group of operations durable, all or nothing. The objects it names must be durable already. */
  append(operations: Buffer, newBytes: number): void {
    this.#append.run(operations, newBytes);
  }

  /** Everything that was made durable, in order. @throws {FormatError} when the journal is damaged */
  *operations(): Generator<DraftOperation, undefined> {
    const rows = this.#database.prepare('SELECT operations FROM journal ORDER BY number', { arrays: true }).iterate();
    for (const [operations] of rows) {
      if (operations instanceof Uint8Array) {
        yield* readOperations(Buffer.from(operations.buffer, operations.byteOffset, operations.length));
      }
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } catch (error) {
    throw storageError(error, 'make durable', path);
  } finally {
    closeSync(file);
  }
}

function readMeta(database: Database): DraftMeta {
  const row = database.prepare("SELECT value FROM meta WHERE name = 'draft'").get();
  const meta = parseObject(String(row?.['value']));
  if (!isMeta(meta)) throw new FormatError('an unfinished backup does not say what it is');
  return meta;
}

function openConfigured(path: string): Database {
  return openDatabase(path, { create: false, setup: CONFIGURATION });
}
