import { createHash } from 'node:crypto';
import type { Row, SqlValue } from '../../database/index.ts';

/** Rows of a statement; where one of them cannot be read, the rest from elsewhere. */
export class RowsOrRest<R extends Row | SqlValue[]> implements IterableIterator<R, undefined> {
  #rows: Iterator<R>;
  readonly #rest: (error: unknown, given: number) => Iterator<R>;
  #given = 0;
  #isRest = false;

  /** @param rest given how many rows were handed out; throws the error where there is no rest. */
  constructor(rows: Iterator<R>, rest: (error: unknown, given: number) => Iterator<R>) {
    this.#rows = rows;
    this.#rest = rest;
  }

  next(): IteratorResult<R, undefined> {
    try {
      const next = this.#rows.next();
      this.#given++;
      return next;
    } catch (error) {
      if (this.#isRest) throw error;
      this.#isRest = true;
      this.#rows = this.#rest(error, this.#given);
      return this.#rows.next();
    }
  }

  return(): IteratorResult<R, undefined> {
    this.#rows.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/**
 * The rows of a copy that were not handed out before. The copy may give them in another order: which they are is told
 * by what is in them.
 */
export function* restOf<R extends Row | SqlValue[]>(copy: Iterable<R>, given: Iterable<R>): Generator<R, undefined> {
  const known = new Map<string, number>();
  for (const row of given) {
    const key = keyOf(row);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  for (const row of copy) {
    const key = known.size === 0 ? '' : keyOf(row);
    const times = known.get(key) ?? 0;
    if (times === 0) yield row;
    else if (times === 1) known.delete(key);
    else known.set(key, times - 1);
  }
}

function keyOf(row: Row | SqlValue[]): string {
  const hash = createHash('sha1');
  for (const value of Array.isArray(row) ? row : Object.values(row)) {
    hash.update(`${typeof value}:`);
    hash.update(value instanceof Uint8Array ? value : String(value));
    hash.update('\0');
  }
  return hash.digest('base64');
}

/** With numbers where a number is exact, and bigints where not. */
export function withSmallNumbers<R extends Row | SqlValue[]>(row: R): R {
  for (const [key, value] of Object.entries(row)) {
    // The keys are the row's own.
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) (row as Row)[key] = Number(value);
  }
  return row;
}
