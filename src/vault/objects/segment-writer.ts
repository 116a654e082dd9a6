import type { Disk } from '../durability.ts';
import {
  encodeSegmentHeader,
  MAX_SEGMENT_BYTES,
  MAX_SEGMENT_RECORDS,
  RECORD_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
  SegmentIndexBuilder,
  writeRecordHeader,
} from './segment-format.ts';

/**
 * The segment that is being written: records are collected in a buffer and written when it is full. After an error
 * it must not be used again.
 */
export class SegmentWriter {
  readonly number: number;
  readonly path: string;
  readonly #disk: Disk;
  readonly #buffer: Buffer;
  readonly #index = new SegmentIndexBuilder();
  readonly #fd: number;
  #writtenBytes = 0;
  #bufferedBytes: number;

  /** @param buffer at least as long as the longest record; a segment may take over that of a sealed one. */
  constructor(disk: Disk, segment: number, path: string, buffer: Buffer) {
    this.number = segment;
    this.path = path;
    this.#disk = disk;
    this.#buffer = buffer;
    this.#bufferedBytes = encodeSegmentHeader(segment).copy(buffer);
    this.#fd = disk.create(path);
  }

  get sizeBytes(): number {
    return this.#writtenBytes + this.#bufferedBytes;
  }

  hasRoomFor(objectBytes: number): boolean {
    return (
      this.#index.count === 0 ||
      (this.#index.count < MAX_SEGMENT_RECORDS &&
        this.sizeBytes + RECORD_HEADER_BYTES + objectBytes <= MAX_SEGMENT_BYTES)
    );
  }

  /** Adds a record and returns the offset of the object in the file. */
  append(hash: Buffer, bytes: Uint8Array): number {
    const recordBytes = RECORD_HEADER_BYTES + bytes.length;
    if (this.#bufferedBytes + recordBytes > this.#buffer.length) this.writeOut();
    const at = this.#bufferedBytes;
    writeRecordHeader(this.#buffer, at, hash, bytes.length);
    this.#buffer.set(bytes, at + RECORD_HEADER_BYTES);
    this.#bufferedBytes += recordBytes;
    const offset = this.#writtenBytes + at + RECORD_HEADER_BYTES;
    this.#index.add(hash, offset, bytes.length);
    return offset;
  }

  /** Hands everything to the operating system, so that it can be read through the file. */
  writeOut(): void {
    if (this.#bufferedBytes === 0) return;
    this.#disk.write(this.#fd, this.#buffer.subarray(0, this.#bufferedBytes), this.#writtenBytes, this.path);
    this.#writtenBytes += this.#bufferedBytes;
    this.#bufferedBytes = 0;
  }

  /** Makes what has been written out durable. */
  sync(): Promise<void> {
    return this.#disk.sync(this.#fd, this.path);
  }

  /** Ends the segment with its index, makes it durable and closes it. The buffer is free when this returns. */
  async seal(): Promise<void> {
    this.writeOut();
    const index = this.#index.encode();
    this.#disk.write(this.#fd, index, this.#writtenBytes, this.path);
    this.#writtenBytes += index.length;
    try {
      await this.sync();
      // A segment is read-only only once it is durable, so that a torn one is never taken for a damaged sealed one.
      this.#disk.makeReadOnly(this.#fd);
    } finally {
      this.abandon();
    }
  }

  /** Copies bytes of an object that was appended here, whether or not it has been written out. */
  read(into: Buffer, offset: number): void {
    if (offset < this.#writtenBytes) this.#disk.read(this.#fd, into, offset, this.path);
    else this.#buffer.copy(into, 0, offset - this.#writtenBytes);
  }

  /** Closes the file as it is. */
  abandon(): void {
    this.#disk.close(this.#fd, this.path);
  }
}

/** Long enough for the header of a segment and the longest record, and for few system calls. */
export function newSegmentBuffer(longestObjectBytes: number): Buffer {
  return Buffer.allocUnsafe(Math.max(1024 * 1024, SEGMENT_HEADER_BYTES + RECORD_HEADER_BYTES + longestObjectBytes));
}
