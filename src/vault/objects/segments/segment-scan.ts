import { hashBytes, HASH_BYTES } from '../object-ref.ts';
import {
  RECORD_HEADER_BYTES,
  RECORD_MAGIC,
  SEGMENT_HEADER_BYTES,
  SegmentIndexBuilder,
  type SegmentIndex,
} from './segment-format.ts';

/** Bytes hashed in vain before a scan gives up: only content made to look like records comes near. */
const VAIN_HASHING_BYTES = 1024 * 1024 * 1024;

/**
 * Finds the records of a segment that has no valid index by reading all of it. A record is taken when the bytes that
 * follow its header have the hash that the header names. Where that is not so, torn by a crash or damaged later, the
 * scan goes on at the next place that looks like a record: what is whole behind it is found.
 *
 * @param bytes the whole file.
 * @returns the index that the segment should have; `recordsEnd` is the end of the last whole record.
 */
export function scanRecords(bytes: Buffer): SegmentIndex & { encode(): Buffer } {
  const index = new SegmentIndexBuilder();
  let vainBytes = 0;
  let at = SEGMENT_HEADER_BYTES;
  while (at !== -1 && at + RECORD_HEADER_BYTES <= bytes.length && vainBytes < VAIN_HASHING_BYTES) {
    const sizeBytes = bytes.readUInt32LE(at + RECORD_MAGIC.length);
    const start = at + RECORD_HEADER_BYTES;
    if (looksLikeRecord(bytes, at, start + sizeBytes)) {
      const hash = bytes.subarray(start - HASH_BYTES, start);
      if (hashBytes(bytes.subarray(start, start + sizeBytes)).equals(hash)) {
        index.add(hash, start, sizeBytes);
        at = start + sizeBytes;
        continue;
      }
      vainBytes += sizeBytes;
    }
    at = bytes.indexOf(RECORD_MAGIC, at + 1);
  }
  return index;
}

function looksLikeRecord(bytes: Buffer, at: number, end: number): boolean {
  return end <= bytes.length && bytes.compare(RECORD_MAGIC, 0, RECORD_MAGIC.length, at, at + RECORD_MAGIC.length) === 0;
}
