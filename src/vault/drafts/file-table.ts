import { randomInt } from 'node:crypto';
import type { ObjectRef } from '../objects/object-ref.ts';
import { NameStore } from './name-store.ts';

/** A file as a draft has it. */
export interface DraftFile extends ObjectRef {
  readonly changedAtMs: number;
}

/** A file of the base that was removed or moved away. */
export const REMOVED = Symbol('removed');
export type FileChange = DraftFile | typeof REMOVED;

const CHUNK_BITS = 14;
const CHUNK_ENTRIES = 1 << CHUNK_BITS;
const HASH_BYTES = 32;
/** Numbers of an entry: the hash of its key, its directory, its neighbours in the directory, where its name is. */
const WORDS = 5;
const KEY_HASH = 0;
const DIRECTORY = 1;
const NEXT = 2;
const PREVIOUS = 3;
const NAME = 4;
/** Size and time. */
const NUMBERS = 2;
/** The size of a file that is removed. */
const GONE = -1;

const NONE = 0;

/**
 * What a draft changed, by directory and name: about 90 bytes for a file, none of them for the garbage collector to
 * walk, so that a first backup of 500,000 files fits in 45 MB. Directories are numbers above 0.
 */
export class FileTable {
  readonly #seed = randomInt(2 ** 32);
  readonly #words: Uint32Array[] = [];
  readonly #numbers: Float64Array[] = [];
  readonly #hashes: Buffer[] = [];
  readonly #names = new NameStore();
  /** The first entry of each directory. */
  readonly #first = new Map<number, number>();
  /** Entries by the hash of their key: linear probing, at most half full. */
  #slots = new Uint32Array(1024);
  #count = 0;
  /** Entries are numbered from 1; freed ones form a list through `NEXT`. */
  #lastEntry = 0;
  #freeEntry = NONE;

  get(directory: number, name: string): FileChange | undefined {
    const entry = this.#slots[this.#slotOf(this.#hashOf(directory, name), directory, name)] ?? NONE;
    return entry === NONE ? undefined : this.#changeAt(entry);
  }

