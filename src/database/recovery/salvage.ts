import { isAppError } from '../../shared/errors.ts';
import type { Database, SqlValue } from '../database.ts';
import { openMemoryDatabase } from '../open.ts';

/** Rows of a table that could not be read. */
export interface LostRows {
  readonly table: string;
  /** At most so many, by the gaps in the numbers of the rows; undefined where nothing tells. */
  readonly atMost: number | undefined;
}

export interface Salvaged {
  /** The same tables, with all rows that could be read. */
  readonly database: Database;
  readonly lost: readonly LostRows[];
}

/** Rows are numbered with 63 bits; real numbers are far smaller. */
const [FIRST_ROW, LAST_ROW] = [-(2n ** 62n), 2n ** 62n];
/** Where neither end of a table can be read, no row is looked for further away. */
const MAX_STEP = 2n ** 32n;
/** Of one table, looks for rows between pages that cannot be read: hostile pages could ask for them without end. */
const MAX_LOOKS = 20_000;

/**
 * Copies a damaged database into memory, as far as it can be read: a page that cannot be read takes the rows on it with
 * it, and those before and after it are found by their numbers. Indexes are made anew.
 *
 * @throws {FormatError} when not even the list of tables can be read.
 */
export function salvageDatabase(damaged: Database): Salvaged {
  const schema = readSchema(damaged);
  const database = openMemoryDatabase({ untrusted: true });
  // What a row points to may be lost; that is no reason to lose the row.
  database.exec('PRAGMA foreign_keys = OFF');
  const lost: LostRows[] = [];
  database.transaction(() => {
    for (const { name, sql } of schema.filter(({ type }) => type === 'table')) {
      const missing = runs(database, sql) ? tryCopyingTable(damaged, database, name) : undefined;
      if (missing !== 0) lost.push({ table: name, atMost: missing });
    }
    for (const { sql } of schema.filter(({ type }) => type !== 'table')) runs(database, sql);
  });
  return { database, lost };
}

