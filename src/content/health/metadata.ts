import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { bytesOf, numberOf, textOf } from '../source/row-values.ts';
import type { Row } from '../../database/index.ts';

export interface HealthQuantity {
  readonly value: number;
  readonly unit: string;
}

export type HealthMetadataValue = string | number | Date | Uint8Array | HealthQuantity;

/** By name: "HKTimeZone", "HKWasUserEntered". */
export type HealthMetadata = Readonly<Record<string, HealthMetadataValue>>;

const VALUES = 'metadata_values';
const KEYS = 'metadata_keys';
const COLUMNS = ['key_id', 'object_id', 'value_type', 'string_value', 'numerical_value', 'date_value', 'data_value'];
/** So many rows are held in memory where there is no index to find single ones by. */
const MAX_UNINDEXED_ROWS = 500_000;

/** What apps wrote beside their samples. */
export class MetadataReader {
  readonly isAvailable: boolean;
  readonly #database: ContentDatabase;
  readonly #keys = new Map<number, string>();
  readonly #isIndexed: boolean;
  #everything: Map<number, HealthMetadata> | undefined;

  constructor(database: ContentDatabase) {
    this.#database = database;
    const hasTables = database.has(VALUES, 'object_id') && database.has(KEYS, 'key');
    this.#isIndexed = hasTables && hasIndex(database);
    this.isAvailable = hasTables && (this.#isIndexed || countOf(database) <= MAX_UNINDEXED_ROWS);
    if (!this.isAvailable) return;
    for (const row of database.rows(`SELECT rowid AS n, "key" AS name FROM ${KEYS}`)) {
      this.#keys.set(Number(row['n']), textOf(row['name']) ?? '');
    }
  }

  /** The metadata of some objects, by their numbers; those without any are missing. */
  of(objects: readonly number[]): ReadonlyMap<number, HealthMetadata> {
    if (!this.isAvailable || objects.length === 0) return new Map();
    if (!this.#isIndexed) return (this.#everything ??= this.#read('TRUE', []));
    return this.#read(`v.object_id IN (${objects.map(() => '?').join(', ')})`, objects);
  }

  #read(where: string, parameters: readonly number[]): Map<number, HealthMetadata> {
    const found = new Map<number, Record<string, HealthMetadataValue>>();
    const columns = this.#database.select(VALUES, 'v', COLUMNS);
    for (const row of this.#database.rows(`SELECT ${columns} FROM ${VALUES} AS v WHERE ${where}`, parameters)) {
      const [key, value] = [this.#keys.get(Number(row['key_id'])), valueOf(row)];
      if (!key || value === undefined) continue;
      const object = Number(row['object_id']);
      let metadata = found.get(object);
      if (metadata === undefined) found.set(object, (metadata = {}));
      // Keys come from apps: one called "__proto__" is a key like others.
      Object.defineProperty(metadata, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return found;
  }
}

/** Whether single objects can be looked up: otherwise each look-up would read the whole table. */
function hasIndex(database: ContentDatabase): boolean {
  const sql =
    "SELECT 1 FROM pragma_index_list(?) AS l JOIN pragma_index_info(l.name) AS i WHERE i.seqno = 0 AND i.name = 'object_id'";
  return database.get(sql, VALUES) !== undefined;
}

function countOf(database: ContentDatabase): number {
  return Number(database.get(`SELECT count(*) AS n FROM ${VALUES}`)?.['n'] ?? 0);
}

/** `value_type` says which column holds it; a quantity has its number in one and its unit in another. */
function valueOf(row: Row): HealthMetadataValue | undefined {
  const number = numberOf(row['numerical_value']) ?? undefined;
  const text = textOf(row['string_value']) ?? undefined;
  switch (numberOf(row['value_type']) ?? -1) {
    case 0:
      return text;
    case 1:
      return number;
    case 2:
      return fromCocoaSeconds(row['date_value']);
    case 3:
      return number === undefined ? undefined : { value: number, unit: text ?? '' };
    case 4:
      return bytesOf(row['data_value']) ?? undefined;
    default:
      return text ?? number;
  }
}
