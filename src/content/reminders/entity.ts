import type { Row, SqlValue } from '../../database/index.ts';
import { quoted, type ContentDatabase } from '../source/content-database.ts';

/** The table that holds every kind of object without a table of its own. */
const SHARED_TABLE = 'ZREMCDOBJECT';

/**
 * The rows of one entity of a Core Data store. Numbers of entities differ from store to store and names of columns
 * from release to release: where attributes of several entities have one name, all but one get a digit behind it.
 */
export class Entity {
  readonly table: string | undefined;
  readonly #database: ContentDatabase;
  readonly #where: string;
  readonly #columns = new Map<string, string | undefined>();

  /** @param name as the model has it: "REMCDReminder". */
  constructor(database: ContentDatabase, name: string) {
    this.#database = database;
    const own = `Z${name.toUpperCase()}`;
    const numbers = entityNumbers(database, name);
    const isShared = !database.has(own);
    this.table = !isShared ? own : numbers.length > 0 && database.has(SHARED_TABLE) ? SHARED_TABLE : undefined;
    this.#where = isShared ? `Z_ENT IN (${numbers.join(', ')})` : '1';
  }

  has(attribute: string): boolean {
    return this.column(attribute) !== undefined;
  }

  /** The column of an attribute ("TITLE" is ZTITLE or ZTITLE1): of several, the one that rows of this entity use. */
  column(attribute: string): string | undefined {
    if (this.#columns.has(attribute)) return this.#columns.get(attribute);
    const found = this.#findColumn(attribute);
    this.#columns.set(attribute, found);
    return found;
  }

  *rows(order = 'Z_PK'): Generator<EntityRow, undefined> {
    if (this.table === undefined) return;
    const sql = `SELECT * FROM ${quoted(this.table)} WHERE ${this.#where} ORDER BY ${order}`;
    for (const row of this.#database.rows(sql, [], { bigints: true })) yield new EntityRow(this, row);
  }

  get count(): number {
    if (this.table === undefined) return 0;
    return Number(
      this.#database.get(`SELECT count(*) AS n FROM ${quoted(this.table)} WHERE ${this.#where}`)?.['n'] ?? 0,
    );
  }

  #findColumn(attribute: string): string | undefined {
    const { table } = this;
    if (table === undefined) return undefined;
    const pattern = new RegExp(`^Z${attribute}\\d*$`);
    const candidates = [...this.#database.columns(table)].filter((name) => pattern.test(name));
    if (candidates.length < 2) return candidates[0];
    const used = candidates.find(
      (name) =>
        this.#database.get(
          `SELECT 1 FROM ${quoted(table)} WHERE ${this.#where} AND ${quoted(name)} IS NOT NULL LIMIT 1`,
        ) !== undefined,
    );
    return used ?? candidates[0];
  }
}

/** One object, by the names of its attributes. */
export class EntityRow {
  readonly #entity: Entity;
  readonly #row: Row;

  constructor(entity: Entity, row: Row) {
    this.#entity = entity;
    this.#row = row;
  }

  get id(): number {
    return Number(this.#row['Z_PK'] ?? 0);
  }

  /** Undefined when this iOS has no such attribute. */
  get(attribute: string): SqlValue | undefined {
    const column = this.#entity.column(attribute);
    return column === undefined ? undefined : this.#row[column];
  }

  /** The number of the object that a relationship leads to, 0 for none. */
  reference(attribute: string): number {
    const value = this.get(attribute);
    return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : 0;
  }
}

/** The number of an entity and of all that are kinds of it. */
function entityNumbers(database: ContentDatabase, name: string): number[] {
  if (!['Z_ENT', 'Z_NAME', 'Z_SUPER'].every((column) => database.has('Z_PRIMARYKEY', column))) return [];
  const rows = [...database.rows('SELECT Z_ENT, Z_NAME, Z_SUPER FROM Z_PRIMARYKEY', [], { bigints: true })];
  const numbers = new Set(rows.filter((row) => row['Z_NAME'] === name).map((row) => Number(row['Z_ENT'])));
  for (let before = -1; before !== numbers.size;) {
    before = numbers.size;
    for (const row of rows) if (numbers.has(Number(row['Z_SUPER']))) numbers.add(Number(row['Z_ENT']));
  }
  return [...numbers].filter(Number.isSafeInteger);
}
