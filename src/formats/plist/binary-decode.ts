/**
 * Binary property lists ("bplist00"), reading.
 *
 *   0            "bplist00"
 *   8            objects: a marker byte (type in the high half, length in the low), then the payload
 *   table        offset table: where each object starts, `offsetSize` bytes each
 *   end − 32     trailer: 5 unused, sort version, u8 offsetSize, u8 refSize, u64 object count, u64 top object, u64 table
 *
 * All numbers are big-endian. Containers name their members by object number, `refSize` bytes each, so a hostile list
 * can name the same container many times, or itself: every reference is charged against a budget that the size of the
 * list sets, and depth is bounded.
 */
import {
  compactInteger,
  dateFromAppleSeconds,
  isPlistInteger,
  malformed,
  MAX_DEPTH,
  PlistReal,
  PlistUid,
  setEntry,
  type PlistDictionary,
  type PlistValue,
} from './value.ts';
import { SHORT_STRING_BYTES, shortString } from './short-strings.ts';

const HEADER_BYTES = 8;
const TRAILER_BYTES = 32;

/**
 * References that may be followed beyond the ones a list can hold without sharing containers. Apple's writers share
 * only scalars; Python's shares containers too.
 */
const SHARED_REFERENCES = 1_000_000;

/**
 * Reads a binary property list. Data comes out as views of `bytes`, not copies.
 *
 * @throws {FormatError} on anything malformed, too deep, or expanding beyond reason.
 */
export function decodeBinaryPlist(bytes: Uint8Array): PlistValue {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return new BinaryReader(buffer).root();
}

/** "bplist0" and any digit: Apple's readers accept every minor version of format 0. */
export function isBinaryPlist(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  for (let i = 0; i < MAGIC.length; i++) if (bytes[i] !== MAGIC[i]) return false;
  return true;
}

const MAGIC = Buffer.from('bplist0');

class BinaryReader {
  readonly #bytes: Buffer;
  readonly #offsetSize: number;
  readonly #refSize: number;
  readonly #count: number;
  readonly #top: number;
  readonly #table: number;
  /** Scalars already read, by object number: a list names its keys again and again. */
  readonly #scalars: (PlistValue | undefined)[];
  #referencesLeft: number;
  /** Text of distinct objects cannot overlap in an honest list, so all of it together fits the list's size. */
  #textBytesLeft: number;
  /** Where the payload starts whose length was read last. */
  #payload = 0;

  constructor(bytes: Buffer) {
    if (!isBinaryPlist(bytes) || bytes.length < HEADER_BYTES + 1 + TRAILER_BYTES) {
      malformed('no binary property list header', 0);
    }
    const trailer = bytes.length - TRAILER_BYTES;
    this.#bytes = bytes;
    this.#offsetSize = byteAt(bytes, trailer + 6);
    this.#refSize = byteAt(bytes, trailer + 7);
    this.#count = readUnsigned(bytes, trailer + 8, 8);
    this.#top = readUnsigned(bytes, trailer + 16, 8);
    this.#table = readUnsigned(bytes, trailer + 24, 8);
    if (this.#offsetSize < 1 || this.#offsetSize > 8 || this.#refSize < 1 || this.#refSize > 8) {
      malformed('impossible sizes in the trailer', trailer);
    }
    if (this.#table < HEADER_BYTES + 1 || this.#table + this.#count * this.#offsetSize > trailer) {
      malformed('the offset table does not fit', trailer);
    }
    this.#scalars = [];
    this.#referencesLeft = bytes.length + SHARED_REFERENCES;
    this.#textBytesLeft = bytes.length;
  }

  root(): PlistValue {
    return this.#object(this.#top, 0);
  }

