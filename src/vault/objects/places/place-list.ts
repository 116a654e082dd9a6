/** Where the bytes of an object are. */
export interface Place {
  /** The number of the segment, `OWN_FILE` for a large object, `NOWHERE` for one that is missing. */
  readonly segment: number;
  /** Of the first byte of the object in the segment; of a file of its own 0, or what it takes packed: see `own-file.ts`. */
  readonly offset: number;
  readonly sizeBytes: number;
}

export const OWN_FILE = 0;
export const NOWHERE = -1;

const KEY_BYTES = 32;
const FIRST_CAPACITY = 1024;
/** 32 bits of hash and an entry's number fit in the 53 exact bits of a number up to here. */
const SORTABLE_ENTRIES = 2 ** 21;

/**
 * Hashes and the places of their objects in the order of arrival, in typed arrays: 52 bytes an entry and nothing for
 * the garbage collector to walk. One hash may be there several times.
 */
export class PlaceList {
  #count = 0;
  #keys: Buffer;
  #segments: Float64Array;
  #offsets: Uint32Array;
  #sizes: Float64Array;

  /** @param capacity how many entries it has room for before it has to grow. */
  constructor(capacity = FIRST_CAPACITY) {
    this.#keys = Buffer.alloc(capacity * KEY_BYTES);
    this.#segments = new Float64Array(capacity);
    this.#offsets = new Uint32Array(capacity);
    this.#sizes = new Float64Array(capacity);
  }

  get length(): number {
    return this.#count;
  }

  /** Adds an entry and returns its number. */
  push(hash: Uint8Array, segment: number, offset: number, sizeBytes: number): number {
    if (this.#count === this.#sizes.length) this.#grow();
    const entry = this.#count++;
    this.#keys.set(hash, entry * KEY_BYTES);
    this.setPlace(entry, segment, offset, sizeBytes);
    return entry;
  }

  setPlace(entry: number, segment: number, offset: number, sizeBytes: number): void {
    this.#segments[entry] = segment;
    this.#offsets[entry] = offset;
    this.#sizes[entry] = sizeBytes;
  }

  /** A view, valid until the next `push`. */
  hashAt(entry: number): Buffer {
    return this.#keys.subarray(entry * KEY_BYTES, (entry + 1) * KEY_BYTES);
  }

  segmentAt(entry: number): number {
    return this.#segments[entry] ?? NOWHERE;
  }

  offsetAt(entry: number): number {
    return this.#offsets[entry] ?? 0;
  }

  sizeAt(entry: number): number {
    return this.#sizes[entry] ?? 0;
  }

  placeAt(entry: number): Place {
    return { segment: this.segmentAt(entry), offset: this.offsetAt(entry), sizeBytes: this.sizeAt(entry) };
  }

  /** Whether the entry has this hash. */
  matches(entry: number, hash: Buffer): boolean {
    return this.#keys.compare(hash, 0, KEY_BYTES, entry * KEY_BYTES, (entry + 1) * KEY_BYTES) === 0;
  }

  /** The first 32 bits of an entry's hash. */
  wordAt(entry: number): number {
    return this.#keys.readUInt32LE(entry * KEY_BYTES);
  }

  /** Empties the list and keeps its memory. */
  clear(): void {
    this.#count = 0;
  }

  /** The first `count` entries' numbers in the order of their hashes' first 4 bytes: the way a B-tree likes them. */
  entriesByHash(count = this.#count): Uint32Array {
    const order = new Uint32Array(count);
    if (count > SORTABLE_ENTRIES) return order.map((_, entry) => entry);
    const keys = new Float64Array(count);
    for (let entry = 0; entry < count; entry++) {
      keys[entry] = this.#keys.readUInt32BE(entry * KEY_BYTES) * SORTABLE_ENTRIES + entry;
    }
    keys.sort();
    for (let at = 0; at < count; at++) order[at] = (keys[at] ?? 0) % SORTABLE_ENTRIES;
    return order;
  }

  /** All entries' numbers in the order of segment and offset: missing ones first, then files, then segments. */
  entriesByPlace(): Uint32Array<ArrayBuffer> {
    const counts = new Map<number, number>();
    for (let entry = 0; entry < this.#count; entry++) {
      const segment = this.segmentAt(entry);
      counts.set(segment, (counts.get(segment) ?? 0) + 1);
    }
    const starts = new Map<number, number>();
    let start = 0;
    for (const [segment, count] of [...counts].toSorted(([a], [b]) => a - b)) {
      starts.set(segment, start);
      start += count;
    }
    const order = new Uint32Array(this.#count);
    const next = new Map(starts);
    for (let entry = 0; entry < this.#count; entry++) {
      const segment = this.segmentAt(entry);
      const at = next.get(segment) ?? 0;
      order[at] = entry;
      next.set(segment, at + 1);
    }
    for (const [segment, from] of starts) {
      if (segment > OWN_FILE) this.#sortByOffset(order.subarray(from, next.get(segment)));
    }
    return order;
  }

  /** Sorts entries of one segment, whose offsets are below 2^32; there may be 2^21 of them. */
  #sortByOffset(entries: Uint32Array): void {
    const keys = Float64Array.from(entries, (entry, at) => this.offsetAt(entry) * SORTABLE_ENTRIES + at);
    const unsorted = entries.slice();
    for (const [at, key] of keys.toSorted().entries()) entries[at] = unsorted[key % SORTABLE_ENTRIES] ?? 0;
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, this.#sizes.length * 2);
    const keys = Buffer.alloc(capacity * KEY_BYTES);
    this.#keys.copy(keys);
    this.#keys = keys;
    const segments = new Float64Array(capacity);
    segments.set(this.#segments);
    this.#segments = segments;
    const offsets = new Uint32Array(capacity);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
    const sizes = new Float64Array(capacity);
    sizes.set(this.#sizes);
    this.#sizes = sizes;
  }
}
