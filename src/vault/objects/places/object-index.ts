import type { Catalogue, SegmentRow } from '../../catalogue/catalogue.ts';
import { HashFilter } from './hash-filter.ts';
import type { ObjectLookup } from './object-lookup.ts';
import type { Place } from './place-list.ts';
import { PlaceTable } from './place-table.ts';

/** Looks into the catalogue that cost as much as reading all hashes once, per hash that it holds. */
const LOOKS_PER_READ_HASH = 0.2;
/** Looks before it is worth asking how many objects the catalogue holds. */
const FIRST_LOOKS = 256;

/**
 * What objects there are and where: those the catalogue knows, and in front of it those put in this session that it
 * does not know yet. The catalogue is told of many at once and in the order of their hashes, because each batch
 * rewrites nearly every page of its B-tree.
 */
export class ObjectIndex implements ObjectLookup {
  readonly #catalogue: Catalogue;
  /** Not in the catalogue yet, in the order of arrival: durable ones first. */
  #unpublished = new PlaceTable();
  /** Empty, to take the place of `#unpublished`: two tables that take turns spare the garbage collector. */
  #spare = new PlaceTable();
  #durableCount = 0;
  #looks = 0;
  #filter: HashFilter | undefined;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Objects that have arrived and are not in the catalogue. */
  get unpublishedCount(): number {
    return this.#unpublished.size;
  }

  get notDurableCount(): number {
    return this.#unpublished.size - this.#durableCount;
  }

  findNew(hash: Buffer): Place | undefined {
    return this.#unpublished.get(hash);
  }

  findStored(hash: Buffer): Place | undefined {
    if (this.#filter?.mightHold(hash) === false) return undefined;
    if (this.#filter === undefined) this.#countLook();
    return this.#catalogue.find(hash);
  }

  count(): number {
    return this.#catalogue.countObjects();
  }

  all(): Iterable<{ readonly hash: Uint8Array } & Place> {
    return this.#catalogue.all();
  }

  refresh(): void {
    this.#catalogue.refresh();
  }

  add(hash: Buffer, segment: number, offset: number, sizeBytes: number): void {
    this.#unpublished.set(hash, segment, offset, sizeBytes);
  }

  /** The first `count` unpublished objects are on the disk. */
  markDurable(count: number): void {
    this.#durableCount = count;
  }

  /** Tells the catalogue about the durable objects and the segments that hold them. */
  publish(segments: Iterable<SegmentRow>, generation?: string): void {
    const table = this.#unpublished;
    const { entries } = table;
    const count = this.#durableCount;
    this.#catalogue.transaction(() => {
      this.#catalogue.putAll(entries, count);
      for (const segment of segments) this.#catalogue.putSegment(segment);
      if (generation !== undefined) this.#catalogue.generation = generation;
    });
    for (let entry = 0; entry < count; entry++) this.#filter?.add(entries.hashAt(entry));
    this.#unpublished = this.#spare;
    this.#durableCount = 0;
    for (let entry = count; entry < entries.length; entry++) {
      const { segment, offset, sizeBytes } = entries.placeAt(entry);
      this.#unpublished.set(entries.hashAt(entry), segment, offset, sizeBytes);
    }
    table.clear();
    this.#spare = table;
  }

  /** Builds the filter once it would have paid for itself: at once in an empty vault, late for a few new objects. */
  #countLook(): void {
    this.#looks++;
    if (this.#looks % FIRST_LOOKS !== 0) return;
    if (this.#looks < this.#catalogue.countObjects() * LOOKS_PER_READ_HASH) return;
    this.#filter = new HashFilter();
    for (const { hash } of this.#catalogue.all()) this.#filter.add(hash);
  }
}
