import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  openDatabase,
  openMemoryDatabase,
  type Database,
  type SqlValue,
  type Statement,
} from '../../database/index.ts';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import type { Place, PlaceList } from '../objects/places/place-list.ts';

const FILE_NAME = 'catalogue.db';
/** Stands beside a catalogue that was found damaged while it was open. */
const CONDEMNED_NAME = 'catalogue.damaged';
/** Another number in the file means another layout: the file is thrown away and filled again from the vault. */
const SCHEMA_VERSION = 1;

/** In KiB. A larger one makes nothing faster that is done in the order of the hashes. */
const CACHE = 'PRAGMA cache_size = -4000;';
/**
 * WAL lets readers work beside the writer. With synchronous = NORMAL a power cut may cost the last transactions but
 * never the consistency; `generation` tells when any are missing.
 */
const CONFIGURATION = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${CACHE}`;

const PAGE_ROWS = 1024;
/** Objects that one statement adds: one for each takes twice as long, and more of them hardly less. */
const INSERTED_ROWS = 32;
const HASH_BYTES = 32;

const SCHEMA = `
  CREATE TABLE objects (
    hash BLOB PRIMARY KEY,
    segment INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    size INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE segments (
    segment INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    sealed INTEGER NOT NULL
  );
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

export interface SegmentRow {
  readonly segment: number;
  /** How much of the file is durable. */
  readonly sizeBytes: number;
  readonly sealed: boolean;
}

/**
 * catalogue.db: where every object lies. Nothing in it that cannot be found again by reading the vault, so a file
 * that is missing, damaged or of another version is replaced by an empty one; `fresh` tells, and whoever keeps
 * tables of their own in `database` then fills them again.
 *
 * Damage that comes to light later is a VAULT_UNREADABLE error, and the next opening replaces the file.
 */
export class Catalogue implements Disposable {
  readonly database: Database;
  readonly fresh: boolean;
  /** A connection of its own, so that a read transaction of ours is in nobody's way. */
  readonly #lookups: Database;
  readonly #condemn: () => void;
  readonly #find: Statement<SqlValue[]>;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #putSegment: Statement;
  #reading: NodeJS.Immediate | undefined;

  /**
   * For `openCatalogue`.
   *
   * @param lookups another connection to the same file, or the same one.
   * @param condemn sees to it that the file is not opened again.
   */
  constructor(database: Database, lookups: Database, fresh: boolean, condemn: () => void) {
    this.database = database;
    this.#lookups = lookups;
    this.fresh = fresh;
    this.#condemn = condemn;
    this.#find = lookups.prepare('SELECT segment, offset, size FROM objects WHERE hash = ?', { arrays: true });
    this.#put = database.prepare('INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)');
    this.#remove = database.prepare('DELETE FROM objects WHERE hash = ?');
    this.#putSegment = database.prepare('INSERT OR REPLACE INTO segments (segment, size, sealed) VALUES (?, ?, ?)');
  }

  find(hash: Buffer): Place | undefined {
    try {
      this.#beginReading();
      const row = this.#find.get(hash);
      if (row === undefined) return undefined;
      return { segment: Number(row[0]), offset: Number(row[1]), sizeBytes: Number(row[2]) };
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /**
   * Every object, in the order of the hashes. Rows come in pages, which costs half of asking for one after another, and
   * hashes as text, which costs half of asking for bytes.
   */
  *all(): Generator<{ readonly hash: Buffer } & Place, undefined> {
    const page = this.#explaining(() =>
      this.database.prepare(
        `SELECT hex(hash), segment, offset, size FROM objects WHERE hash > ? ORDER BY hash LIMIT ${PAGE_ROWS}`,
        { arrays: true },
      ),
    );
    let last = Buffer.alloc(0);
    for (;;) {
      const after = last;
      const rows = this.#explaining(() => page.all(after));
      const hashes = Buffer.alloc(rows.length * HASH_BYTES);
      for (const [row, [digits, segment, offset, size]] of rows.entries()) {
        const hash = hashes.subarray(row * HASH_BYTES, (row + 1) * HASH_BYTES);
        if (typeof digits !== 'string' || hash.write(digits, 'hex') !== HASH_BYTES) continue;
        yield { hash, segment: Number(segment), offset: Number(offset), sizeBytes: Number(size) };
      }
      if (rows.length < PAGE_ROWS) return;
      last = Buffer.from(String(rows.at(-1)?.[0]), 'hex');
    }
  }

  /** The objects of a segment; of 0 those that have files of their own. */
  objectsIn(segment: number): ({ hash: Uint8Array } & Place)[] {
    const statement = 'SELECT hash, offset, size FROM objects WHERE segment = ?';
    const rows = this.#explaining(() => this.database.prepare(statement, { arrays: true }).all(segment));
    return rows.flatMap(([hash, offset, size]) =>
      hash instanceof Uint8Array ? { hash, segment, offset: Number(offset), sizeBytes: Number(size) } : [],
    );
  }

  countObjects(): number {
    return this.#explaining(() =>
      Number(this.database.prepare('SELECT count(*) AS count FROM objects').get()?.['count']),
    );
  }

  /**
   * Adds the first `count` objects of a list, replacing what the catalogue knew about them. Inside a transaction of
   * the caller, as is everything here that changes objects or segments.
   */
  putAll(places: PlaceList, count = places.length): void {
    const entries = places.entriesByHash(count);
    const inRows = entries.length - (entries.length % INSERTED_ROWS);
    if (inRows > 0) this.#putRows(places, entries.subarray(0, inRows));
    for (const entry of entries.subarray(inRows)) this.put(places.hashAt(entry), places.placeAt(entry));
  }

  /** @param entries a multiple of `INSERTED_ROWS` */
  #putRows(places: PlaceList, entries: Uint32Array): void {
    const rows = Array.from({ length: INSERTED_ROWS }, () => '(?, ?, ?, ?)').join(', ');
    const insert = this.database.prepare(`INSERT OR REPLACE INTO objects VALUES ${rows}`);
    for (let at = 0; at < entries.length; at += INSERTED_ROWS) {
      const values: (Buffer | number)[] = [];
      for (const entry of entries.subarray(at, at + INSERTED_ROWS)) {
        values.push(places.hashAt(entry), places.segmentAt(entry), places.offsetAt(entry), places.sizeAt(entry));
      }
      insert.run(...values);
    }
  }

  /** Adds one object, as `putAll` does. */
  put(hash: Buffer, { segment, offset, sizeBytes }: Place): void {
    this.#put.run(hash, segment, offset, sizeBytes);
  }

  remove(hash: Buffer): void {
    this.#remove.run(hash);
  }

  putSegment(row: SegmentRow): void {
    this.#putSegment.run(row.segment, row.sizeBytes, row.sealed ? 1 : 0);
  }

  /** Forgets segments and every object that lies in them. Reads the whole table. */
  removeSegments(segments: Iterable<number>): void {
    const list = JSON.stringify([...segments]);
    for (const table of ['objects', 'segments']) {
      this.database.prepare(`DELETE FROM ${table} WHERE segment IN (SELECT value FROM json_each(?))`).run(list);
    }
  }

  segments(): SegmentRow[] {
    const rows = this.#explaining(() =>
      this.database.prepare('SELECT segment, size, sealed FROM segments ORDER BY segment').all(),
    );
    return rows.map((row) => ({
      segment: Number(row['segment']),
      sizeBytes: Number(row['size']),
      sealed: row['sealed'] === 1,
    }));
  }

  /** The text of the vault's `generation` file when the catalogue last was complete. */
  get generation(): string | undefined {
    const row = this.#explaining(() =>
      this.database.prepare("SELECT value FROM facts WHERE name = 'generation'").get(),
    );
    const value = row?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  set generation(value: string) {
    this.database.prepare("INSERT OR REPLACE INTO facts VALUES ('generation', ?)").run(value);
  }

  /** Lets the next lookup see what other processes have added since the last. */
  refresh(): void {
    this.#endReading();
  }

  transaction<T>(work: () => T): T {
    this.#endReading();
    return this.#explaining(() => this.database.transaction(work));
  }

  [Symbol.dispose](): void {
    this.#endReading();
    this.#lookups.close();
    this.database.close();
  }

  /**
   * Lookups of one turn of the event loop share a read transaction, which halves their cost: the locks of one alone
   * are four system calls. It ends with the turn, so that what another process adds is seen and its log can shrink.
   */
  #beginReading(): void {
    if (this.#reading !== undefined || this.#lookups === this.database) return;
    this.#lookups.exec('BEGIN');
    this.#reading = setImmediate(() => this.#endReading());
  }

  #endReading(): void {
    if (this.#reading === undefined) return;
    clearImmediate(this.#reading);
    this.#reading = undefined;
    this.#lookups.exec('COMMIT');
  }

  #explaining<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    if (!isAppError(error, 'FORMAT_INVALID')) return error;
    this.#condemn();
    return new AppError('VAULT_UNREADABLE', 'the catalogue of the vault is damaged', {
      hint: 'Run this again: the catalogue is then made anew from the rest of the vault, and nothing is lost.',
      cause: error,
    });
  }
}

