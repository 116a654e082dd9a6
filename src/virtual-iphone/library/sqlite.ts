import { openDatabaseBytes, openMemoryDatabase, type Database, type SqlValue } from '../../database/index.ts';

/** Bytes 18 and 19 of a database's header; 2 means WAL mode, in which iOS keeps nearly all of its databases. */
const FORMAT_VERSIONS_OFFSET = 18;

/** A row by column name; what is left out gets the column's default. */
export type RowValues = Readonly<Record<string, SqlValue | boolean | undefined>>;

/** Makes a database as its file would lie in a backup: checkpointed, in WAL mode. */
export function makeDatabase(schema: string, fill: (database: Database) => void): Buffer {
  using database = openMemoryDatabase();
  database.exec(schema);
  database.transaction(() => fill(database));
  return asWalFile(database.serialize());
}

/** The same database after an edit. */
export function editDatabase(bytes: Uint8Array, edit: (database: Database) => void): Buffer {
  using database = openDatabaseBytes(bytes);
  database.transaction(() => edit(database));
  return asWalFile(database.serialize());
}

/** Adds a row and returns its rowid. */
export function insert(database: Database, table: string, values: RowValues): number {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  const columns = entries.map(([column]) => column).join(', ');
  const places = entries.map(() => '?').join(', ');
  const statement = prepared(database, `INSERT INTO ${table} (${columns}) VALUES (${places})`);
  return Number(statement.run(...entries.map(([, value]) => sqlValue(value))).lastInsertRowid);
}

/** The largest value of a column, 0 when there is none. */
export function maximum(database: Database, table: string, column = 'ROWID'): number {
  return Number(database.prepare(`SELECT max(${column}) AS value FROM ${table}`).get()?.['value'] ?? 0);
}

/** Statements by their text, compiled once per database. */
const statements = new WeakMap<Database, Map<string, ReturnType<Database['prepare']>>>();

function prepared(database: Database, sql: string): ReturnType<Database['prepare']> {
  let known = statements.get(database);
  if (!known) statements.set(database, (known = new Map()));
  let statement = known.get(sql);
  if (!statement) known.set(sql, (statement = database.prepare(sql)));
  return statement;
}

function sqlValue(value: SqlValue | boolean | undefined): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value ?? null;
}

function asWalFile(bytes: Buffer): Buffer {
  bytes.fill(2, FORMAT_VERSIONS_OFFSET, FORMAT_VERSIONS_OFFSET + 2);
  return bytes;
}
