import type { SegmentRow } from '../../catalogue/catalogue.ts';
import type { Disk } from '../../durability.ts';
import type { BufferPool } from '../buffer-pool.ts';
import { segmentPath, type ObjectLayout } from '../layout.ts';
import { SegmentWriter } from './segment-writer.ts';

/** Appends small objects to one segment after another. */
export class SegmentAppender {
  readonly #disk: Disk;
  readonly #layout: ObjectLayout;
  readonly #now: () => number;
  #lastNumber: number;
  readonly #buffers: BufferPool;
  #writer: SegmentWriter | undefined;
  /** Segments sealed since the last flush, each with the promise that it is durable. */
  #sealed: { row: SegmentRow; durable: Promise<void> }[] = [];
  #namesChanged = false;

  /**
   * @param buffers as `SegmentWriter` wants them.
   * @param lastNumber the highest number of a segment; later ones get higher ones, whatever the clock says.
   */
  constructor(disk: Disk, layout: ObjectLayout, buffers: BufferPool, lastNumber: number, now: () => number) {
    this.#disk = disk;
    this.#layout = layout;
    this.#buffers = buffers;
    this.#lastNumber = lastNumber;
    this.#now = now;
  }

  /** The number of the segment that objects are appended to now. */
  get current(): number | undefined {
    return this.#writer?.number;
  }

  /** Appends an object to the current segment, which it may change, and returns its offset there. */
  append(hash: Buffer, bytes: Uint8Array): number {
    if (this.#writer?.hasRoomFor(bytes.length) === false) this.seal();
    this.#writer ??= this.#start();
    return this.#writer.append(hash, bytes);
  }

  /** Fills `into` when `segment` is the one being written; false when its file has to be read. */
  read(segment: number, into: Buffer, offset: number): boolean {
    if (segment !== this.#writer?.number) return false;
    this.#writer.read(into, offset);
    return true;
  }

  /** Makes the file hold everything appended so far, for whoever reads it. */
  writeOut(): void {
    this.#writer?.writeOut();
  }

  /** Ends the current segment. A failure is met by the next `flush`. */
  seal(): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    this.#writer = undefined;
    const durable = writer.seal();
    durable.catch(() => undefined);
    this.#sealed.push({ row: { segment: writer.number, sizeBytes: writer.sizeBytes, sealed: true }, durable });
  }

  /** Resolves when everything appended before the call is durable, with the segments that holds. */
  async flush(): Promise<SegmentRow[]> {
    const writer = this.#writer;
    const isSynced = writer?.sync();
    const sealed = this.#sealed;
    this.#sealed = [];
    const rows = sealed.map((each) => each.row);
    if (writer !== undefined) rows.push({ segment: writer.number, sizeBytes: writer.sizeBytes, sealed: false });
    await Promise.all([isSynced, ...sealed.map((each) => each.durable)]);
    if (this.#namesChanged) {
      this.#namesChanged = false;
      await this.#disk.syncDirectory(this.#layout.segments);
    }
    return rows;
  }

  /** Leaves the current segment as it is. Resolves when nothing is on its way to the disk any more. */
  async abandon(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    await writer?.abandon();
    await Promise.allSettled(this.#sealed.map((each) => each.durable));
  }

  #start(): SegmentWriter {
    this.#lastNumber = Math.max(this.#now(), this.#lastNumber + 1);
    this.#disk.makeDirectory(this.#layout.segments);
    this.#namesChanged = true;
    return new SegmentWriter(this.#disk, this.#lastNumber, segmentPath(this.#layout, this.#lastNumber), this.#buffers);
  }
}
