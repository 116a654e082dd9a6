const MIN_SLOTS = 4096;
/** Two million objects: what is expected has been said by a record, and that may be any number. */
const MAX_FIRST_SLOTS = 4 * 1024 * 1024;
/** Above this share of used slots the table grows. */
const MAX_LOAD = 0.6;
const GROWTH = 2;

/**
 * Objects by the first 8 bytes of their SHA-256, each with a number: 12 bytes a slot, so that ten million objects fit
 * where a Map holds a few hundred thousand. Two objects that begin alike, which among ten million happens once in
 * 400,000 vaults, count as one: of something that is to be removed, one such object stays.
 */
export class PrefixTable {
  #high: Uint32Array;
  #low: Uint32Array;
  #values: Int32Array;
  #mask: number;
  #size = 0;

  /** @param expected how many objects there will be, about. */
  constructor(expected = 0) {
    let slots = MIN_SLOTS;
    while (slots * MAX_LOAD < expected && slots < MAX_FIRST_SLOTS) slots *= GROWTH;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#values = new Int32Array(slots);
    this.#mask = slots - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether an object with this hash, or one that begins like it, is there. */
  has(hash: Uint8Array): boolean {
    return this.get(wordAt(hash, 0), wordAt(hash, 4)) !== undefined;
  }

  addHash(hash: Uint8Array): void {
    this.set(wordAt(hash, 0), wordAt(hash, 4), 0);
  }

  /** @param high bytes 0–3 of the hash, big-endian. @param low bytes 4–7. */
  get(high: number, low: number): number | undefined {
    const slot = this.#slotOf(high, marked(high, low));
    return this.#isFree(slot) ? undefined : this.#values[slot];
  }

  set(high: number, low: number, value: number): void {
    const second = marked(high, low);
    const slot = this.#slotOf(high, second);
    if (this.#isFree(slot)) {
      this.#high[slot] = high;
      this.#low[slot] = second;
      this.#size++;
    }
    this.#values[slot] = value;
    if (this.#size > this.#values.length * MAX_LOAD) this.#grow();
  }

  #isFree(slot: number): boolean {
    return this.#high[slot] === 0 && this.#low[slot] === 0;
  }

  /** The slot of this object, or the free one where it belongs. A hash is as good as random: its bits need no mixing. */
  #slotOf(high: number, low: number): number {
    let slot = low & this.#mask;
    while ((this.#high[slot] !== high || this.#low[slot] !== low) && !this.#isFree(slot))
      slot = (slot + 1) & this.#mask;
    return slot;
  }

  #grow(): void {
    const [high, low, values] = [this.#high, this.#low, this.#values];
    const slots = values.length * GROWTH;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#values = new Int32Array(slots);
    this.#mask = slots - 1;
    for (let old = 0; old < values.length; old++) {
      const [first = 0, second = 0] = [high[old], low[old]];
      if (first === 0 && second === 0) continue;
      const slot = this.#slotOf(first, second);
      this.#high[slot] = first;
      this.#low[slot] = second;
      this.#values[slot] = values[old] ?? 0;
    }
  }
}

/** Two zeros mark a free slot, so a hash that begins with eight zero bytes counts as one that ends them with a one. */
function marked(high: number, low: number): number {
  return high === 0 && low === 0 ? 1 : low;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  );
}
