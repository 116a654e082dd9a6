import { readFileSync } from 'node:fs';
import {
  isDamage,
  isDatabase,
  isTooLargeNumber,
  openDatabase,
  openDatabaseBytes,
  salvageDatabase,
  withWriteAheadLog,
  type Database,
  type LostRows,
  type Row,
  type SqlValue,
} from '../../database/index.ts';
import { type AppError, FormatError, isAppError } from '../../shared/errors.ts';
import { isNotFound, TargetError } from '../../shared/target/backup-target.ts';
import { lossIn } from '../../shared/target/plain-copy.ts';
import { copyIfWhole, salvageIfPossible, type Backup, type ManifestEntry } from '../../snapshot/index.ts';
import { bytesIfThere } from './bytes-if-there.ts';
import { restOf, RowsOrRest, withSmallNumbers } from './rows-or-rest.ts';

/** Where a file lies in a backup. Many moved between releases of iOS: list every place, the newest first. */
export interface Place {
  readonly domain: string;
  readonly relativePath: string;
}

/** The largest messages database heard of is under 2 GB; it is held in memory when it has to be decrypted. */
const MAX_DATABASE_BYTES = 3 * 1024 ** 3;

/**
 * A database of the phone, opened for reading, and what its schema has. Columns come and go with releases of iOS:
 * ask for what is there instead of deciding by the version.
 *
 * Where a page turns out to be damaged, all that can be read is copied into memory, and reading goes on there: `damage`
 * says so.
 */
export class ContentDatabase implements Disposable {
  readonly place: Place;
  readonly #database: Database;
  readonly #onDamage: ((sentence: string) => void) | undefined;
  readonly #columns = new Map<string, ReadonlySet<string>>();
  /** What could be read of a damaged one. */
  #salvaged: Database | undefined;
  #damage: string | undefined;

  /** @param damage of one of which something is known to be lost already, whatever is read of it. */
  constructor(place: Place, database: Database, onDamage?: (sentence: string) => void, damage?: string) {
    this.place = place;
    this.#database = database;
    this.#onDamage = onDamage;
    if (damage !== undefined) this.#tellDamage(damage);
  }

  /** What of it could not be read, once that was found: a sentence without a full stop. */
  get damage(): string | undefined {
    return this.#damage;
  }

  /** The columns of a table or view; empty when there is none of that name. */
  columns(table: string): ReadonlySet<string> {
    let known = this.#columns.get(table);
    if (known === undefined) {
      const rows = this.all('SELECT name FROM pragma_table_info(?)', table);
      known = new Set(rows.map(({ name }) => String(name)));
      this.#columns.set(table, known);
    }
    return known;
  }

  has(table: string, column?: string): boolean {
    const columns = this.columns(table);
    return column === undefined ? columns.size > 0 : columns.has(column);
  }

  /** Names of all tables. */
  tables(): string[] {
    const rows = this.all("SELECT name FROM sqlite_master WHERE type = 'table'");
    return rows.map(({ name }) => String(name));
  }

  /** @throws {FormatError} when the schema lacks what cannot be done without. */
  require(table: string, ...columns: readonly string[]): void {
    const missing = this.has(table) ? columns.filter((column) => !this.has(table, column)) : [table];
    if (missing.length === 0) return;
    throw new FormatError(`${this.place.relativePath} has no ${missing.join(', ')}: its layout is not known`, {
      hint: 'The file can still be taken out as it is with `holdfast get`.',
      details: { table, missing: missing.join(',') },
    });
  }

  /**
   * The select list for one table: the columns asked for that it has. What it lacks is absent from the rows
   * (`undefined`: not available), which is not the same as empty (`null`).
   *
   * @param alias the name of the table in the statement.
   * @param wanted column names, or [column, name in the row].
   */
  select(table: string, alias: string, wanted: readonly (string | readonly [string, string])[]): string {
    const list = wanted
      .map((each) => (typeof each === 'string' ? ([each, each] as const) : each))
      .filter(([column]) => this.has(table, column))
      .map(([column, name]) => `${quoted(alias)}.${quoted(column)} AS ${quoted(name)}`);
    return list.length === 0 ? 'NULL' : list.join(', ');
  }