interface SchemaEntry {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** Tables first asked for; what SQLite makes for itself, tables of extensions and triggers are left out. */
function readSchema(damaged: Database): SchemaEntry[] {
  damaged.tolerateDamage();
  const rows = damaged.prepare('SELECT type, name, sql FROM sqlite_master').all();
  return rows.flatMap(({ type, name, sql }) => {
    if (typeof type !== 'string' || typeof name !== 'string' || typeof sql !== 'string') return [];
    if (!['table', 'index', 'view'].includes(type) || name.startsWith('sqlite_')) return [];
    return /^CREATE\s+VIRTUAL/i.test(sql) ? [] : [{ type, name, sql }];
  });
}

/** Whether a statement of the phone's could be run here: it may need what only the phone has. */
function runs(database: Database, sql: string): boolean {
  try {
    database.exec(sql);
    return true;
  } catch {
    // Whatever kept it from running, the table or index is not there.
    return false;
  }
}

/** As `copyTable`; of a table that is not what the list of tables says, nothing can be told. */
function tryCopyingTable(from: Database, to: Database, table: string): number | undefined {
  try {
    return copyTable(from, to, table);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}

/** Whether SQLite refused a statement: a damaged list of tables may say anything, also what it cannot do here. */
const isRefusal = (error: unknown): boolean =>
  isAppError(error, 'FORMAT_INVALID') ||
  (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR');

/** @returns how many rows are missing at most; undefined where nothing tells. */
function copyTable(from: Database, to: Database, table: string): number | undefined {
  const columns = to.prepare('SELECT name FROM pragma_table_info(?)').all(table);
  const names = columns.map(({ name }) => quoted(String(name)));
  const rowId = ['rowid', '_rowid_', 'oid'].find(
    (each) => !columns.some(({ name }) => String(name).toLowerCase() === each),
  );
  const hasNumbers =
    rowId !== undefined && to.prepare('SELECT wr FROM pragma_table_list WHERE name = ?').get(table)?.['wr'] === 0;
  const list = hasNumbers ? [rowId, ...names] : names;
  const insert = to.prepare(
    `INSERT OR IGNORE INTO ${quoted(table)} (${list.join(', ')}) VALUES (${list.map(() => '?').join(', ')})`,
  );
  let refused = 0;
  const copy = (row: readonly SqlValue[]): void => {
    refused += 1 - insert.run(...row).changes;
  };
  const select = `SELECT ${list.join(', ')} FROM ${quoted(table)}`;
  const missing = hasNumbers ? copyByNumber(from, select, rowId, copy) : copyInOrder(from, select, copy);
  return missing === undefined ? undefined : missing + refused;
}

function copyInOrder(from: Database, select: string, copy: (row: readonly SqlValue[]) => void): number | undefined {
  try {
    for (const row of from.prepare(select, { arrays: true, bigints: true }).iterate()) copy(row);
    return 0;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return undefined;
  }
}

/**
 * All rows, by their numbers: from the first on until one cannot be read, then from the last back, and then what lies
 * between. What is left out between two rows that can be read is counted by their numbers.
 */
function copyByNumber(
  from: Database,
  select: string,
  rowId: string,
  copy: (row: readonly SqlValue[]) => void,
): number | undefined {
  let isMixedUp = false;
  const read = (where: string, order: string, ...numbers: bigint[]): Reading => {
    const rows = from.prepare(`${select} WHERE ${where} ORDER BY ${rowId} ${order}`, BY_NUMBER).iterate(...numbers);
    const reading = readRows(rows, copy);
    isMixedUp ||= reading.isMixedUp;
    return reading;
  };
  const above = (low: bigint, high: bigint): Reading => read(`${rowId} > ? AND ${rowId} < ?`, '', low, high);
  const below = (low: bigint, high: bigint): Reading => read(`${rowId} > ? AND ${rowId} < ?`, 'DESC', low, high);
  const first = from.prepare(`${select} WHERE ${rowId} >= ? AND ${rowId} < ? ORDER BY ${rowId} LIMIT 1`, BY_NUMBER);
  let looks = 0;
  // A damaged page may hold other numbers than were asked for.
  const readable = (at: bigint, high: bigint): bigint | undefined => {
    if (++looks > MAX_LOOKS) return undefined;
    const { last } = readRows(first.iterate(at, high), () => {});
    return last !== undefined && last >= at && last < high ? last : undefined;
  };

  /** Copies what can be read between two rows. @returns how many numbers are left over */
  const fill = (low: bigint, high: bigint): bigint => {
    if (high - low <= 1n) return 0n;
    for (const at of pointsBetween(low, high)) {
      const found = readable(at, high);
      if (found === undefined) continue;
      const lowest = within(low + 1n, below(low, found).last, found) ?? found;
      const up = above(found - 1n, high);
      return fill(low, lowest) + (up.isWhole ? 0n : fill(within(found, up.last, high) ?? found, high));
    }
    return high - low - 1n;
  };

  const start = above(FIRST_ROW, LAST_ROW);
  if (start.isWhole) return 0;
  const low = start.last ?? FIRST_ROW;
  const high = below(low, LAST_ROW).last;
  if (high !== undefined) {
    const left = fill(start.last === undefined ? 0n : low, high);
    // Where pages stand in each other's place, numbers tell nothing.
    return start.last === undefined || isMixedUp ? undefined : Number(left);
  }
  // Neither end can be read: rows are looked for in steps that grow, again from wherever they end.
  const search = (beyond: bigint): bigint | undefined => {
    for (let step = 1n; step < MAX_STEP; step *= 2n) {
      const found = readable(beyond + step, LAST_ROW);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  let last = start.last ?? 0n;
  for (let found = search(last); found !== undefined; found = search(last)) {
    fill(last, found);
    const up = above(found - 1n, LAST_ROW);
    if (up.isWhole) break;
    last = within(found, up.last, LAST_ROW) ?? found;
  }
  return undefined;
}

/** The number, where it is one from `low` on and below `high`. */
const within = (low: bigint, number: bigint | undefined, high: bigint): bigint | undefined =>
  number !== undefined && number >= low && number < high ? number : undefined;

const BY_NUMBER = { arrays: true, bigints: true } as const;

/** Points that halve, quarter … what lies between. */
function* pointsBetween(low: bigint, high: bigint): Generator<bigint, undefined> {
  for (let parts = 2n; parts <= 64n; parts *= 2n) {
    for (let i = 1n; i < parts; i += 2n) {
      const at = low + ((high - low) * i) / parts;
      if (at > low) yield at;
    }
  }
}

interface Reading {
  /** Whether it came to its end. */
  readonly isWhole: boolean;
  /** Whether the numbers went back, or rows had none: a page holds what belongs on another. */
  readonly isMixedUp: boolean;
  /** The number of the last row that was read. */
  readonly last: bigint | undefined;
}

/** Rows in the order of their numbers; damaged pages may lead back to where it has been. */
function readRows(rows: Iterable<readonly SqlValue[]>, copy: (row: readonly SqlValue[]) => void): Reading {
  let last: bigint | undefined;
  let direction = 0;
  try {
    for (const row of rows) {
      const number = row[0];
      if (typeof number !== 'bigint') return { isWhole: false, isMixedUp: true, last };
      const step = last === undefined ? 0 : number > last ? 1 : -1;
      if (last !== undefined && (number === last || (direction !== 0 && step !== direction))) {
        return { isWhole: false, isMixedUp: true, last };
      }
      direction = step;
      copy(row);
      last = number;
    }
    return { isWhole: true, isMixedUp: false, last };
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return { isWhole: false, isMixedUp: false, last };
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
