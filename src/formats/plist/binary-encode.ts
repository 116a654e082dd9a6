/** Binary property lists, writing. The layout is described in binary-decode.ts. */
import {
  appleSecondsOf,
  compactInteger,
  integerOf,
  isPlistInteger,
  MAX_DEPTH,
  PlistReal,
  PlistUid,
  type PlistDictionary,
  type PlistValue,
} from './value.ts';

const MAGIC = 'bplist00';
const TRAILER_BYTES = 32;
/** A string longer than this would not fit a buffer anyway; the scratch grows in powers of two up to what is needed. */
const SCRATCH_BYTES = 64 * 1024;

/**
 * Writes a binary property list. Equal strings, integers and reals are stored once, as Apple's writer does.
 *
 * @throws {TypeError} on a value that no property list can hold, or one nested deeper than 512 (as cycles are).
 * @throws {RangeError} on a bigint beyond 64 bits.
 */
export function encodeBinaryPlist(value: PlistValue): Buffer {
  const objects = new ObjectTable();
  objects.add(value, 0);
  return new BinaryWriter(objects.entries).finish();
}

/** A scalar, or a container with the object numbers of its members (of a dictionary: all keys, then all values). */
type Entry = Scalar | Container;
type Scalar = Exclude<PlistValue, PlistValue[] | PlistDictionary>;
class Container {
  readonly marker: number;
  readonly count: number;
  readonly references: number[] = [];

  constructor(marker: number, count: number) {
    this.marker = marker;
    this.count = count;
  }
}

/** Numbers the objects of a value, equal scalars alike. */
class ObjectTable {
  readonly entries: Entry[] = [];
  readonly #known = new Map<unknown, number>();
  readonly #knownReals = new Map<number, number>();

  add(value: PlistValue, depth: number): number {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return this.#unique(value);
      case 'bigint':
        if (!isPlistInteger(value)) throw new RangeError('a property list holds integers of 64 bits at most');
        return this.#unique(compactInteger(value));
      case 'number': {
        const integer = integerOf(value);
        return integer === undefined ? this.#uniqueReal(value) : this.#unique(integer);
      }
      case 'object':
        return this.#addObject(value, depth);
      case 'undefined':
      case 'function':
      case 'symbol':
        break;
    }
    throw new TypeError(`a property list cannot hold a value of type ${typeof value}`);
  }

  #addObject(value: (PlistValue & object) | null, depth: number): number {
    if (value === null) return this.#unique(null);
    if (value instanceof PlistReal) return this.#uniqueReal(value.value);
    if (value instanceof PlistUid || value instanceof Date || value instanceof Uint8Array) return this.#append(value);
    if (depth >= MAX_DEPTH) throw new TypeError('the value is nested too deeply for a property list');
    return Array.isArray(value) ? this.#addArray(value, depth) : this.#addDictionary(value, depth);
  }

  #addArray(values: PlistValue[], depth: number): number {
    const container = new Container(0xa0, values.length);
    const index = this.#append(container);
    for (const value of values) container.references.push(this.add(value, depth + 1));
    return index;
  }

  #addDictionary(dictionary: PlistDictionary, depth: number): number {
    const keys = Object.keys(dictionary);
    const container = new Container(0xd0, keys.length);
    const index = this.#append(container);
    for (const key of keys) container.references.push(this.#unique(key));
    for (const key of keys) container.references.push(this.add(dictionary[key] as PlistValue, depth + 1));
    return index;
  }

  #unique(value: Scalar): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const index = this.#append(value);
    this.#known.set(value, index);
    return index;
  }

  /** Apart from the integers, since 3.0 is not 3. Maps take −0 for 0, so −0 is never shared. */
  #uniqueReal(value: number): number {
    const known = Object.is(value, -0) ? undefined : this.#knownReals.get(value);
    if (known !== undefined) return known;
    const index = this.#append(new PlistReal(value));
    if (!Object.is(value, -0)) this.#knownReals.set(value, index);
    return index;
  }

  #append(entry: Entry): number {
    return this.entries.push(entry) - 1;
  }
}

/** Kept between calls so that small lists cost no allocation but their own bytes. */
const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

class BinaryWriter {
  readonly #entries: Entry[];
  readonly #refSize: number;
  #bytes = scratch;
  #length = 0;

  constructor(entries: Entry[]) {
    this.#entries = entries;
    this.#refSize = sizeOf(entries.length);
  }

