const FIRST_SLOTS = 4096;
/** Of the slots, at most this share is used before their number doubles. */
const MAX_LOAD = 0.5;

/**
 * Answers "certainly not" or "perhaps" to the question whether a hash was added, from its first 32 bits: with
 * 500,000 hashes and 4 MiB, one of 8,000 others gets a "perhaps". Saves a look into the catalogue for nearly every
 * object that is new.
 */
export class HashFilter {
  #slots = new Uint32Array(FIRST_SLOTS);
  #used = 0;

  add(hash: Uint8Array): void {
    if ((this.#used + 1) / this.#slots.length > MAX_LOAD) this.#double();
    this.#insert(firstWord(hash));
  }

  mightHold(hash: Uint8Array): boolean {
    const word = firstWord(hash);
    return this.#slots[this.#slotOf(word)] === word;
  }

  #insert(word: number): void {
    const slot = this.#slotOf(word);
    if (this.#slots[slot] === word) return;
    this.#slots[slot] = word;
    this.#used++;
  }

  /** The slot that holds the word, or the free one where it belongs. */
  #slotOf(word: number): number {
    const mask = this.#slots.length - 1;
    let slot = word & mask;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== word) slot = (slot + 1) & mask;
    return slot;
  }

  #double(): void {
    const words = this.#slots;
    this.#slots = new Uint32Array(words.length * 2);
    this.#used = 0;
    for (const word of words) if (word !== 0) this.#insert(word);
  }
}

/** Never 0, which marks a free slot. */
function firstWord(hash: Uint8Array): number {
  return (at(hash, 0) | (at(hash, 1) << 8) | (at(hash, 2) << 16) | (at(hash, 3) << 24)) >>> 0 || 1;
}

function at(hash: Uint8Array, index: number): number {
  return hash[index] ?? 0;
}
