/**
 * Databases made by Core Data: one table per entity, named `Z` and the entity, with the columns Z_PK, Z_ENT and Z_OPT
 * before its own; Z_PRIMARYKEY says which entity has which number and how many rows were ever made.
 */
import type { Database } from '../../database/index.ts';
import { encodeBinaryPlist } from '../../formats/index.ts';
import { editDatabase, insert, makeDatabase, type RowValues } from './sqlite.ts';

/** The columns of a table by type: names separated by spaces, in Core Data's order. */
interface CoreDataTable {
  readonly INTEGER?: string;
  readonly TIMESTAMP?: string;
  readonly FLOAT?: string;
  readonly VARCHAR?: string;
  readonly BLOB?: string;
}

/** An entity's number and, for one that shares its parent's table, the parent's number. */
interface CoreDataEntity {
  readonly number: number;
  readonly parent?: number;
}

export interface CoreDataModel {
  readonly entities: Readonly<Record<string, CoreDataEntity>>;
  readonly tables: Readonly<Record<string, CoreDataTable>>;
  /** Join tables, indexes: SQL that the tables do not imply. */
  readonly more?: string;
  readonly versionIdentifier: string;
}

/** Writes rows into a Core Data database, keeping its accounts. */
export class CoreDataStore {
  readonly database: Database;
  readonly #numbers = new Map<string, number>();
  readonly #parents = new Map<number, number>();
  readonly #last = new Map<number, number>();

  constructor(database: Database) {
    this.database = database;
    for (const row of database.prepare('SELECT Z_ENT, Z_NAME, Z_SUPER, Z_MAX FROM Z_PRIMARYKEY').all()) {
      this.#numbers.set(String(row['Z_NAME']), Number(row['Z_ENT']));
      this.#parents.set(Number(row['Z_ENT']), Number(row['Z_SUPER']));
      this.#last.set(Number(row['Z_ENT']), Number(row['Z_MAX']));
    }
  }

  /** Adds an object of an entity to its table and returns its key. Entities of one table share the keys of their common ancestor. */
  add(entity: string, table: string, values: RowValues): number {
    const number = this.#numbers.get(entity);
    if (number === undefined) throw new RangeError(`there is no entity called ${entity}`);
    const counted = this.#rootOf(number);
    const key = (this.#last.get(counted) ?? 0) + 1;
    this.#last.set(counted, key);
    insert(this.database, table, { Z_PK: key, Z_ENT: number, Z_OPT: 1, ...values });
    return key;
  }

  /** Writes down how many objects there are now. */
  finish(): void {
    const update = this.database.prepare('UPDATE Z_PRIMARYKEY SET Z_MAX = ? WHERE Z_ENT = ?');
    for (const [number, last] of this.#last) update.run(last, number);
  }

  #rootOf(number: number): number {
    const parent = this.#parents.get(number) ?? 0;
    return parent === 0 ? number : this.#rootOf(parent);
  }
}

export function makeCoreData(model: CoreDataModel, uuid: string, fill: (store: CoreDataStore) => void): Buffer {
  return makeDatabase(schemaOf(model), (database) => {
    for (const [name, { number, parent = 0 }] of Object.entries(model.entities)) {
      insert(database, 'Z_PRIMARYKEY', { Z_ENT: number, Z_NAME: name, Z_SUPER: parent, Z_MAX: 0 });
    }
    const metadata = encodeBinaryPlist({
      NSStoreType: 'SQLite',
      NSStoreModelVersionIdentifiers: [model.versionIdentifier],
      NSStoreUUID: uuid,
      _NSAutoVacuumLevel: '2',
    });
    insert(database, 'Z_METADATA', { Z_VERSION: 1, Z_UUID: uuid, Z_PLIST: metadata });
    const store = new CoreDataStore(database);
    fill(store);
    store.finish();
  });
}

export function editCoreData(bytes: Uint8Array, edit: (store: CoreDataStore) => void): Buffer {
  return editDatabase(bytes, (database) => {
    const store = new CoreDataStore(database);
    edit(store);
    store.finish();
  });
}

function schemaOf({ tables, more = '' }: CoreDataModel): string {
  const sql = Object.entries(tables).map(([name, columns]) => {
    const own = Object.entries(columns).flatMap(([type, names]) =>
      String(names)
        .trim()
        .split(/\s+/)
        .map((column) => `${column} ${type}`),
    );
    return `CREATE TABLE ${name} ( Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER, ${own.join(', ')} );`;
  });
  return [
    ...sql,
    'CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);',
    'CREATE TABLE Z_METADATA (Z_VERSION INTEGER PRIMARY KEY, Z_UUID VARCHAR(255), Z_PLIST BLOB);',
    'CREATE TABLE Z_MODELCACHE (Z_CONTENT BLOB);',
    more,
  ].join('\n');
}
