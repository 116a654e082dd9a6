import type { ContentDatabase } from '../source/content-database.ts';
import { numberOf } from '../source/row-values.ts';

/** Where rows are numbered with so many gaps, a map takes less than a place for every number. */
const MOST_GAPS = 4;
/** Up to here the gaps do not matter, and rows need not be counted, which takes a look at all of them. */
const ALWAYS_DENSE = 4_000_000;

/**
 * When each message was, by its row, and which of them were asked for: nine bytes for a message of a database whose rows
 * are numbered as phones do it.
 */
export class DatesByRow {
  readonly #dates: Float64Array | Map<number, number>;
  readonly #taken: Uint8Array | Set<number>;

  constructor(database: ContentDatabase) {
    const last = numberAt(database, 'max(ROWID)');
    const isDense =
      numberAt(database, 'min(ROWID)') >= 0 &&
      (last <= ALWAYS_DENSE || last <= MOST_GAPS * numberAt(database, 'count(*)'));
    this.#dates = isDense ? new Float64Array(last + 1).fill(NaN) : new Map();
    this.#taken = isDense ? new Uint8Array(last + 1) : new Set();
  }

  add(row: number, date: number): void {
    if (this.#dates instanceof Map) this.#dates.set(row, date);
    else this.#dates[row] = date;
  }

  /** Undefined for a row that is not there. */
  take(row: number): number | undefined {
    if (this.#taken instanceof Set) this.#taken.add(row);
    else this.#taken[row] = 1;
    const date = this.#dates instanceof Map ? this.#dates.get(row) : this.#dates[row];
    return date === undefined || Number.isNaN(date) ? undefined : date;
  }

  /** Dates of the rows that nobody took. */
  *left(): Generator<number, undefined> {
    for (const [row, date] of this.#dates.entries()) {
      const isTaken = this.#taken instanceof Set ? this.#taken.has(row) : this.#taken[row] === 1;
      if (!isTaken && !Number.isNaN(date)) yield date;
    }
  }
}

const numberAt = (database: ContentDatabase, what: string): number =>
  numberOf(database.get(`SELECT ${what} AS value FROM message`)?.['value']) ?? 0;
