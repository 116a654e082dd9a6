/** Where the bytes of an object are. */
export interface Place {
  /** The number of the segment, `OWN_FILE` for a large object, `NOWHERE` for one that is missing. */
  readonly segment: number;
  /** Of the first byte of the object in the segment; 0 in a file of its own. */
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
  #keys = Buffer.alloc(FIRST_CAPACITY * KEY_BYTES);
  #segments = new Float64Array(FIRST_CAPACITY);
  #offsets = new Uint32Array(FIRST_CAPACITY);
  #sizes = new Float64Array(FIRST_CAPACITY);

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
  entriesByPlace(): Uint32Array {
    const segments = this.#segments;
    const offsets = this.#offsets;
    return new Uint32Array(this.#count)
      .map((_, entry) => entry)
      .toSorted((a, b) => (segments[a] ?? 0) - (segments[b] ?? 0) || (offsets[a] ?? 0) - (offsets[b] ?? 0));
  }

  #grow(): void {
    const capacity = this.#sizes.length * 2;
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
