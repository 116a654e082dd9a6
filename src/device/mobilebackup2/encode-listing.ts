import type { TargetEntry } from '../../shared/target/backup-target.ts';
import { FRAME_HEADER_BYTES } from '../devicelink/frame.ts';
import { DL_MESSAGE, DL_STATUS, EMPTY_PARAMETER } from '../devicelink/messages.ts';

/** What every answer begins with, in the order of the object numbers. */
const STATUS_ARRAY = 0;
const [NAME, CODE, TEXT, DICTIONARY] = [1, 2, 3, 4];
const TEXTS = ['DLFileType', 'DLFileSize', 'DLFileModificationDate', 'DLFileTypeRegular', 'DLFileTypeDirectory'];
const [TYPE_KEY, SIZE_KEY, DATE_KEY, REGULAR, FOLDER] = [5, 6, 7, 8, 9];
const FIRST_FREE = 10;
/** Of an entry: its name, its size, its date and the dictionary of the latter two. */
const OBJECTS_PER_ENTRY = 4;
/** Bytes of an entry's objects and their offsets beside the name itself and the references to them. */
const BYTES_PER_ENTRY = 64;
const FIXED_BYTES = 512;

const MAGIC = 'bplist00';
const TRAILER_BYTES = 32;
const APPLE_EPOCH_MS = Date.UTC(2001, 0, 1);

/**
 * The answer to DLContentsOfDirectory with its frame: a status response whose value maps names to what is there.
 *
 * Written straight into a binary property list (its layout is described in formats/plist/binary-decode.ts), without the
 * hundreds of thousands of objects in between: a device lists its whole backup twice every time.
 */
export function encodeListing(entries: readonly TargetEntry[]): Buffer {
  return new ListingWriter(entries).finish();
}

class ListingWriter {
  readonly #entries: readonly TargetEntry[];
  readonly #refBytes: number;
  readonly #offsets: Uint32Array;
  #bytes: Buffer;
  #length = FRAME_HEADER_BYTES;
  #count = 0;

  constructor(entries: readonly TargetEntry[]) {
    const objects = FIRST_FREE + OBJECTS_PER_ENTRY * entries.length;
    this.#entries = entries;
    this.#refBytes = objects < 0x100 ? 1 : objects < 0x10000 ? 2 : 4;
    this.#offsets = new Uint32Array(objects);
    this.#bytes = Buffer.allocUnsafe(FIXED_BYTES + entries.length * BYTES_PER_ENTRY);
  }

  finish(): Buffer {
    this.#length += this.#bytes.write(MAGIC, this.#length, 'latin1');
    this.#begin(0xa4);
    for (const reference of [NAME, CODE, TEXT, DICTIONARY]) this.#reference(reference);
    this.#text(DL_MESSAGE.statusResponse);
    this.#integer(DL_STATUS.ok);
    this.#text(EMPTY_PARAMETER);
    const references = this.#dictionary(this.#entries.length);
    for (const text of TEXTS) this.#text(text);
    this.#writeEntries(references);
    this.#writeEnd();
    this.#bytes.writeUInt32BE(this.#length - FRAME_HEADER_BYTES, 0);
    return this.#bytes.subarray(0, this.#length);
  }

  /** @param references where those of the dictionary of entries go: all names, then all values. */
  #writeEntries(references: number): void {
    let at = references;
    let valueAt = references + this.#entries.length * this.#refBytes;
    // Neighbours mostly share size or time, and then one object.
    let size = -1;
    let sizeNumber = 0;
    let timeMs = Number.NaN;
    let timeNumber = 0;
    for (const { name, kind, sizeBytes, modifiedAt } of this.#entries) {
      this.#reserve(BYTES_PER_ENTRY + name.length * 2);
      at = this.#referenceAt(at, this.#text(name));
      if (sizeBytes !== size) sizeNumber = this.#integer(sizeBytes);
      if (modifiedAt.getTime() !== timeMs) timeNumber = this.#date(modifiedAt);
      size = sizeBytes;
      timeMs = modifiedAt.getTime();
      valueAt = this.#referenceAt(valueAt, this.#begin(0xd3));
      this.#reference(TYPE_KEY);
      this.#reference(SIZE_KEY);
      this.#reference(DATE_KEY);
      this.#reference(kind === 'directory' ? FOLDER : REGULAR);
      this.#reference(sizeNumber);
      this.#reference(timeNumber);
    }
  }

  #writeEnd(): void {
    const table = this.#length - FRAME_HEADER_BYTES;
    this.#reserve(this.#count * 4 + TRAILER_BYTES);
    for (let object = 0; object < this.#count; object++) {
      this.#length = this.#bytes.writeUInt32BE(this.#offsets[object] ?? 0, this.#length);
    }
    this.#bytes.fill(0, this.#length, this.#length + TRAILER_BYTES);
    this.#bytes[this.#length + 6] = 4;
    this.#bytes[this.#length + 7] = this.#refBytes;
    this.#bytes.writeUInt32BE(this.#count, this.#length + 12);
    this.#bytes.writeUInt32BE(STATUS_ARRAY, this.#length + 20);
    this.#bytes.writeUInt32BE(table, this.#length + 28);
    this.#length += TRAILER_BYTES;
  }

  /** Begins an object with its marker and returns its number. */
  #begin(marker: number): number {
    this.#offsets[this.#count] = this.#length - FRAME_HEADER_BYTES;
    this.#bytes[this.#length++] = marker;
    return this.#count++;
  }

  #text(text: string): number {
    const isAscii = Buffer.byteLength(text) === text.length;
    const number = this.#begin((isAscii ? 0x50 : 0x60) | Math.min(text.length, 0x0f));
    if (text.length >= 0x0f) this.#count32(text.length);
    const start = this.#length;
    this.#length += this.#bytes.write(text, start, isAscii ? 'latin1' : 'utf16le');
    if (!isAscii) this.#bytes.subarray(start, this.#length).swap16();
    return number;
  }

  #integer(value: number): number {
    const isShort = value <= 0xffffffff;
    const number = this.#begin(isShort ? 0x12 : 0x13);
    this.#length = isShort
      ? this.#bytes.writeUInt32BE(value, this.#length)
      : this.#bytes.writeBigInt64BE(BigInt(value), this.#length);
    return number;
  }

  #date(date: Date): number {
    const number = this.#begin(0x33);
    this.#length = this.#bytes.writeDoubleBE((date.getTime() - APPLE_EPOCH_MS) / 1000, this.#length);
    return number;
  }

  /** A dictionary of so many members, whose references are left open. Returns where they go. */
  #dictionary(members: number): number {
    this.#begin(0xd0 | Math.min(members, 0x0f));
    if (members >= 0x0f) this.#count32(members);
    const start = this.#length;
    this.#reserve(2 * members * this.#refBytes + FIXED_BYTES);
    this.#length += 2 * members * this.#refBytes;
    return start;
  }

  #count32(count: number): void {
    this.#bytes[this.#length++] = 0x12;
    this.#length = this.#bytes.writeUInt32BE(count, this.#length);
  }

  #reference(object: number): void {
    this.#length = this.#referenceAt(this.#length, object);
  }

  #referenceAt(at: number, object: number): number {
    if (this.#refBytes === 2) return this.#bytes.writeUInt16BE(object, at);
    return this.#refBytes === 1 ? this.#bytes.writeUInt8(object, at) : this.#bytes.writeUInt32BE(object, at);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#length + bytes, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