  finish(): Buffer {
    this.#length = this.#bytes.write(MAGIC, 'latin1');
    const offsets = this.#entries.map((entry) => {
      const offset = this.#length;
      this.#entry(entry);
      return offset;
    });
    const table = this.#length;
    const offsetSize = sizeOf(table);
    this.#reserve(offsets.length * offsetSize + TRAILER_BYTES);
    for (const offset of offsets) this.#unsigned(offset, offsetSize);
    this.#trailer(offsetSize, offsets.length, table);
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #trailer(offsetSize: number, count: number, table: number): void {
    this.#bytes.fill(0, this.#length, this.#length + TRAILER_BYTES);
    this.#bytes[this.#length + 6] = offsetSize;
    this.#bytes[this.#length + 7] = this.#refSize;
    this.#bytes.writeUInt32BE(count, this.#length + 12);
    this.#bytes.writeUIntBE(table, this.#length + 26, 6);
    this.#length += TRAILER_BYTES;
  }

  #entry(entry: Entry): void {
    if (typeof entry === 'string') this.#string(entry);
    else if (typeof entry === 'number' || typeof entry === 'bigint') this.#integer(entry);
    else if (typeof entry === 'boolean') this.#byte(entry ? 0x09 : 0x08);
    else if (entry === null) this.#byte(0x00);
    else if (entry instanceof Container) this.#container(entry);
    else if (entry instanceof PlistReal) this.#double(0x23, entry.value);
    else if (entry instanceof Date) this.#double(0x33, appleSecondsOf(entry));
    else if (entry instanceof PlistUid) this.#uid(entry.value);
    else this.#data(entry);
  }

  #container(container: Container): void {
    this.#marker(container.marker, container.count);
    this.#reserve(container.references.length * this.#refSize);
    for (const reference of container.references) this.#unsigned(reference, this.#refSize);
  }

  #string(text: string): void {
    const ascii = isAscii(text);
    this.#marker(ascii ? 0x50 : 0x60, text.length);
    this.#reserve(text.length * 2);
    if (ascii) {
      this.#length += this.#bytes.write(text, this.#length, 'latin1');
    } else {
      const written = this.#bytes.write(text, this.#length, 'utf16le');
      this.#bytes.subarray(this.#length, this.#length + written).swap16();
      this.#length += written;
    }
  }

  #data(data: Uint8Array): void {
    this.#marker(0x40, data.length);
    this.#reserve(data.length);
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
  }

  #integer(value: number | bigint): void {
    this.#reserve(17);
    if (value >= 0 && value <= 0xffffffff) {
      const size = sizeOf(Number(value));
      this.#bytes[this.#length++] = 0x10 | Math.log2(size);
      this.#unsigned(Number(value), size);
    } else if (value < 2n ** 63n) {
      this.#bytes[this.#length++] = 0x13;
      this.#length = this.#bytes.writeBigInt64BE(BigInt(value), this.#length);
    } else {
      this.#bytes[this.#length++] = 0x14;
      this.#length = this.#bytes.writeBigUInt64BE(0n, this.#length);
      this.#length = this.#bytes.writeBigUInt64BE(BigInt(value), this.#length);
    }
  }

  #uid(value: number): void {
    const size = sizeOf(value);
    this.#byte(0x80 | (size - 1));
    this.#reserve(size);
    this.#unsigned(value, size);
  }

  #double(marker: number, value: number): void {
    this.#byte(marker);
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  #marker(type: number, length: number): void {
    this.#byte(type | Math.min(length, 0x0f));
    if (length >= 0x0f) this.#integer(length);
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Room must have been reserved. */
  #unsigned(value: number, size: number): void {
    if (size === 1) this.#bytes[this.#length++] = value;
    else if (size === 2) this.#length = this.#bytes.writeUInt16BE(value, this.#length);
    else if (size === 4) this.#length = this.#bytes.writeUInt32BE(value, this.#length);
    else this.#length = this.#bytes.writeBigUInt64BE(BigInt(value), this.#length);
  }

  #reserve(size: number): void {
    const needed = this.#length + size;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Bytes needed for an unsigned number, of the sizes the format's own integers come in. */
function sizeOf(value: number): number {
  if (value < 0x100) return 1;
  if (value < 0x10000) return 2;
  return value < 0x1_0000_0000 ? 4 : 8;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