  put(directory: number, name: string, change: FileChange): void {
    const keyHash = this.#hashOf(directory, name);
    let slot = this.#slotOf(keyHash, directory, name);
    let entry = this.#slots[slot] ?? NONE;
    if (entry === NONE) {
      if ((this.#count + 1) * 2 > this.#slots.length) {
        this.#grow();
        slot = this.#slotOf(keyHash, directory, name);
      }
      entry = this.#newEntry(keyHash, directory, this.#names.add(name));
      this.#slots[slot] = entry;
      this.#count++;
    }
    this.#setChange(entry, change);
  }

  delete(directory: number, name: string): void {
    const slot = this.#slotOf(this.#hashOf(directory, name), directory, name);
    if (this.#slots[slot] !== NONE) this.#deleteAt(slot);
  }

  /** Whether the directory has a file of this name, and not the note that there is none any more. */
  holdsFile(directory: number, name: string): boolean {
    const entry = this.#slots[this.#slotOf(this.#hashOf(directory, name), directory, name)] ?? NONE;
    return entry !== NONE && this.#sizeAt(entry) !== GONE;
  }

  /** Brings a file into another directory, where it replaces what has its name. It must be there. */
  move(from: number, to: number, name: string): void {
    this.delete(to, name);
    const slot = this.#slotOf(this.#hashOf(from, name), from, name);
    const entry = this.#slots[slot] ?? NONE;
    if (entry === NONE) throw new RangeError(`there is no ${name} in directory ${from}`);
    this.#unlink(entry);
    this.#closeGap(slot);
    const keyHash = this.#hashOf(to, name);
    this.#slots[this.#slotOf(keyHash, to, name)] = entry;
    this.#setWord(entry, KEY_HASH, keyHash);
    this.#link(entry, to);
  }

  /** Forgets everything about a directory's files. */
  clear(directory: number): void {
    for (let entry = this.#first.get(directory) ?? NONE; entry !== NONE; entry = this.#first.get(directory) ?? NONE) {
      this.#deleteAt(this.#slotHolding(entry));
    }
  }

  hasAnyIn(directory: number): boolean {
    return this.#first.has(directory);
  }

  /** The changes in one directory, in no order. The table must not change meanwhile; hashes are good as long. */
  *in(directory: number): Generator<[string, FileChange], undefined> {
    for (const entry of this.#entriesIn(directory)) yield [this.nameAt(entry), this.viewAt(entry)];
  }

  /** The numbers of a directory's changes, by the bytes of their names. They are good until the table changes. */
  sortedIn(directory: number): Uint32Array {
    const byName = (a: number, b: number): number => this.#names.compare(this.#word(a, NAME), this.#word(b, NAME));
    return Uint32Array.from(this.#entriesIn(directory)).toSorted(byName);
  }

  nameAt(entry: number): string {
    return this.#names.get(this.#word(entry, NAME));
  }

  /** The change with a hash that is a view. */
  viewAt(entry: number): FileChange {
    const sizeBytes = this.#sizeAt(entry);
    if (sizeBytes === GONE) return REMOVED;
    const at = entry & (CHUNK_ENTRIES - 1);
    const hash =
      this.#hashes[entry >>> CHUNK_BITS]?.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES) ?? Buffer.alloc(0);
    return { hash, sizeBytes, changedAtMs: this.#numbers[entry >>> CHUNK_BITS]?.[at * NUMBERS + 1] ?? 0 };
  }

  *#entriesIn(directory: number): Generator<number, undefined> {
    for (let entry = this.#first.get(directory) ?? NONE; entry !== NONE; entry = this.#word(entry, NEXT)) yield entry;
  }

  #newEntry(keyHash: number, directory: number, name: number): number {
    let entry = this.#freeEntry;
    if (entry === NONE) {
      entry = ++this.#lastEntry;
      if (entry >>> CHUNK_BITS === this.#words.length) this.#addChunk();
    } else {
      this.#freeEntry = this.#word(entry, NEXT);
    }
    this.#setWord(entry, KEY_HASH, keyHash);
    this.#setWord(entry, NAME, name);
    this.#link(entry, directory);
    return entry;
  }

  /** Makes an entry the first of a directory. */
  #link(entry: number, directory: number): void {
    const next = this.#first.get(directory) ?? NONE;
    if (next !== NONE) this.#setWord(next, PREVIOUS, entry);
    this.#first.set(directory, entry);
    this.#setWord(entry, DIRECTORY, directory);
    this.#setWord(entry, NEXT, next);
    this.#setWord(entry, PREVIOUS, NONE);
  }

  #addChunk(): void {
    this.#words.push(new Uint32Array(CHUNK_ENTRIES * WORDS));
    this.#numbers.push(new Float64Array(CHUNK_ENTRIES * NUMBERS));
    this.#hashes.push(Buffer.alloc(CHUNK_ENTRIES * HASH_BYTES));
  }

  #deleteAt(slot: number): void {
    const entry = this.#slots[slot] ?? NONE;
    this.#unlink(entry);
    this.#setWord(entry, NEXT, this.#freeEntry);
    this.#freeEntry = entry;
    this.#count--;
    this.#closeGap(slot);
  }

  #unlink(entry: number): void {
    const directory = this.#word(entry, DIRECTORY);
    const next = this.#word(entry, NEXT);
    const previous = this.#word(entry, PREVIOUS);
    if (next !== NONE) this.#setWord(next, PREVIOUS, previous);
    if (previous !== NONE) this.#setWord(previous, NEXT, next);
    else if (next !== NONE) this.#first.set(directory, next);
    else this.#first.delete(directory);
  }

  /** Moves up the entries behind a freed slot that would no longer be found, as linear probing needs it. */
  #closeGap(freed: number): void {
    const mask = this.#slots.length - 1;
    let gap = freed;
    for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? NONE;
      if (entry === NONE) break;
      const home = this.#word(entry, KEY_HASH) & mask;
      // Whether `home` lies cyclically behind the gap: then the entry is found where it is.
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      this.#slots[gap] = entry;
      gap = slot;
    }
    this.#slots[gap] = NONE;
  }

  #slotOf(keyHash: number, directory: number, name: string): number {
    const mask = this.#slots.length - 1;
    for (let slot = keyHash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] ?? NONE;
      if (entry === NONE) return slot;
      if (this.#word(entry, KEY_HASH) !== keyHash || this.#word(entry, DIRECTORY) !== directory) continue;
      if (this.#names.is(this.#word(entry, NAME), name)) return slot;
    }
  }

  #slotHolding(entry: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#word(entry, KEY_HASH) & mask;
    while (this.#slots[slot] !== entry) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    const mask = slots.length - 1;
    for (const entry of old) {
      if (entry === NONE) continue;
      let slot = this.#word(entry, KEY_HASH) & mask;
      while (slots[slot] !== NONE) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots = slots;
  }

  /** FNV-1a over the name, begun with a secret, so that no device can choose names that collide. */
  #hashOf(directory: number, name: string): number {
    let hash = this.#seed ^ Math.imul(directory, 0x9e3779b1);
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #changeAt(entry: number): FileChange {
    const change = this.viewAt(entry);
    return change === REMOVED ? REMOVED : { ...change, hash: Buffer.from(change.hash) };
  }

  #sizeAt(entry: number): number {
    return this.#numbers[entry >>> CHUNK_BITS]?.[(entry & (CHUNK_ENTRIES - 1)) * NUMBERS] ?? GONE;
  }

  #setChange(entry: number, change: FileChange): void {
    const numbers = this.#numbers[entry >>> CHUNK_BITS];
    const hashes = this.#hashes[entry >>> CHUNK_BITS];
    if (numbers === undefined || hashes === undefined) throw new RangeError(`there is no entry ${entry}`);
    const at = entry & (CHUNK_ENTRIES - 1);
    numbers[at * NUMBERS] = change === REMOVED ? GONE : change.sizeBytes;
    if (change === REMOVED) return;
    numbers[at * NUMBERS + 1] = change.changedAtMs;
    hashes.set(change.hash, at * HASH_BYTES);
  }

  #word(entry: number, word: number): number {
    return this.#words[entry >>> CHUNK_BITS]?.[(entry & (CHUNK_ENTRIES - 1)) * WORDS + word] ?? NONE;
  }

  #setWord(entry: number, word: number, value: number): void {
    const words = this.#words[entry >>> CHUNK_BITS];
    if (words !== undefined) words[(entry & (CHUNK_ENTRIES - 1)) * WORDS + word] = value;
  }
}
