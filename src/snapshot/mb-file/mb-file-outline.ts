/**
 * The fields of an MBFile that every listing shows, and the key of its content, found in its bytes without decoding the
 * rest: lists of hundreds of thousands of files are read in a fraction of the time. Where an archive is laid out
 * otherwise than devices do it, it is decoded as a whole; what comes out is the same.
 */
import { decodeMbFile } from './mb-file.ts';

export interface FileOutline {
  /** As in `MbFile`: absent now and then, and wrong for databases. */
  readonly sizeBytes?: number | undefined;
  /** As st_mode of POSIX. */
  readonly mode: number;
  readonly modifiedAt?: Date | undefined;
  /** As in `MbFile`. */
  readonly encryptionKey?: Buffer | undefined;
}

/** @throws {FormatError} when the bytes are no MBFile. */
export function outlineOf(bytes: Uint8Array): FileOutline {
  const found = quickOutline(bytes);
  if (found !== undefined) return found;
  const { sizeBytes, mode, modifiedAt, encryptionKey } = decodeMbFile(bytes);
  return { sizeBytes, mode, modifiedAt, encryptionKey };
}

const TRAILER_BYTES = 32;
const TYPE_ASCII = 0x50;
const TYPE_ARRAY = 0xa0;
const TYPE_DICTIONARY = 0xd0;
const UID_OF_ONE_BYTE = 0x80;
const LONG_DATA = 0x4f;
/** u32 class and wrapped key. */
const KEY_BYTES = 44;
const NO_KEY = -1;
/** Unix time of the last moment that a Date can hold. */
const LATEST_SECONDS = 8.64e12;
/** A length in the low half of a marker; then the length follows as an integer. */
const LONG = 0x0f;
const INTEGER_OF_ONE_BYTE = 0x10;
const INTEGER_OF_EIGHT_BYTES = 0x13;

/**
 * Undefined where anything is unusual. Reads beyond the end give undefined, which no comparison below takes for a
 * value, so hostile bytes end here or in numbers that are wrong, never elsewhere.
 */
function quickOutline(bytes: Uint8Array): FileOutline | undefined {
  const trailer = bytes.length - TRAILER_BYTES;
  if (trailer < 8 || bytes[trailer + 7] !== 1) return undefined;
  const offsetSize = bytes[trailer + 6];
  if (offsetSize !== 1 && offsetSize !== 2) return undefined;
  const list: List = { bytes, table: unsignedAt(bytes, trailer + 28, 4), offsetSize };
  const objects = memberOf(list, bytes[trailer + 23], '$objects');
  const top = memberOf(list, bytes[trailer + 23], '$top');
  const reference = offsetOf(list, memberOf(list, top, 'root'));
  if (bytes[reference] !== UID_OF_ONE_BYTE) return undefined;
  const file = elementOf(list, objects, bytes[reference + 1]);
  const sizeBytes = integerOf(list, memberOf(list, file, 'Size'));
  const mode = integerOf(list, memberOf(list, file, 'Mode'));
  const modified = integerOf(list, memberOf(list, file, 'LastModified'));
  if (sizeBytes === undefined || mode === undefined || modified === undefined) return undefined;
  if (modified > LATEST_SECONDS) return undefined;
  const keyReference = memberOf(list, file, 'EncryptionKey');
  const keyStart = keyReference === undefined ? NO_KEY : keyStartOf(list, objects, keyReference);
  return keyStart === undefined ? undefined : new QuickOutline(bytes, sizeBytes, mode, modified, keyStart);
}

/** Makes objects of what is not a number when it is asked for: a list of sizes needs neither times nor keys. */
class QuickOutline implements FileOutline {
  readonly sizeBytes: number;
  readonly mode: number;
  readonly #bytes: Uint8Array;
  readonly #modifiedSeconds: number;
  readonly #keyStart: number;

  constructor(bytes: Uint8Array, sizeBytes: number, mode: number, modifiedSeconds: number, keyStart: number) {
    this.sizeBytes = sizeBytes;
    this.mode = mode;
    this.#bytes = bytes;
    this.#modifiedSeconds = modifiedSeconds;
    this.#keyStart = keyStart;
  }