  /** One row at a time. Integers are bigints where that is asked for, and where they are beyond 2^53. */
  rows(sql: string, parameters: readonly SqlValue[] = [], options: { bigints?: boolean } = {}): IterableIterator<Row> {
    return this.#iterate((database, bigints) =>
      database.prepare(sql, { bigints: bigints || options.bigints === true }).iterate(...parameters),
    );
  }

  /** Rows as values in the order of their columns: three times as fast for tables with many. */
  arrays(sql: string, parameters: readonly SqlValue[] = []): IterableIterator<SqlValue[]> {
    return this.#iterate((database, bigints) =>
      database.prepare(sql, { arrays: true, bigints }).iterate(...parameters),
    );
  }

  all(sql: string, ...parameters: readonly SqlValue[]): Row[] {
    return [...this.rows(sql, parameters)];
  }

  get(sql: string, ...parameters: readonly SqlValue[]): Row | undefined {
    return this.#read((database) => {
      try {
        return database.prepare(sql).get(...parameters);
      } catch (error) {
        if (!isTooLargeNumber(error)) throw error;
        const row = database.prepare(sql, { bigints: true }).get(...parameters);
        return row && withSmallNumbers(row);
      }
    });
  }

  /** For searching its free pages. */
  serialize(): Buffer {
    return this.#database.serialize();
  }

  [Symbol.dispose](): void {
    this.#database.close();
    this.#salvaged?.close();
  }

  #iterate<R extends Row | SqlValue[]>(start: StartRows<R>): IterableIterator<R> {
    const [database, rows] = this.#read((each) => [each, start(each, false)] as const);
    return this.#rowsIn(start, database, false, rows);
  }

  /** Where a row cannot be read, the rest is: with whole numbers of any size, or of what could be saved. */
  #rowsIn<R extends Row | SqlValue[]>(
    start: StartRows<R>,
    database: Database,
    bigints: boolean,
    rows = start(database, bigints),
  ): RowsOrRest<R> {
    return new RowsOrRest(bigints ? Iterator.from(rows).map(withSmallNumbers) : rows, (error, given) => {
      if (isTooLargeNumber(error)) return Iterator.from(this.#rowsIn(start, database, true)).drop(given);
      const salvaged = this.#salvage(error);
      if (salvaged === database) throw error;
      const before = Iterator.from(this.#rowsIn(start, database, bigints)).take(given);
      return restOf(this.#rowsIn(start, salvaged, bigints), before);
    });
  }

  #read<T>(read: (database: Database) => T): T {
    if (this.#salvaged !== undefined) return read(this.#salvaged);
    try {
      return read(this.#database);
    } catch (error) {
      return read(this.#salvage(error));
    }
  }

  /** @throws the error, when it is about something else than damage. */
  #salvage(error: unknown): Database {
    if (this.#salvaged !== undefined) return this.#salvaged;
    if (!isDamage(error)) throw error;
    const { database, lost } = salvageDatabase(this.#database);
    this.#salvaged = database;
    this.#tellDamage(damageOf(this.place, lost));
    return database;
  }

  #tellDamage(sentence: string): void {
    this.#damage = sentence;
    this.#onDamage?.(`${sentence}.`);
  }
}

/** @param bigints whether integers come as such. */
type StartRows<R> = (database: Database, bigints: boolean) => IterableIterator<R>;

function damageOf({ relativePath }: Place, lost: readonly LostRows[]): string {
  if (lost.length === 0) return `The database ${relativePath} is damaged; all rows of its tables could be read`;
  const tables = lost.map(({ table, atMost }) => (atMost === undefined ? table : `${table} (at most ${atMost})`));
  return `The database ${relativePath} is damaged: rows of these tables could not be read: ${tables.join(', ')}`;
}

/**
 * The first of the places that the backup has, with what its `-wal` file adds. Unencrypted databases without one are
 * read where they lie, or out of a copy that is made for it; all others in memory. Of a damaged one that a vault has packed it
 * is what can still be unpacked.
 *
 * @returns undefined when the backup has none of them, or lost the content of the one it names, or none has a byte in
 *   it: to SQLite that is a database without tables.
 * @throws {FormatError} when it is no database, or cannot be decrypted.
 */
export async function openContentDatabase(
  backup: Backup,
  places: readonly Place[],
): Promise<ContentDatabase | undefined> {
  for (const place of places) {
    const entry = backup.find(place.domain, place.relativePath);
    if (entry?.kind !== 'file') continue;
    const opened = await openEntry(backup, entry);
    if (opened === undefined) continue;
    return new ContentDatabase(place, opened.database, (sentence) => backup.noteDamage(sentence), opened.damage);
  }
  return undefined;
}

/**
 * Reads something that adds to the rest and can be done without: where it cannot be read, that is noted with the backup,
 * and there is nothing of it.
 *
 * @param onFailure for whoever can do without any part, but not without all of them.
 */
export async function readIfPossible<T>(
  backup: Backup,
  what: string,
  read: () => Promise<T> | T,
  onFailure?: (error: AppError) => void,
): Promise<Awaited<T> | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    backup.noteDamage(`${what} could not be read: ${error.message}.`);
    onFailure?.(error);
    return undefined;
  }
}

interface OpenedEntry {
  readonly database: Database;
  readonly damage?: string;
}

async function openEntry(backup: Backup, entry: ManifestEntry): Promise<OpenedEntry | undefined> {
  const log = await bytesIfThere(backup, backup.find(entry.domain, `${entry.relativePath}-wal`), MAX_DATABASE_BYTES);
  const readsFile = backup.classKeys === undefined && !log?.length;
  const contentPath = backup.manifest.contentPath(entry.fileId);
  const path = readsFile ? backup.source.localPath?.(contentPath) : undefined;
  if (path !== undefined) {
    const start = await startOf(backup, entry);
    if (start !== undefined && isDatabase(start)) return { database: openDatabase(path, { immutable: true }) };
  }
  if (readsFile) {
    using copy = await copyIfWhole(backup.source, contentPath);
    const start = copy && (await startOf(backup, entry));
    if (copy && start && isDatabase(start)) return { database: openDatabase(copy.path, { immutable: true }) };
  }
  try {
    const bytes = await bytesIfThere(backup, entry, MAX_DATABASE_BYTES);
    if (bytes === undefined) return undefined;
    const whole = withLog(bytes, log);
    return whole.length === 0 ? undefined : { database: openDatabaseBytes(whole) };
  } catch (error) {
    const isUnreadable = isAppError(error, 'FORMAT_INVALID') && error.cause instanceof TargetError;
    const left = isUnreadable && backup.classKeys === undefined ? await openWhatIsLeft(backup, entry, log) : undefined;
    if (left === undefined) throw error;
    return left;
  }
}

/** @returns undefined when nothing of it can be read. */
async function openWhatIsLeft(
  backup: Backup,
  entry: ManifestEntry,
  log: Buffer | undefined,
): Promise<OpenedEntry | undefined> {
  using left = await salvageIfPossible(backup.source, backup.manifest.contentPath(entry.fileId));
  if (left === undefined) return undefined;
  const { content } = left;
  const damage = `The database ${entry.relativePath} is damaged: ${lossIn(left)}`;
  if ('path' in content && !log?.length) return { database: openDatabase(content.path, { immutable: true }), damage };
  const bytes = 'path' in content ? readFileSync(content.path) : content.bytes;
  return { database: openDatabaseBytes(withLog(bytes, log)), damage };
}

function withLog(bytes: Uint8Array, log: Buffer | undefined): Uint8Array {
  return log === undefined ? bytes : withWriteAheadLog(bytes, log);
}

async function startOf(backup: Backup, entry: ManifestEntry): Promise<Uint8Array | undefined> {
  try {
    for await (const chunk of backup.chunks(entry)) return Buffer.from(chunk.subarray(0, 16));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return undefined;
}

/** A name as SQL has it, whatever is in it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
