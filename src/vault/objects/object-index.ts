import type { Catalogue, SegmentRow } from '../catalogue/catalogue.ts';
import { PlaceTable, type Place } from './place-table.ts';

/**
 * What objects there are and where: those the catalogue knows, and in front of it those that are not durable yet
 * and so have no business in it.
 */
export class ObjectIndex {
  readonly #catalogue: Catalogue;
  /** Put since the last flush began. */
  #pending = new PlaceTable();
  /** Being made durable by the flush that runs. */
  #flushing: PlaceTable | undefined;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  /** An object put in this session that the catalogue does not know yet. */
  findNew(hash: Buffer): Place | undefined {
    return this.#pending.get(hash) ?? this.#flushing?.get(hash);
  }

  findStored(hash: Buffer): Place | undefined {
    return this.#catalogue.find(hash);
  }

  add(hash: Buffer, segment: number, offset: number, sizeBytes: number): void {
    this.#pending.set(hash, segment, offset, sizeBytes);
  }

  /** Sets aside what is pending, to be made durable now. */
  beginFlush(): void {
    this.#flushing = this.#pending;
    this.#pending = new PlaceTable();
  }

  /** Tells the catalogue about what was set aside, which is durable now, and about its segments. */
  endFlush(segments: Iterable<SegmentRow>, generation?: string): void {
    const flushed = this.#flushing;
    this.#catalogue.transaction(() => {
      if (flushed !== undefined) this.#catalogue.putAll(flushed);
      for (const segment of segments) this.#catalogue.putSegment(segment);
      if (generation !== undefined) this.#catalogue.generation = generation;
    });
    this.#flushing = undefined;
  }
}
