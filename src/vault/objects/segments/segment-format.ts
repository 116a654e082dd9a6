/**
 * The bytes of a segment. All numbers are little-endian.
 *
 *   header   offset 0   8 B   "HFSEGM01"
 *            offset 8   u64   the segment's number, which is also its file name
 *
 *   record   offset 0   4 B   "HFob"
 *            offset 4   u32   length of the object
 *            offset 8   32 B  SHA-256 of the object
 *            offset 40        the object
 *
 *   index    for each record, in the order of the file:
 *            offset 0   32 B  SHA-256 of the object
 *            offset 32  u32   offset of the object (not of its record) in the file
 *            offset 36  u32   length of the object
 *
 *   footer   offset 0   u32   offset of the index in the file
 *            offset 4   u32   number of records
 *            offset 8   32 B  SHA-256 of the index and of the footer's first 8 bytes
 *            offset 40  8 B   "HFINDX01", the end of the file
 *
 * A segment that has its footer is sealed and never changes. One that has not was being written when its writer
 * died; its records speak for themselves, because each carries the hash of its bytes.
 */
import { createHash } from 'node:crypto';
import { FormatError } from '../../../shared/errors.ts';
import { HASH_BYTES } from '../object-ref.ts';

export const SEGMENT_HEADER_BYTES = 16;
export const RECORD_HEADER_BYTES = 40;
export const INDEX_ENTRY_BYTES = 40;
export const FOOTER_BYTES = 48;
/** Records end before this offset; the index follows. */
export const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;
/** Bounds the index, which its writer holds in memory. */
export const MAX_SEGMENT_RECORDS = 65_536;

export const RECORD_MAGIC = Buffer.from('HFob', 'latin1');
const SEGMENT_MAGIC = Buffer.from('HFSEGM01', 'latin1');
const INDEX_MAGIC = Buffer.from('HFINDX01', 'latin1');
const MAGIC_BYTES = 8;

/** Records as the index of a segment lists them. */
export interface SegmentIndex {
  readonly count: number;
  /** Where the records end. */
  readonly recordsEnd: number;
  /** A view of 32 bytes. */
  hashAt(entry: number): Buffer;
  offsetAt(entry: number): number;
  sizeAt(entry: number): number;
}

export function encodeSegmentHeader(segment: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  SEGMENT_MAGIC.copy(header);
  header.writeBigUInt64LE(BigInt(segment), MAGIC_BYTES);
  return header;
}

/** Whether these bytes begin the segment of this number. */
export function isSegmentHeader(bytes: Buffer, segment: number): boolean {
  return bytes.length >= SEGMENT_HEADER_BYTES && encodeSegmentHeader(segment).equals(bytes.subarray(0, 16));
}

/** Writes the header of a record at `at` in `into`, which has room for it. */
export function writeRecordHeader(into: Buffer, at: number, hash: Buffer, sizeBytes: number): void {
  RECORD_MAGIC.copy(into, at);
  into.writeUInt32LE(sizeBytes, at + 4);
  hash.copy(into, at + 8, 0, HASH_BYTES);
}

/** Collects the index of a segment while its records are written. */
export class SegmentIndexBuilder implements SegmentIndex {
  #entries = Buffer.alloc(INDEX_ENTRY_BYTES * 256);
  #count = 0;
  #recordsEnd = SEGMENT_HEADER_BYTES;

  get count(): number {
    return this.#count;
  }

  get recordsEnd(): number {
    return this.#recordsEnd;
  }