/**
 * Opens the catalogue of a vault, replacing one that cannot be used.
 *
 * With `readOnly`, the file is neither made nor changed: where it cannot be used the catalogue is an empty one in
 * memory. Any number of readers can have it open beside the one writer. On a full disk the writer's is in memory, too:
 * SQLite cannot even open the file there, and something has to be removed first. What is in the file then is out of
 * date, as after a crash.
 *
 * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE
 */
export function openCatalogue(vaultDir: string, { readOnly = false } = {}): Catalogue {
  const path = join(vaultDir, FILE_NAME);
  const condemn = (): void => condemnFile(vaultDir);
  const build = (database: Database, fresh: boolean): Catalogue =>
    new Catalogue(database, openLookups(path, database), fresh, condemn);
  const inMemory = (): Catalogue => {
    const database = openMemoryDatabase();
    database.exec(SCHEMA);
    return new Catalogue(database, database, true, condemn);
  };
  const isCondemned = existsSync(join(vaultDir, CONDEMNED_NAME));
  try {
    const found = isCondemned ? undefined : tryOpen(path, readOnly, (database) => build(database, false));
    if (found !== undefined) return found;
    if (readOnly) return inMemory();
    const database = replaceFile(path);
    rmSync(join(vaultDir, CONDEMNED_NAME), { force: true });
    return build(database, true);
  } catch (error) {
    if (!isAppError(error, 'OUT_OF_SPACE')) throw error;
    return inMemory();
  }
}

