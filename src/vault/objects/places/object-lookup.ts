import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { Disk } from '../../durability.ts';
import { findOwnFile, placeOf } from '../large/own-file.ts';
import { segmentPath, type ObjectLayout } from '../layout.ts';
import type { Place } from './place-list.ts';
import { PlaceTable } from './place-table.ts';
import { ownFilesOnDisk, segmentsOnDisk } from '../reconcile.ts';
import { loadSegmentIndex } from '../segments/segment-index.ts';

/** Finds the places of objects. */
export interface ObjectLookup {
  /** An object put in this session that the catalogue does not know yet. It is there for certain. */
  findNew(hash: Buffer): Place | undefined;
  /** An object put before. Its place is what is remembered, not what has been looked at. */
  findStored(hash: Buffer): Place | undefined;
  /** How many objects `all` is going to tell of, about. */
  count(): number;
  /** Every object known that is stored. */
  all(): Iterable<{ readonly hash: Uint8Array } & Place>;
  /** Takes notice of what other processes have changed. */
  refresh(): void;
}

/** How long a reader that misses an object believes that nothing new has come to the disk. */
const LOOK_AGAIN_MS = 1000;

/**
 * The lookup of a reader beside a writer. The catalogue is behind the disk while a backup runs, and stays so after a
 * crash or where it cannot be opened; what it does not know is searched in the vault itself.
 */
export class ReadOnlyLookup implements ObjectLookup {
  readonly #layout: ObjectLayout;
  readonly #catalogue: Catalogue;
  readonly #disk: Disk;
  readonly #found = new PlaceTable();
  /** The sizes that segments outside the catalogue had when they were searched. */
  readonly #searched = new Map<number, number>();
  /** Segments the catalogue knows and the disk does not have: after a power cut it may be older than the last prune. */
  #gone: ReadonlySet<number> = new Set();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(layout: ObjectLayout, catalogue: Catalogue, disk: Disk) {
    this.#layout = layout;
    this.#catalogue = catalogue;
    this.#disk = disk;
  }

  findNew(): undefined {
    return undefined;
  }

  findStored(hash: Buffer): Place | undefined {
    if (this.#lookedAt === Number.NEGATIVE_INFINITY) this.#lookAround();
    const known = this.#catalogue.find(hash);
    if (known !== undefined && !this.#gone.has(known.segment)) return known;
    const found = this.#found.get(hash);
    if (found !== undefined) return found;
    const file = findOwnFile(this.#disk, this.#layout, hash);
    if (file !== undefined) return placeOf(file);
    this.#lookAround();
    return this.#found.get(hash);
  }

  count(): number {
    this.#lookAround();
    return this.#catalogue.countObjects() + this.#found.size;
  }

  *all(): Generator<{ readonly hash: Uint8Array } & Place, undefined> {
    this.#lookAround();
    for (const object of this.#catalogue.all()) if (!this.#gone.has(object.segment)) yield object;
    const { entries } = this.#found;
    for (let entry = 0; entry < entries.length; entry++) {
      yield { hash: entries.hashAt(entry), ...entries.placeAt(entry) };
    }
    // Large objects that came since, or all of them where there is no catalogue.
    for (const hash of ownFilesOnDisk(this.#layout)) {
      if (this.#catalogue.find(hash) !== undefined) continue;
      const file = findOwnFile(this.#disk, this.#layout, hash);
      if (file !== undefined) yield { hash, ...placeOf(file) };
    }
  }

  refresh(): void {
    this.#catalogue.refresh();
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  #lookAround(): void {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_AGAIN_MS) return;
    this.#lookedAt = now;
    const known = this.#catalogue.segments();
    const sealed = new Set(known.filter((row) => row.sealed).map((row) => row.segment));
    const there = new Set(segmentsOnDisk(this.#layout));
    this.#gone = new Set(known.map((row) => row.segment).filter((segment) => !there.has(segment)));
    for (const segment of there) if (!sealed.has(segment)) this.#search(segment);
  }

  #search(segment: number): void {
    const path = segmentPath(this.#layout, segment);
    if (this.#searched.get(segment) === this.#disk.sizeOf(path)) return;
    const loaded = loadSegmentIndex(this.#disk, path, segment);
    if (loaded === undefined) return;
    this.#searched.set(segment, loaded.fileBytes);
    for (let entry = 0; entry < loaded.index.count; entry++) {
      this.#found.set(loaded.index.hashAt(entry), segment, loaded.index.offsetAt(entry), loaded.index.sizeAt(entry));
    }
  }
}
