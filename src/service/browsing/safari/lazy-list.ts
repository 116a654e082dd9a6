/** A list that is made while it is looked at: what was seen stays. */
export class LazyList<T> {
  readonly #source: Iterator<T>;
  readonly #seen: T[] = [];
  readonly #most: number;
  #isOver = false;

  /** @param most no more than these are kept; what comes after is not seen. */
  constructor(source: Iterable<T>, most: number) {
    this.#source = source[Symbol.iterator]();
    this.#most = most;
  }

  /** Where what fits begins; the length of the list where nothing does. */
  indexOf(fits: (item: T) => boolean): number {
    for (let i = 0; ; i++) {
      if (i === this.#seen.length && !this.#advance()) return i;
      const item = this.#seen[i];
      if (item !== undefined && fits(item)) return i;
    }
  }

  slice(from: number, to: number): readonly T[] {
    while (this.#seen.length < to && this.#advance());
    return this.#seen.slice(from, to);
  }

  /** Whether there is anything at a place. */
  has(index: number): boolean {
    return this.slice(index, index + 1).length > 0;
  }

  #advance(): boolean {
    if (this.#isOver || this.#seen.length >= this.#most) return false;
    const next = this.#source.next();
    if (next.done === true) this.#isOver = true;
    else this.#seen.push(next.value);
    return !this.#isOver;
  }
}