/** The connection for lookups; `database` itself where a second one cannot be had, as on a disk mounted read-only. */
function openLookups(path: string, database: Database): Database {
  try {
    return openDatabase(path, { readOnly: true, setup: CACHE });
  } catch {
    return database;
  }
}

/** Opens the file when it is there, whole as far as a look can tell, and of our version. */
function tryOpen<T>(path: string, readOnly: boolean, build: (database: Database) => T): T | undefined {
  if (!existsSync(path)) return undefined;
  // A disk mounted read-only takes no -shm file beside the database. Where there is no log either, it is read as it is.
  const ways = readOnly && !existsSync(`${path}-wal`) ? [false, true] : [false];
  for (const immutable of ways) {
    let database: Database | undefined;
    try {
      database = openDatabase(path, { readOnly, immutable, ...(!readOnly && { setup: CONFIGURATION }) });
      const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
      if (version === SCHEMA_VERSION) return build(database);
    } catch (error) {
      database?.close();
      if (!readOnly && !isAppError(error, 'FORMAT_INVALID')) throw error;
    }
    database?.close();
  }
  return undefined;
}

/** Where the mark cannot be made, on a disk mounted read-only, there is nobody either who could replace the file. */
function condemnFile(vaultDir: string): void {
  try {
    writeFileSync(join(vaultDir, CONDEMNED_NAME), '');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}

function replaceFile(path: string): Database {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  return openDatabase(path, { create: true, setup: CONFIGURATION + SCHEMA });
}