  #object(index: number, depth: number): PlistValue {
    const known = this.#scalars[index];
    this.#referencesLeft -= known === undefined ? 1 : costOf(known);
    if (this.#referencesLeft < 0) malformed('it expands beyond reason', this.#table);
    if (known !== undefined) return known;
    if (index >= this.#count) malformed('a reference to an object that does not exist', this.#table);
    const offset = readUnsigned(this.#bytes, this.#table + index * this.#offsetSize, this.#offsetSize);
    if (offset < HEADER_BYTES || offset >= this.#table) malformed('an object outside the list', offset);
    const marker = byteAt(this.#bytes, offset);
    const low = marker & 0x0f;
    switch (marker >> 4) {
      case 0xd:
        return this.#dictionary(offset, low, depth);
      case 0xa: // array
      case 0xb: // ordered set
      case 0xc: // set
        return this.#array(offset, low, depth);
      default: {
        const value = this.#scalar(marker >> 4, low, offset);
        this.#scalars[index] = value;
        return value;
      }
    }
  }

  #scalar(type: number, low: number, offset: number): PlistValue {
    switch (type) {
      case 0x0:
        return constantOf(low, offset);
      case 0x1:
        return this.#integer(low, offset);
      case 0x2:
        return this.#real(low, offset);
      case 0x3:
        if (low !== 3) malformed('a date of unknown size', offset);
        this.#need(offset + 1, 8);
        return dateFromAppleSeconds(this.#bytes.readDoubleBE(offset + 1));
      case 0x4: {
        const length = this.#length(low, offset, 1);
        return this.#bytes.subarray(this.#payload, this.#payload + length);
      }
      case 0x5:
        return this.#asciiString(this.#length(low, offset, 1));
      case 0x6:
        return this.#utf16String(this.#length(low, offset, 2));
      case 0x8:
        this.#need(offset + 1, low + 1);
        return new PlistUid(readUnsigned(this.#bytes, offset + 1, low + 1));
      default:
        return malformed(`an object of unknown type ${type}`, offset);
    }
  }

  #dictionary(offset: number, low: number, depth: number): PlistDictionary {
    const count = this.#length(low, offset, 2 * this.#refSize);
    if (depth >= MAX_DEPTH) malformed('it is nested too deeply', offset);
    const dictionary: PlistDictionary = {};
    let keyAt = this.#payload;
    let valueAt = keyAt + count * this.#refSize;
    for (let i = 0; i < count; i++) {
      const key = this.#object(readUnsigned(this.#bytes, keyAt, this.#refSize), depth + 1);
      if (typeof key !== 'string') malformed('a key that is not a string', offset);
      setEntry(dictionary, key, this.#object(readUnsigned(this.#bytes, valueAt, this.#refSize), depth + 1));
      keyAt += this.#refSize;
      valueAt += this.#refSize;
    }
    return dictionary;
  }

  #array(offset: number, low: number, depth: number): PlistValue[] {
    const count = this.#length(low, offset, this.#refSize);
    if (depth >= MAX_DEPTH) malformed('it is nested too deeply', offset);
    const array: PlistValue[] = [];
    let at = this.#payload;
    for (let i = 0; i < count; i++) {
      array.push(this.#object(readUnsigned(this.#bytes, at, this.#refSize), depth + 1));
      at += this.#refSize;
    }
    return array;
  }

  /** Reads how many items of `itemBytes` an object has, leaving `#payload` at the first; all of them are there. */
  #length(low: number, offset: number, itemBytes: number): number {
    let length = low;
    this.#payload = offset + 1;
    if (low === 0x0f) {
      this.#need(offset + 1, 1);
      const marker = byteAt(this.#bytes, offset + 1);
      const size = 1 << (marker & 0x0f);
      if (marker >> 4 !== 1 || size > 8) malformed('a length that is not an integer', offset);
      this.#need(offset + 2, size);
      length = readUnsigned(this.#bytes, offset + 2, size);
      this.#payload = offset + 2 + size;
    }
    this.#need(this.#payload, length * itemBytes);
    return length;
  }

  /** One, two and four bytes are unsigned, eight signed; sixteen carry what only an unsigned 64-bit integer holds. */
  #integer(low: number, offset: number): number | bigint {
    const size = 1 << low;
    if (size > 16) malformed('an integer of unknown size', offset);
    this.#need(offset + 1, size);
    if (size <= 4) return readUnsigned(this.#bytes, offset + 1, size);
    if (size === 8) return readInt64(this.#bytes, offset + 1);
    const value = (this.#bytes.readBigInt64BE(offset + 1) << 64n) | this.#bytes.readBigUInt64BE(offset + 9);
    if (!isPlistInteger(value)) malformed('an integer beyond 64 bits', offset);
    return compactInteger(value);
  }

  #real(low: number, offset: number): PlistReal {
    if (low !== 2 && low !== 3) malformed('a real of unknown size', offset);
    this.#need(offset + 1, 1 << low);
    return new PlistReal(low === 2 ? this.#bytes.readFloatBE(offset + 1) : this.#bytes.readDoubleBE(offset + 1));
  }

  /** ASCII by the format; UTF-8 in lists made by older libplist, and ASCII is UTF-8. */
  #asciiString(length: number): string {
    this.#chargeText(length);
    const short = length <= SHORT_STRING_BYTES ? shortString(this.#bytes, this.#payload, length) : undefined;
    return short ?? this.#bytes.toString('utf8', this.#payload, this.#payload + length);
  }

  #utf16String(units: number): string {
    this.#chargeText(units * 2);
    const copy = Buffer.from(this.#bytes.subarray(this.#payload, this.#payload + units * 2));
    return copy.swap16().toString('utf16le');
  }

  #chargeText(length: number): void {
    this.#textBytesLeft -= length;
    if (this.#textBytesLeft < 0) malformed('strings that overlap', this.#payload);
  }

  #need(offset: number, size: number): void {
    if (offset + size > this.#table) malformed('an object that does not end', offset);
  }
}

/** A long string or much data named again costs more than one reference: written as XML it is there as often. */
function costOf(shared: PlistValue): number {
  const isLong = typeof shared === 'string' || Buffer.isBuffer(shared);
  return isLong ? 1 + (shared.length >> 6) : 1;
}

function constantOf(low: number, offset: number): null | boolean {
  if (low === 0x8) return false;
  if (low === 0x9) return true;
  return low === 0x0 ? null : malformed('an object of unknown type', offset);
}

/** The caller has checked that the bytes are there. */
function byteAt(bytes: Buffer, offset: number): number {
  return bytes[offset] ?? 0;
}

/** A big-endian unsigned integer of 1 to 16 bytes, refused when a number cannot hold it. */
function readUnsigned(bytes: Buffer, offset: number, size: number): number {
  let value = byteAt(bytes, offset);
  for (let i = 1; i < size; i++) value = value * 256 + byteAt(bytes, offset + i);
  if (value > Number.MAX_SAFE_INTEGER) malformed('a size beyond all reason', offset);
  return value;
}

function readInt64(bytes: Buffer, offset: number): number | bigint {
  const value = bytes.readInt32BE(offset) * 2 ** 32 + bytes.readUInt32BE(offset + 4);
  return Number.isSafeInteger(value) ? value : bytes.readBigInt64BE(offset);
}
