import type { Catalogue, SegmentRow } from '../catalogue/catalogue.ts';
import type { Disk } from '../durability.ts';
import { namesIn } from '../look.ts';
import { readGeneration } from './generation.ts';
import { isPackedName, objectHash, plainName, segmentNumber, segmentPath, type ObjectLayout } from './layout.ts';
import { findOwnFile, placeOf } from './large/own-file.ts';
import { isCopyInUse } from './packed/plain-copy.ts';
import type { Place } from './places/place-list.ts';
import { PlaceTable } from './places/place-table.ts';
import { encodeSegmentHeader, SegmentIndexBuilder, type SegmentIndex } from './segments/segment-format.ts';
import { loadSegmentIndex } from './segments/segment-index.ts';

/** Objects that the catalogue is told of at a time. */
const BATCH_OBJECTS = 65_536;

/**
 * Makes the catalogue and the disk agree again after a crash, a lost catalogue or files put back from a copy, and
 * sweeps temporary files. The caller holds the vault's lock. Costs one directory listing when all is well.
 *
 * @returns the highest number of a segment, 0 when there is none.
 */
export async function reconcile(layout: ObjectLayout, catalogue: Catalogue, disk: Disk): Promise<number> {
  for (const name of namesIn(layout.temporary)) {
    const path = `${layout.temporary}/${name}`;
    if (!isCopyInUse(path)) disk.remove(path);
  }
  const onDisk = segmentsOnDisk(layout);
  const known = catalogue.segments();
  const sealed = new Set(known.filter((row) => row.sealed).map((row) => row.segment));
  const there = new Set(onDisk);
  forgetSegments(
    catalogue,
    known.filter((row) => !row.sealed || !there.has(row.segment)),
  );
  const adoption = new Adoption(catalogue);
  for (const segment of onDisk) if (!sealed.has(segment)) await adoptSegment(layout, disk, segment, adoption);
  const generation = readGeneration(layout);
  if (generation !== catalogue.generation) adoptOwnFiles(layout, catalogue, disk, adoption);
  adoption.finish();
  if (generation !== catalogue.generation) catalogue.generation = generation;
  return onDisk.at(-1) ?? 0;
}

/** The numbers of the segments that are there, oldest first. */
export function segmentsOnDisk(layout: ObjectLayout): number[] {
  return namesIn(layout.segments)
    .map(segmentNumber)
    .filter((segment) => segment !== undefined)
    .toSorted((a, b) => a - b);
}

/** Objects found on the disk on their way into the catalogue. */
class Adoption {
  readonly #catalogue: Catalogue;
  readonly #table = new PlaceTable();
  #segments: { segment: number; sizeBytes: number }[] = [];

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Where two segments hold the same object, the newer one, which is added later, counts. */
  addSegment(segment: number, sizeBytes: number, index: SegmentIndex): void {
    for (let entry = 0; entry < index.count; entry++) {
      this.#table.set(index.hashAt(entry), segment, index.offsetAt(entry), index.sizeAt(entry));
    }
    this.#segments.push({ segment, sizeBytes });
    if (this.#table.size >= BATCH_OBJECTS) this.finish();
  }

  addFile(hash: Buffer, { segment, offset, sizeBytes }: Place): void {
    this.#table.set(hash, segment, offset, sizeBytes);
    if (this.#table.size >= BATCH_OBJECTS) this.finish();
  }

  finish(): void {
    if (this.#table.size === 0 && this.#segments.length === 0) return;
    this.#catalogue.transaction(() => {
      this.#catalogue.putAll(this.#table.entries);
      for (const each of this.#segments) this.#catalogue.putSegment({ ...each, sealed: true });
    });
    this.#table.clear();
    this.#segments = [];
  }
}

/** Forgets the segments that are gone, and those whose writer died: what of them is whole is found anew. */
function forgetSegments(catalogue: Catalogue, rows: readonly SegmentRow[]): void {
  if (rows.length === 0) return;
  catalogue.transaction(() => catalogue.removeSegments(rows.map((row) => row.segment)));
}

/**
 * Takes a segment into the catalogue that it does not know as sealed: one that came from elsewhere, or one whose
 * writer died, which is cut behind its last whole record and sealed.
 */
async function adoptSegment(layout: ObjectLayout, disk: Disk, segment: number, adoption: Adoption): Promise<void> {
  const path = segmentPath(layout, segment);
  const loaded = loadSegmentIndex(disk, path, segment);
  if (loaded === undefined) return;
  const { index, state, fileBytes } = loaded;
  if (state === 'unsealed' && index.count === 0) {
    disk.remove(path);
    return;
  }
  const sizeBytes = state === 'unsealed' ? await sealLate(disk, path, segment, index) : fileBytes;
  adoption.addSegment(segment, sizeBytes, index);
}

/** Ends a segment whose writer died behind its last whole record. Returns its length. */
async function sealLate(disk: Disk, path: string, segment: number, records: SegmentIndex): Promise<number> {
  const index = new SegmentIndexBuilder();
  for (let entry = 0; entry < records.count; entry++) {
    index.add(records.hashAt(entry), records.offsetAt(entry), records.sizeAt(entry));
  }
  const end = index.encode();
  const fileBytes = index.recordsEnd + end.length;
  const fd = disk.openForWriting(path);
  try {
    disk.write(fd, encodeSegmentHeader(segment), 0, path);
    disk.write(fd, end, index.recordsEnd, path);
    disk.truncate(fd, fileBytes, path);
    await disk.sync(fd, path);
    disk.makeReadOnly(fd);
  } finally {
    disk.close(fd, path);
  }
  return fileBytes;
}

/** Takes the large objects into the catalogue that it does not know. Their names were given when they were whole. */
function adoptOwnFiles(layout: ObjectLayout, catalogue: Catalogue, disk: Disk, adoption: Adoption): void {
  for (const hash of ownFilesOnDisk(layout)) {
    if (catalogue.find(hash) !== undefined) continue;
    const file = findOwnFile(disk, layout, hash);
    if (file !== undefined) adoption.addFile(hash, placeOf(file));
  }
}

/** The hashes that the files of large objects are named by. */
export function* ownFilesOnDisk(layout: ObjectLayout): Generator<Buffer, undefined> {
  for (const folder of namesIn(layout.objects)) {
    const names = namesIn(`${layout.objects}/${folder}`);
    const there = new Set(names);
    for (const name of names) {
      const hash = objectHash(folder, name);
      // One that lies there both ways is told once.
      if (hash !== undefined && !(isPackedName(name) && there.has(plainName(name)))) yield hash;
    }
  }
}
