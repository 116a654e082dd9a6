import { PlaceList, type Place } from './place-list.ts';

const FIRST_SLOTS = 2048;
/** Marks a free slot; entries are numbered from 1 in the slots. */
const FREE = 0;

/**
 * A map from SHA-256 hashes to places, about 60 bytes an entry. A hash is uniformly distributed, so its first word
 * serves as the hash of the hash. Entries stay in the order of arrival in `entries`.
 */
export class PlaceTable {
  readonly entries = new PlaceList();
  #slots = new Uint32Array(FIRST_SLOTS);

  get size(): number {
    return this.entries.length;
  }

  get(hash: Buffer): Place | undefined {
    const entry = this.#find(hash);
    return entry === -1 ? undefined : this.entries.placeAt(entry);
  }

  has(hash: Buffer): boolean {
    return this.#find(hash) !== -1;
  }

  /** Adds an entry, or gives the one with this hash another place. */
  set(hash: Buffer, segment: number, offset: number, sizeBytes: number): void {
    const known = this.#find(hash);
    if (known !== -1) {
      this.entries.setPlace(known, segment, offset, sizeBytes);
      return;
    }
    if ((this.size + 1) * 2 > this.#slots.length) this.#grow();
    const slot = this.#slotOf(hash);
    this.#slots[slot] = this.entries.push(hash, segment, offset, sizeBytes) + 1;
  }

  /** Empties the table and keeps its memory. */
  clear(): void {
    this.entries.clear();
    this.#slots.fill(FREE);
  }

  /** The number of the entry with this hash, -1 when there is none. */
  #find(hash: Buffer): number {
    return (this.#slots[this.#slotOf(hash)] ?? FREE) - 1;
  }

  /** The slot that holds this hash, or the free one where it belongs. */
  #slotOf(hash: Buffer): number {
    const mask = this.#slots.length - 1;
    const word = hash.readUInt32LE(0);
    let slot = word & mask;
    for (;;) {
      const entry = (this.#slots[slot] ?? FREE) - 1;
      if (entry === -1 || (this.entries.wordAt(entry) === word && this.entries.matches(entry, hash))) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let entry = 0; entry < this.size; entry++) {
      let slot = this.entries.wordAt(entry) & mask;
      while (this.#slots[slot] !== FREE) slot = (slot + 1) & mask;
      this.#slots[slot] = entry + 1;
    }
  }
}
