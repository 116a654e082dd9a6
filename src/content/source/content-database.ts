import {
  isDatabase,
  openDatabase,
  openDatabaseBytes,
  withWriteAheadLog,
  type Database,
  type Row,
  type SqlValue,
} from '../../database/index.ts';
import { FormatError } from '../../shared/errors.ts';
import { isNotFound } from '../../shared/backup-target.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { bytesIfThere } from './bytes-if-there.ts';

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
 */
export class ContentDatabase implements Disposable {
  readonly place: Place;
  readonly #database: Database;
  readonly #columns = new Map<string, ReadonlySet<string>>();

  constructor(place: Place, database: Database) {
    this.place = place;
    this.#database = database;
  }

  /** The columns of a table or view; empty when there is none of that name. */
  columns(table: string): ReadonlySet<string> {
    let known = this.#columns.get(table);
    if (known === undefined) {
      const rows = this.#database.prepare('SELECT name FROM pragma_table_info(?)').all(table);
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
    const rows = this.#database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
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

  /** One row at a time. Numbers beyond 2^53 need `bigints` (Messages counts nanoseconds). */
  rows(sql: string, parameters: readonly SqlValue[] = [], options: { bigints?: boolean } = {}): IterableIterator<Row> {
    return this.#database.prepare(sql, options).iterate(...parameters);
  }

  /** Rows as values in the order of their columns: three times as fast for tables with many. */
  arrays(sql: string, parameters: readonly SqlValue[] = []): IterableIterator<SqlValue[]> {
    return this.#database.prepare(sql, { arrays: true }).iterate(...parameters);
  }

  all(sql: string, ...parameters: readonly SqlValue[]): Row[] {
    return this.#database.prepare(sql).all(...parameters);
  }

  get(sql: string, ...parameters: readonly SqlValue[]): Row | undefined {
    return this.#database.prepare(sql).get(...parameters);
  }

  /** For searching its free pages. */
  serialize(): Buffer {
    return this.#database.serialize();
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/**
 * The first of the places that the backup has, with what its `-wal` file adds. Unencrypted databases without one are
 * read where they lie; all others in memory.
 *
 * @returns undefined when the backup has none of them, or lost the content of the one it names.
 * @throws {FormatError} when it is no database, or cannot be decrypted.
 */
export async function openContentDatabase(
  backup: Backup,
  places: readonly Place[],
): Promise<ContentDatabase | undefined> {
  for (const place of places) {
    const entry = backup.find(place.domain, place.relativePath);
    if (entry?.kind !== 'file') continue;
    const database = await openEntry(backup, entry);
    if (database !== undefined) return new ContentDatabase(place, database);
  }
  return undefined;
}

async function openEntry(backup: Backup, entry: ManifestEntry): Promise<Database | undefined> {
  const log = await bytesIfThere(backup, backup.find(entry.domain, `${entry.relativePath}-wal`), MAX_DATABASE_BYTES);
  const path = backup.classKeys ? undefined : backup.source.localPath?.(backup.manifest.contentPath(entry.fileId));
  if (path !== undefined && (log === undefined || log.length === 0)) {
    const start = await startOf(backup, entry);
    if (start !== undefined && isDatabase(start)) return openDatabase(path, { immutable: true });
  }
  const bytes = await bytesIfThere(backup, entry, MAX_DATABASE_BYTES);
  if (bytes === undefined) return undefined;
  return openDatabaseBytes(log === undefined ? bytes : withWriteAheadLog(bytes, log));
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
