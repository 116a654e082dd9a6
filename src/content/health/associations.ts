import type { ContentDatabase } from '../source/content-database.ts';

const TABLE = 'associations';

/**
 * What belongs to what: routes and samples to workouts, two pressures to a blood pressure. The columns were called
 * `parent_id` and `child_id`, and are now `destination_object_id` and `source_object_id`.
 */
export class Associations {
  readonly #database: ContentDatabase;
  readonly #parent: string | undefined;
  readonly #child: string | undefined;
  readonly #deleted: string;

  constructor(database: ContentDatabase) {
    const first = (...names: string[]): string | undefined => names.find((name) => database.has(TABLE, name));
    this.#database = database;
    this.#parent = first('destination_object_id', 'parent_id');
    this.#child = first('source_object_id', 'child_id');
    // What was taken apart again is kept for other devices.
    this.#deleted = database.has(TABLE, 'deleted') ? ' AND a.deleted = 0' : '';
  }

  get isAvailable(): boolean {
    return this.#parent !== undefined && this.#child !== undefined;
  }

  /** All pairs whose parent is a sample of a type. */
  pairsOf(parentType: number): readonly Pair[] {
    if (!this.isAvailable) return [];
    const sql = `SELECT a.${this.#parent} AS parent, a.${this.#child} AS child FROM ${TABLE} AS a
      JOIN samples AS s ON s.data_id = a.${this.#parent} WHERE s.data_type = ?${this.#deleted}`;
    return this.#database
      .all(sql, parentType)
      .map((row) => ({ parent: Number(row['parent']), child: Number(row['child']) }));
  }
}

interface Pair {
  readonly parent: number;
  readonly child: number;
}
