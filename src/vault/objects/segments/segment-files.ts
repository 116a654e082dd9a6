import type { Disk } from '../../durability.ts';
import { segmentPath, type ObjectLayout } from '../layout.ts';

/** Segments that are kept open for reading. */
const MAX_OPEN = 48;

/** Reads from segments, keeping the ones used last open. */
export class SegmentFiles {
  readonly #disk: Disk;
  readonly #layout: ObjectLayout;
  /** The one used last is at the end. */
  readonly #open = new Map<number, number>();
  readonly #sizes = new Map<number, number>();

  constructor(disk: Disk, layout: ObjectLayout) {
    this.#disk = disk;
    this.#layout = layout;
  }

  /** Fills `into` from `offset` on; false when the segment is not there or ends before that. */
  read(segment: number, into: Uint8Array, offset: number): boolean {
    const fd = this.#descriptor(segment);
    return fd !== undefined && this.#disk.read(fd, into, offset, this.path(segment)) === into.length;
  }

  /** Whether the file of the segment is there and reaches to `end`. Looks at the disk when it does not know yet. */
  reaches(segment: number, end: number): boolean {
    if ((this.#sizes.get(segment) ?? -1) >= end) return true;
    const sizeBytes = this.#disk.sizeOf(this.path(segment)) ?? -1;
    this.#sizes.set(segment, sizeBytes);
    return sizeBytes >= end;
  }

  path(segment: number): string {
    return segmentPath(this.#layout, segment);
  }

  /** Forgets a segment that is being removed. */
  forget(segment: number): void {
    this.#sizes.delete(segment);
    this.#close(segment);
  }

  close(): void {
    for (const segment of this.#open.keys()) this.#close(segment);
  }

  #descriptor(segment: number): number | undefined {
    let fd = this.#open.get(segment);
    if (fd === undefined) {
      fd = this.#disk.openForReading(this.path(segment));
      if (fd === undefined) return undefined;
    } else {
      this.#open.delete(segment);
    }
    this.#open.set(segment, fd);
    if (this.#open.size > MAX_OPEN) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.#close(oldest);
    }
    return fd;
  }

  #close(segment: number): void {
    const fd = this.#open.get(segment);
    this.#open.delete(segment);
    if (fd !== undefined) this.#disk.close(fd, this.path(segment));
  }
}
