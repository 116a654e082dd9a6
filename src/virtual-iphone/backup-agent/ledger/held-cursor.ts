import type { SqlValue, Statement } from '../../../database/index.ts';
import type { HeldEntry, Ledger } from './ledger.ts';

const PAGE_ROWS = 2048;

/**
 * Walks through what a folder holds, in the order of (domain, path). Read in pages, so that entries behind the cursor
 * may be changed and removed meanwhile.
 */
export class HeldCursor {
  readonly #page: Statement<SqlValue[]>;
  #rows: SqlValue[][] = [];
  #next = 0;
  #current: HeldEntry | undefined;

  constructor({ database }: Ledger) {
    this.#page = database.prepare(
      `SELECT domain, path, version, meta FROM held WHERE (domain, path) > (?, ?) ORDER BY domain, path LIMIT ?`,
      { arrays: true },
    );
    this.#read('', '');
    this.advance();
  }

  /** Undefined after the last. */
  get current(): HeldEntry | undefined {
    return this.#current;
  }

  advance(): void {
    const last = this.#current;
    if (this.#next === this.#rows.length && last !== undefined) this.#read(last.domain, last.path);
    const row = this.#rows[this.#next++];
    this.#current = row && {
      domain: String(row[0]),
      path: String(row[1]),
      version: Number(row[2]),
      meta: String(row[3]),
    };
  }

  #read(domain: string, path: string): void {
    this.#rows = this.#page.all(domain, path, PAGE_ROWS);
    this.#next = 0;
  }
}