  get modifiedAt(): Date {
    return new Date(this.#modifiedSeconds * 1000);
  }

  get encryptionKey(): Buffer | undefined {
    if (this.#keyStart === NO_KEY) return undefined;
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#keyStart, KEY_BYTES);
  }
}

/** Where the 44 bytes of a key begin: an object of the archive holds them as its NS.data. */
function keyStartOf(list: List, objects: number | undefined, reference: number): number | undefined {
  const { bytes } = list;
  const uid = offsetOf(list, reference);
  if (bytes[uid] !== UID_OF_ONE_BYTE) return undefined;
  const holder = elementOf(list, objects, bytes[uid + 1]);
  const start = offsetOf(list, memberOf(list, holder, 'NS.data'));
  const isKey =
    bytes[start] === LONG_DATA && bytes[start + 1] === INTEGER_OF_ONE_BYTE && bytes[start + 2] === KEY_BYTES;
  return isKey && start + 3 + KEY_BYTES <= bytes.length ? start + 3 : undefined;
}

interface List {
  readonly bytes: Uint8Array;
  /** Where the offsets of the objects are. */
  readonly table: number;
  readonly offsetSize: 1 | 2;
}

/** Where an object begins; NaN where there is no such object, where nothing is. */
function offsetOf({ bytes, table, offsetSize }: List, object: number | undefined): number {
  if (object === undefined) return NaN;
  return unsignedAt(bytes, table + object * offsetSize, offsetSize);
}

/** The number of the object that a dictionary has under a key. */
function memberOf(list: List, dictionary: number | undefined, key: string): number | undefined {
  const { bytes } = list;
  const start = offsetOf(list, dictionary);
  const count = countAt(bytes, start, TYPE_DICTIONARY);
  if (count === undefined) return undefined;
  const first = firstMember(bytes, start);
  for (let index = 0; index < count; index++) {
    if (isText(bytes, offsetOf(list, bytes[first + index]), key)) return bytes[first + count + index];
  }
  return undefined;
}

/** The number of the object at an index of an array. */
function elementOf(list: List, array: number | undefined, index: number | undefined): number | undefined {
  const { bytes } = list;
  const start = offsetOf(list, array);
  const count = countAt(bytes, start, TYPE_ARRAY);
  if (count === undefined || index === undefined || index >= count) return undefined;
  return bytes[firstMember(bytes, start) + index];
}

/** Where the references of a container begin: behind the marker, and behind the count where that is on its own. */
function firstMember(bytes: Uint8Array, start: number): number {
  return ((bytes[start] ?? 0) & LONG) === LONG ? start + 3 : start + 1;
}

/** How many members a container has; undefined when it is none of this type, or has more than 255. */
function countAt(bytes: Uint8Array, start: number, type: number): number | undefined {
  const marker = bytes[start];
  if (marker === undefined || (marker & 0xf0) !== type) return undefined;
  const count = marker & LONG;
  if (count < LONG) return count;
  return bytes[start + 1] === INTEGER_OF_ONE_BYTE ? bytes[start + 2] : undefined;
}

function isText(bytes: Uint8Array, start: number, text: string): boolean {
  if (bytes[start] !== (TYPE_ASCII | text.length)) return false;
  for (let index = 0; index < text.length; index++) {
    if (bytes[start + 1 + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** An integer below 2^53 that is not negative; a Unix time or a size is no other. */
function integerOf(list: List, object: number | undefined): number | undefined {
  const start = offsetOf(list, object);
  const marker = list.bytes[start];
  if (marker === undefined || marker < INTEGER_OF_ONE_BYTE || marker > INTEGER_OF_EIGHT_BYTES) return undefined;
  const value = unsignedAt(list.bytes, start + 1, 1 << (marker & LONG));
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** Big-endian; NaN when it is not all there. */
function unsignedAt(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let index = 0; index < length; index++) value = value * 256 + (bytes[start + index] ?? NaN);
  return value;
}