  add(hash: Buffer, offset: number, sizeBytes: number): void {
    const at = this.#count * INDEX_ENTRY_BYTES;
    if (at === this.#entries.length) {
      const larger = Buffer.alloc(at * 2);
      this.#entries.copy(larger);
      this.#entries = larger;
    }
    hash.copy(this.#entries, at, 0, HASH_BYTES);
    this.#entries.writeUInt32LE(offset, at + 32);
    this.#entries.writeUInt32LE(sizeBytes, at + 36);
    this.#count++;
    this.#recordsEnd = offset + sizeBytes;
  }

  hashAt(entry: number): Buffer {
    return this.#entries.subarray(entry * INDEX_ENTRY_BYTES, entry * INDEX_ENTRY_BYTES + HASH_BYTES);
  }

  offsetAt(entry: number): number {
    return this.#entries.readUInt32LE(entry * INDEX_ENTRY_BYTES + 32);
  }

  sizeAt(entry: number): number {
    return this.#entries.readUInt32LE(entry * INDEX_ENTRY_BYTES + 36);
  }

  /** The index and the footer, to be written at `recordsEnd`. */
  encode(): Buffer {
    const entriesBytes = this.#count * INDEX_ENTRY_BYTES;
    const bytes = Buffer.alloc(entriesBytes + FOOTER_BYTES);
    this.#entries.copy(bytes, 0, 0, entriesBytes);
    bytes.writeUInt32LE(this.#recordsEnd, entriesBytes);
    bytes.writeUInt32LE(this.#count, entriesBytes + 4);
    hashOfIndex(bytes, entriesBytes + 8).copy(bytes, entriesBytes + 8);
    INDEX_MAGIC.copy(bytes, entriesBytes + 8 + HASH_BYTES);
    return bytes;
  }
}

/**
 * Where the index of a sealed segment begins, by the last 48 bytes of its file.
 *
 * @returns undefined when these bytes are no footer: the segment was never sealed, or its end is damaged.
 */
export function indexOffset(footer: Buffer, fileBytes: number): number | undefined {
  if (footer.length !== FOOTER_BYTES || !footer.subarray(8 + HASH_BYTES).equals(INDEX_MAGIC)) return undefined;
  const offset = footer.readUInt32LE(0);
  const count = footer.readUInt32LE(4);
  const fits = offset >= SEGMENT_HEADER_BYTES && offset + count * INDEX_ENTRY_BYTES + FOOTER_BYTES === fileBytes;
  return fits ? offset : undefined;
}

/**
 * Reads the index of a sealed segment.
 *
 * @param bytes from the offset that `indexOffset` told to the end of the file.
 * @throws {FormatError} when the bytes do not match their hash or name a place outside the records.
 */
export function decodeSegmentIndex(bytes: Buffer): SegmentIndex {
  const entriesBytes = bytes.length - FOOTER_BYTES;
  const recordsEnd = bytes.readUInt32LE(entriesBytes);
  const count = bytes.readUInt32LE(entriesBytes + 4);
  const expected = bytes.subarray(entriesBytes + 8, entriesBytes + 8 + HASH_BYTES);
  if (count * INDEX_ENTRY_BYTES !== entriesBytes || !hashOfIndex(bytes, entriesBytes + 8).equals(expected)) {
    throw new FormatError('the index of a segment does not match its hash');
  }
  const offsetAt = (entry: number): number => bytes.readUInt32LE(entry * INDEX_ENTRY_BYTES + HASH_BYTES);
  const sizeAt = (entry: number): number => bytes.readUInt32LE(entry * INDEX_ENTRY_BYTES + HASH_BYTES + 4);
  for (let entry = 0; entry < count; entry++) {
    if (offsetAt(entry) < SEGMENT_HEADER_BYTES + RECORD_HEADER_BYTES || offsetAt(entry) + sizeAt(entry) > recordsEnd) {
      throw new FormatError('the index of a segment names a place outside it', { details: { entry } });
    }
  }
  return {
    count,
    recordsEnd,
    hashAt: (entry) => bytes.subarray(entry * INDEX_ENTRY_BYTES, entry * INDEX_ENTRY_BYTES + HASH_BYTES),
    offsetAt,
    sizeAt,
  };
}

function hashOfIndex(bytes: Buffer, hashedBytes: number): Buffer {
  return createHash('sha256').update(bytes.subarray(0, hashedBytes)).digest();
}
