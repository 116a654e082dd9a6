import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Disk } from '../durability.ts';
import { objectPath, segmentPath, type ObjectLayout } from './layout.ts';
import type { ObjectReader } from './object-reader.ts';
import { OWN_FILE, PlaceList } from './place-list.ts';
import { PlaceTable } from './place-table.ts';
import { INDEX_ENTRY_BYTES, MAX_SEGMENT_BYTES, RECORD_HEADER_BYTES } from './segment-format.ts';

export interface PruneOptions {
  /** The share of a segment that may be garbage before it is written anew. */
  readonly maxGarbageShare?: number;
  readonly signal?: AbortSignal;
}

export interface PruneResult {
  readonly removedFiles: number;
  readonly removedSegments: number;
  /** Of the removed segments, those whose remaining objects were written anew. */
  readonly rewrittenSegments: number;
  /** By how much the vault has become smaller. */
  readonly freedBytes: number;
}

/** What pruning needs of the store. */
export interface PruneHost {
  readonly disk: Disk;
  readonly layout: ObjectLayout;
  readonly catalogue: Catalogue;
  readonly reader: ObjectReader;
  /** Appends an object that is in another segment to the current one. */
  append(hash: Buffer, bytes: Buffer): void;
  /** Makes everything appended durable and lets the catalogue point to it. */
  publish(): Promise<void>;
}

/** A quarter of the biggest segment: below this, a segment counts as small. */
const SMALL_SEGMENT_BYTES = MAX_SEGMENT_BYTES / 4;
/** Small segments, which every short session leaves one of, are put together when there are so many. */
const MANY_SMALL_SEGMENTS = 8;
const MAX_GARBAGE_SHARE = 0.2;

/**
 * Removes what nobody refers to. Of a segment with little garbage nothing is removed, and its garbage stays known:
 * putting the same bytes again costs nothing.
 *
 * The order makes it safe to be interrupted anywhere: objects that stay are durable in a new segment, and the
 * catalogue points there, before the old segment is removed. What an interruption leaves is garbage for the next time.
 */
export async function prune(
  host: PruneHost,
  referenced: Iterable<Uint8Array>,
  { maxGarbageShare = MAX_GARBAGE_SHARE, signal }: PruneOptions,
): Promise<PruneResult> {
  const kept = new PlaceTable();
  for (const hash of referenced) kept.set(asBuffer(hash), OWN_FILE, 0, 0);
  const { files, liveBytes } = survey(host.catalogue, kept);
  const { dead, worn } = chooseSegments(host.catalogue, liveBytes, maxGarbageShare);
  signal?.throwIfAborted();
  const rewritten = await rewriteSegments(host, worn, kept, signal);
  const removed = new Map([...dead, ...rewritten.segments]);
  for (const segment of removed.keys()) {
    host.reader.forget(segment);
    host.disk.remove(segmentPath(host.layout, segment));
  }
  for (let entry = 0; entry < files.length; entry++) host.disk.remove(objectPath(host.layout, files.hashAt(entry)));
  host.catalogue.transaction(() => {
    if (removed.size > 0) host.catalogue.removeSegments(removed.keys());
    for (let entry = 0; entry < files.length; entry++) host.catalogue.remove(files.hashAt(entry));
  });
  let freedBytes = -rewritten.writtenBytes;
  for (const sizeBytes of removed.values()) freedBytes += sizeBytes;
  for (let entry = 0; entry < files.length; entry++) freedBytes += files.sizeAt(entry);
  return {
    removedFiles: files.length,
    removedSegments: removed.size,
    rewrittenSegments: rewritten.segments.size,
    freedBytes,
  };
}

/**
 * Writes the objects of segments that the catalogue knows and `kept` holds to other segments.
 *
 * @param worn the segments and their sizes.
 * @returns those that nothing is left in: a segment with an object that cannot be read stays.
 */
export async function rewriteSegments(
  host: PruneHost,
  worn: ReadonlyMap<number, number>,
  kept: PlaceTable | undefined,
  signal: AbortSignal | undefined,
): Promise<{ segments: Map<number, number>; writtenBytes: number }> {
  const segments = new Map(worn);
  let writtenBytes = 0;
  if (worn.size === 0) return { segments, writtenBytes };
  const moving = new PlaceList();
  for (const { hash, segment, offset, sizeBytes } of host.catalogue.all()) {
    if (worn.has(segment) && kept?.has(asBuffer(hash)) !== false) moving.push(hash, segment, offset, sizeBytes);
  }
  for (const item of host.reader.readPlaces(moving)) {
    signal?.throwIfAborted();
    if (item.kind === 'bytes') {
      host.append(Buffer.from(moving.hashAt(item.index)), item.bytes);
      writtenBytes += recordBytes(item.bytes.length);
    } else {
      segments.delete(moving.segmentAt(item.index));
    }
  }
  await host.publish();
  return { segments, writtenBytes };
}

/** The large objects nobody refers to, and how many bytes of each segment are referred to. */
function survey(catalogue: Catalogue, kept: PlaceTable): { files: PlaceList; liveBytes: Map<number, number> } {
  const files = new PlaceList();
  const liveBytes = new Map<number, number>();
  for (const { hash, segment, sizeBytes } of catalogue.all()) {
    const isKept = kept.has(asBuffer(hash));
    if (segment !== OWN_FILE) {
      if (isKept) liveBytes.set(segment, (liveBytes.get(segment) ?? 0) + recordBytes(sizeBytes));
    } else if (!isKept) {
      files.push(hash, segment, 0, sizeBytes);
    }
  }
  return { files, liveBytes };
}

/** Segments in which nothing is alive, and those worth writing anew, with their sizes. */
function chooseSegments(
  catalogue: Catalogue,
  liveBytes: ReadonlyMap<number, number>,
  maxGarbageShare: number,
): { dead: Map<number, number>; worn: Map<number, number> } {
  const dead = new Map<number, number>();
  const worn = new Map<number, number>();
  const small = new Map<number, number>();
  for (const { segment, sizeBytes } of catalogue.segments()) {
    const live = liveBytes.get(segment) ?? 0;
    if (live === 0) dead.set(segment, sizeBytes);
    else if (live < (1 - maxGarbageShare) * sizeBytes) worn.set(segment, sizeBytes);
    else if (sizeBytes < SMALL_SEGMENT_BYTES) small.set(segment, sizeBytes);
  }
  if (small.size >= MANY_SMALL_SEGMENTS) for (const [segment, sizeBytes] of small) worn.set(segment, sizeBytes);
  return { dead, worn };
}

/** What an object takes in a segment. */
function recordBytes(objectBytes: number): number {
  return RECORD_HEADER_BYTES + objectBytes + INDEX_ENTRY_BYTES;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
