import type { Disk } from '../../durability.ts';
import type { BufferPool } from '../buffer-pool.ts';
import {
  encodeSegmentHeader,
  MAX_SEGMENT_BYTES,
  MAX_SEGMENT_RECORDS,
  RECORD_HEADER_BYTES,
  SegmentIndexBuilder,
  writeRecordHeader,
} from './segment-format.ts';

/** Bytes on their way into the file through the thread pool. */
interface InFlight {
  readonly bytes: Buffer;
  readonly position: number;
  readonly done: Promise<void>;
}

/** What was buffered after bytes in flight can be in the file before them. */
function holds(inFlight: InFlight | undefined, offset: number): inFlight is InFlight {
  return inFlight !== undefined && offset >= inFlight.position && offset < inFlight.position + inFlight.bytes.length;
}

/**
 * The segment that is being written. Records are collected in a buffer; a full one is written by the thread pool
 * while the next is being filled, or by this thread when the pool is still busy with the one before. After an error
 * it must not be used again.
 */
export class SegmentWriter {
  readonly number: number;
  readonly path: string;
  readonly #disk: Disk;
  readonly #buffers: BufferPool;
  readonly #index = new SegmentIndexBuilder();
  readonly #fd: number;
  #buffer: Buffer;
  #bufferedBytes: number;
  /** Where the buffer belongs in the file. */
  #position = 0;
  #inFlight: InFlight | undefined;

  /** @param buffers each longer than the longest record with its header and that of the segment. */
  constructor(disk: Disk, segment: number, path: string, buffers: BufferPool) {
    this.number = segment;
    this.path = path;
    this.#disk = disk;
    this.#buffers = buffers;
    this.#fd = disk.create(path);
    this.#buffer = buffers.take();
    this.#bufferedBytes = encodeSegmentHeader(segment).copy(this.#buffer);
  }

  get sizeBytes(): number {
    return this.#position + this.#bufferedBytes;
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
    if (this.#bufferedBytes + recordBytes > this.#buffer.length) this.#empty();
    const at = this.#bufferedBytes;
    writeRecordHeader(this.#buffer, at, hash, bytes.length);
    this.#buffer.set(bytes, at + RECORD_HEADER_BYTES);
    this.#bufferedBytes += recordBytes;
    const offset = this.#position + at + RECORD_HEADER_BYTES;
    this.#index.add(hash, offset, bytes.length);
    return offset;
  }

  /** Copies bytes of an object that was appended here, wherever they are. */
  read(into: Buffer, offset: number): void {
    if (offset >= this.#position) this.#buffer.copy(into, 0, offset - this.#position);
    else if (holds(this.#inFlight, offset)) this.#inFlight.bytes.copy(into, 0, offset - this.#inFlight.position);
    else this.#disk.read(this.#fd, into, offset, this.path);
  }

  /** Makes the file hold everything appended so far, for whoever reads it. */
  writeOut(): void {
    // What the pool is writing is written again, which changes nothing, because waiting for the pool would take a promise.
    if (this.#inFlight !== undefined)
      this.#disk.write(this.#fd, this.#inFlight.bytes, this.#inFlight.position, this.path);
    this.#writeBuffer();
  }

  /** Makes everything appended so far durable. */
  async sync(): Promise<void> {
    this.#writeBuffer();
    await this.#inFlight?.done;
    await this.#disk.sync(this.#fd, this.path);
  }

  /** Ends the segment with its index, makes it durable and closes it. Its file is complete when this returns. */
  async seal(): Promise<void> {
    try {
      this.writeOut();
      const index = this.#index.encode();
      this.#disk.write(this.#fd, index, this.#position, this.path);
      this.#position += index.length;
      this.#buffers.giveBack(this.#buffer);
      await this.#inFlight?.done;
      await this.#disk.sync(this.#fd, this.path);
      // A segment is read-only only once it is durable, so that a torn one is never taken for a damaged sealed one.
      this.#disk.makeReadOnly(this.#fd);
    } finally {
      this.#disk.close(this.#fd, this.path);
    }
  }

  /** Closes the file as it is, when the pool is done with it. */
  async abandon(): Promise<void> {
    await this.#inFlight?.done.catch(() => undefined);
    this.#disk.close(this.#fd, this.path);
  }

  #writeBuffer(): void {
    if (this.#bufferedBytes === 0) return;
    this.#disk.write(this.#fd, this.#buffer.subarray(0, this.#bufferedBytes), this.#position, this.path);
    this.#position += this.#bufferedBytes;
    this.#bufferedBytes = 0;
  }

  #empty(): void {
    if (this.#inFlight !== undefined) {
      this.#writeBuffer();
      return;
    }
    const buffer = this.#buffer;
    const bytes = buffer.subarray(0, this.#bufferedBytes);
    const done = this.#disk.writeLater(this.#fd, bytes, this.#position, this.path).then(() => {
      this.#inFlight = undefined;
      this.#buffers.giveBack(buffer);
    });
    // A failed write stays in `#inFlight` and is met by `sync` or `seal`; until then it is not unhandled.
    done.catch(() => undefined);
    this.#inFlight = { bytes, position: this.#position, done };
    this.#position += this.#bufferedBytes;
    this.#bufferedBytes = 0;
    this.#buffer = this.#buffers.take();
  }
}
