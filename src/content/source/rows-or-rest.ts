import { createHash } from 'node:crypto';
import type { Row, SqlValue } from '../../database/index.ts';

/**
 * Rows of a statement; where the database turns out to be damaged on the way, the rest of what a copy of it gives for
 * the same statement. The copy may give them in another order, so what was handed out before is told by what is in it.
 */
export class RowsOrRest<R extends Row | SqlValue[]> implements IterableIterator<R> {
  #rows: Iterator<R>;
  readonly #again: () => Iterable<R>;
  readonly #fromCopy: (error: unknown) => Iterable<R>;
  #given = 0;
  #isRest = false;

  /**
   * @param again the same rows from the beginning.
   * @param fromCopy those of the copy; throws the error it is given where no copy helps.
   */
  constructor(rows: Iterator<R>, again: () => Iterable<R>, fromCopy: (error: unknown) => Iterable<R>) {
    this.#rows = rows;
    this.#again = again;
    this.#fromCopy = fromCopy;
  }

  next(): IteratorResult<R, undefined> {
    try {
      const next = this.#rows.next();
      this.#given++;
      return next;
    } catch (error) {
      if (this.#isRest) throw error;
      const copy = this.#fromCopy(error);
      this.#isRest = true;
      this.#rows = this.#rest(copy, this.#given);
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

  *#rest(copy: Iterable<R>, given: number): Generator<R, undefined> {
    const known = new Map<string, number>();
    if (given > 0) {
      let left = given;
      for (const row of this.#again()) {
        const key = keyOf(row);
        known.set(key, (known.get(key) ?? 0) + 1);
        if (--left === 0) break;
      }
    }
    for (const row of copy) {
      const key = known.size === 0 ? '' : keyOf(row);
      const times = known.get(key) ?? 0;
      if (times === 0) yield row;
      else if (times === 1) known.delete(key);
      else known.set(key, times - 1);
    }
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
