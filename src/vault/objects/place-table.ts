/** Where the bytes of an object are. */
export interface Place {
  /** The number of the segment, or `OWN_FILE` for a large object. */
  readonly segment: number;
  /** Of the first byte of the object in the segment; 0 in a file of its own. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export const OWN_FILE = 0;

const KEY_WORDS = 8;
const FIRST_CAPACITY = 1024;
/** 32 bits of hash and an entry's number fit in the 53 exact bits of a number up to here. */
const SORTABLE_ENTRIES = 2 ** 21;
/** Marks a free slot; entries are numbered from 1 in the slots. */
const FREE = 0;

/**
 * A map from SHA-256 hashes to places in typed arrays: about 60 bytes an entry, nothing for the garbage collector to
 * walk. A hash is uniformly distributed, so its first word is the hash function. Entries keep the order of arrival.
 */
export class PlaceTable {
  #count = 0;
  #keys = new Uint32Array(FIRST_CAPACITY * KEY_WORDS);
  #segments = new Float64Array(FIRST_CAPACITY);
  #offsets = new Uint32Array(FIRST_CAPACITY);
  #sizes = new Float64Array(FIRST_CAPACITY);
  #slots = new Uint32Array(FIRST_CAPACITY * 2);

  get size(): number {
    return this.#count;
  }

  get(hash: Buffer): Place | undefined {
    const entry = this.find(hash);
    return entry === -1 ? undefined : this.placeAt(entry);
  }

  /** The number of the entry with this hash, -1 when there is none. */
  find(hash: Buffer): number {
    return (this.#slots[this.#slotOf(hash)] ?? FREE) - 1;
  }

  /** Adds an entry, or gives the one with this hash another place. Returns its number. */
  set(hash: Buffer, segment: number, offset: number, sizeBytes: number): number {
    let slot = this.#slotOf(hash);
    let entry = (this.#slots[slot] ?? FREE) - 1;
    if (entry === -1) {
      if (this.#count === this.#sizes.length) {
        this.#grow();
        slot = this.#slotOf(hash);
      }
      entry = this.#count++;
      this.#slots[slot] = entry + 1;
      for (let word = 0; word < KEY_WORDS; word++) this.#keys[entry * KEY_WORDS + word] = hash.readUInt32LE(word * 4);
    }
    this.#segments[entry] = segment;
    this.#offsets[entry] = offset;
    this.#sizes[entry] = sizeBytes;
    return entry;
  }

  /** Empties the table and keeps its memory. */
  clear(): void {
    this.#count = 0;
    this.#slots.fill(FREE);
  }

  placeAt(entry: number): Place {
    return {
      segment: this.#segments[entry] ?? OWN_FILE,
      offset: this.#offsets[entry] ?? 0,
      sizeBytes: this.#sizes[entry] ?? 0,
    };
  }

  /** A view, valid until the next `set`. */
  hashAt(entry: number): Buffer {
    return Buffer.from(this.#keys.buffer, entry * KEY_WORDS * 4, KEY_WORDS * 4);
  }

  /** The first `count` entries in the order of their hashes (the first 4 bytes), which is how a B-tree takes them best. */
  entriesByHash(count: number): Uint32Array {
    if (count > SORTABLE_ENTRIES) return Uint32Array.from({ length: count }, (_, entry) => entry);
    const order = new Float64Array(count);
    for (let entry = 0; entry < count; entry++) {
      order[entry] = this.hashAt(entry).readUInt32BE(0) * SORTABLE_ENTRIES + entry;
    }
    order.sort();
    return Uint32Array.from(order, (key) => key % SORTABLE_ENTRIES);
  }

  /** The slot that holds this hash, or the free one where it belongs. */
  #slotOf(hash: Buffer): number {
    const mask = this.#slots.length - 1;
    let slot = hash.readUInt32LE(0) & mask;
    for (;;) {
      const entry = (this.#slots[slot] ?? FREE) - 1;
      if (entry === -1 || this.#matches(entry, hash)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #matches(entry: number, hash: Buffer): boolean {
    const start = entry * KEY_WORDS;
    for (let word = 0; word < KEY_WORDS; word++) {
      if (this.#keys[start + word] !== hash.readUInt32LE(word * 4)) return false;
    }
    return true;
  }

  #grow(): void {
    const capacity = this.#sizes.length * 2;
    const keys = new Uint32Array(capacity * KEY_WORDS);
    keys.set(this.#keys);
    const segments = new Float64Array(capacity);
    segments.set(this.#segments);
    const offsets = new Uint32Array(capacity);
    offsets.set(this.#offsets);
    const sizes = new Float64Array(capacity);
    sizes.set(this.#sizes);
    this.#keys = keys;
    this.#segments = segments;
    this.#offsets = offsets;
    this.#sizes = sizes;
    this.#slots = new Uint32Array(capacity * 2);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.#count; entry++) {
      let slot = (keys[entry * KEY_WORDS] ?? 0) & mask;
      while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
      this.#slots[slot] = entry + 1;
    }
  }
}
