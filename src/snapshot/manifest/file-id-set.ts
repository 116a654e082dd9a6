import { randomInt } from 'node:crypto';

/** A file id has 160 bits. */
const WORDS = 5;
const DIGITS_PER_WORD = 8;
const FIRST_SLOTS = 2048;
const FREE = 0;

/**
 * A set of file ids: about 28 bytes for each and nothing for the garbage collector to walk, so that those of 500,000
 * files take 14 MB. A `Set` of strings takes four times as much.
 */
export class FileIdSet {
  /** Begins the hash of an id: names that a device chose must not be able to collide on purpose. */
  readonly #seed = randomInt(2 ** 32);
  readonly #wanted = new Uint32Array(WORDS);
  #words = new Uint32Array((FIRST_SLOTS / 2) * WORDS);
  /** Numbers of ids, from 1; linear probing, at most half full. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param id 40 lower-case hexadecimal digits. */
  add(id: string): void {
    this.#read(id);
    const slot = this.#slotOf(this.#wanted, 0);
    if (this.#slots[slot] !== FREE) return;
    if ((this.#size + 1) * WORDS > this.#words.length) this.#growWords();
    this.#words.set(this.#wanted, this.#size * WORDS);
    this.#slots[slot] = ++this.#size;
    if (this.#size * 2 > this.#slots.length) this.#growSlots();
  }

  /** @param id 40 lower-case hexadecimal digits. */
  has(id: string): boolean {
    this.#read(id);
    return this.#slots[this.#slotOf(this.#wanted, 0)] !== FREE;
  }

  #read(id: string): void {
    for (let word = 0; word < WORDS; word++) {
      let value = 0;
      for (let i = word * DIGITS_PER_WORD; i < (word + 1) * DIGITS_PER_WORD; i++) {
        const unit = id.charCodeAt(i);
        // '0' is 0x30 and 'a' is 0x61.
        value = (value << 4) | ((unit & 0x0f) + (unit >> 6) * 9);
      }
      this.#wanted[word] = value;
    }
  }

  /** The slot that holds the id whose words begin at `from`, or the free one where it belongs. */
  #slotOf(words: Uint32Array, from: number): number {
    let hash = this.#seed;
    for (let word = 0; word < WORDS; word++) {
      hash = Math.imul(hash ^ (words[from + word] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? FREE;
      if (number === FREE || this.#isEqual((number - 1) * WORDS, words, from)) return slot;
    }
  }

  #isEqual(at: number, words: Uint32Array, from: number): boolean {
    for (let word = 0; word < WORDS; word++) if (this.#words[at + word] !== words[from + word]) return false;
    return true;
  }

  #growWords(): void {
    const larger = new Uint32Array(Math.ceil((this.#words.length / WORDS) * 1.5) * WORDS);
    larger.set(this.#words);
    this.#words = larger;
  }

  #growSlots(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 1; number <= this.#size; number++) {
      this.#slots[this.#slotOf(this.#words, (number - 1) * WORDS)] = number;
    }
  }
}
