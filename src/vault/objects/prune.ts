import { basename } from 'node:path';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Disk } from '../durability.ts';
import { takenBytes } from './large/own-file.ts';
import { objectPath, packedPath, segmentNumber, segmentPath, type ObjectLayout } from './layout.ts';
import type { ObjectReader } from './object-reader.ts';
import { OWN_FILE, PlaceList } from './places/place-list.ts';
import {
  FOOTER_BYTES,
  INDEX_ENTRY_BYTES,
  MAX_SEGMENT_BYTES,
  RECORD_HEADER_BYTES,
  SEGMENT_HEADER_BYTES,
} from './segments/segment-format.ts';

/** What is referred to. To say of something that it is, when it is not, leaves garbage; the other way loses it. */
export interface KeptObjects {
  has(hash: Uint8Array): boolean;
}

/** The steps of pruning, for tests that stop there: each may come several times. */
export type PruneStep = 'surveyed' | 'removed' | 'forgotten' | 'rewritten' | 'replaced';

export interface PruneOptions {
  /** The share of a segment that may be garbage before it is written anew. */
  readonly maxGarbageShare?: number;
  readonly signal?: AbortSignal | undefined;
  /** How much the disk has free, in bytes: what is written anew needs room before the old can go. */
  readonly freeBytes?: () => number;
  /** Told of segments being written anew. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  readonly afterStep?: (step: PruneStep) => void;
}

/** What nobody refers to. */
export interface Garbage {
  readonly files: number;
  /** Of those files and in segments. */
  readonly bytes: number;
  /** What of it pruning would free: a segment with little garbage stays as it is. */
  readonly freeableBytes: number;
  /** What all objects take on the disk, garbage included. */
  readonly storedBytes: number;
}

export interface PruneResult {
  readonly removedFiles: number;
  readonly removedSegments: number;
  /** Of the removed segments, those whose remaining objects were written anew. */
  readonly rewrittenSegments: number;
  /** Segments with much garbage that stay, because the disk is too full to write anew what else is in them. */
  readonly deferredSegments: number;
  /** By how much the vault has become smaller. */
  readonly freedBytes: number;
  /** Garbage that stays, in segments with little of it. */
  readonly leftBytes: number;
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
/** What is written anew at a time, before the old segments go, where there is room for it. */
const MAX_BATCH_BYTES = 1024 * 1024 * 1024;
/** Of what is free, the share that a batch may take. */
const BATCH_SHARE_OF_FREE = 0.5;
/** Indexes, footers and the catalogue's log. */
const ROOM_TO_SPARE_BYTES = 16 * 1024 * 1024;

/**
 * Removes what nobody refers to. Of a segment with little garbage nothing is removed, and its garbage stays known:
 * putting the same bytes again costs nothing.
 *
 * First goes what needs no room, so that a full disk gets some; then worn segments are written anew, as many at a time
 * as there is room for. The order makes it safe to be interrupted anywhere: objects that stay are durable in a new
 * segment, and the catalogue points there, before the old segment is removed. What an interruption leaves is garbage
 * for the next time.
 */
export async function prune(host: PruneHost, kept: KeptObjects, options: PruneOptions): Promise<PruneResult> {
  const { signal, afterStep, freeBytes = () => Infinity } = options;
  const found = survey(host.catalogue, kept, options.maxGarbageShare ?? MAX_GARBAGE_SHARE);
  signal?.throwIfAborted();
  afterStep?.('surveyed');
  removeFiles(host, found.files);
  removeSegments(host, found.dead.keys());
  afterStep?.('removed');
  let freedBytes = sumOf(found.dead.values());
  freedBytes += takenByAll(found.files);
  forget(host.catalogue, found.files, found.dead.keys());
  afterStep?.('forgotten');

  const waiting = found.worn;
  const totalBytes = waiting.reduce((sum, each) => sum + each.liveBytes, 0);
  let doneBytes = 0;
  let rewrittenSegments = 0;
  while (waiting.length > 0) {
    const batch = takeBatch(waiting, freeBytes());
    if (batch.length === 0) break;
    const segments = new Map(batch.map(({ segment, sizeBytes }) => [segment, sizeBytes]));
    const rewritten = await rewriteSegments(host, segments, kept, signal, (bytes) =>
      options.onProgress?.(doneBytes + bytes, totalBytes),
    );
    afterStep?.('rewritten');
    removeSegments(host, rewritten.segments.keys());
    forget(host.catalogue, new PlaceList(0), rewritten.segments.keys());
    afterStep?.('replaced');
    rewrittenSegments += rewritten.segments.size;
    freedBytes += sumOf(rewritten.segments.values()) - rewritten.writtenBytes - SEGMENT_HEADER_BYTES - FOOTER_BYTES;
    doneBytes += batch.reduce((sum, each) => sum + each.liveBytes, 0);
  }
  return {
    removedFiles: found.files.length,
    removedSegments: found.dead.size + rewrittenSegments,
    rewrittenSegments,
    deferredSegments: waiting.length,
    freedBytes,
    leftBytes: found.leftBytes + waiting.reduce((sum, each) => sum + garbageIn(each), 0),
  };
}

/** Looks what nobody refers to, as far as the catalogue knows, and changes nothing. */
export function findGarbage(catalogue: Catalogue, kept: KeptObjects): Garbage {
  const { files, dead, worn, leftBytes, storedBytes } = survey(catalogue, kept, MAX_GARBAGE_SHARE);
  let freeableBytes = sumOf(dead.values());
  freeableBytes += takenByAll(files);
  for (const each of worn) freeableBytes += garbageIn(each);
  return { files: files.length, bytes: freeableBytes + leftBytes, freeableBytes, storedBytes };
}

/**
 * Writes the objects of segments that the catalogue knows and `kept` holds to other segments.
 *
 * @param worn the segments and their sizes.
 * @returns those that nothing is left in: a segment with an object that cannot be read stays.
 */
async function rewriteSegments(
  host: PruneHost,
  worn: ReadonlyMap<number, number>,
  kept?: KeptObjects,
  signal?: AbortSignal,
  onProgress?: (bytes: number) => void,
): Promise<{ segments: Map<number, number>; writtenBytes: number }> {
  const segments = new Map(worn);
  let writtenBytes = 0;
  if (worn.size === 0) return { segments, writtenBytes };
  const moving = new PlaceList();
  for (const { hash, segment, offset, sizeBytes } of host.catalogue.all()) {
    if (worn.has(segment) && kept?.has(hash) !== false) moving.push(hash, segment, offset, sizeBytes);
  }
  for (const item of host.reader.readPlaces(moving)) {
    signal?.throwIfAborted();
    if (item.kind === 'bytes') {
      host.append(Buffer.from(moving.hashAt(item.index)), item.bytes);
      writtenBytes += recordBytes(item.bytes.length);
      onProgress?.(writtenBytes);
    } else {
      segments.delete(moving.segmentAt(item.index));
    }
  }
  await host.publish();
  return { segments, writtenBytes };
}

/**
 * Writes the objects of a segment whose index is damaged to other segments, and removes it unless one of them cannot be
 * read.
 */
export async function renewSegment(host: PruneHost, path: string): Promise<void> {
  const segment = segmentNumber(basename(path));
  if (segment === undefined) throw new RangeError(`${path} is not a segment`);
  const { segments } = await rewriteSegments(host, new Map([[segment, 0]]));
  if (!segments.has(segment)) return;
  removeSegments(host, [segment]);
  forget(host.catalogue, new PlaceList(0), [segment]);
}

interface WornSegment {
  readonly segment: number;
  readonly sizeBytes: number;
  /** Of objects that stay, with what they take in a segment. */
  readonly liveBytes: number;
}

interface Survey {
  /** Large objects nobody refers to. */
  readonly files: PlaceList;
  /** Segments in which nothing is alive, with their sizes. */
  readonly dead: Map<number, number>;
  /** Segments worth writing anew, those first that free most for what they cost. */
  readonly worn: WornSegment[];
  /** Garbage in the other segments. */
  readonly leftBytes: number;
  /** Of all objects. */
  readonly storedBytes: number;
}

function survey(catalogue: Catalogue, kept: KeptObjects, maxGarbageShare: number): Survey {
  const files = new PlaceList();
  const live = new Map<number, number>();
  let storedBytes = 0;
  for (const { hash, segment, offset, sizeBytes } of catalogue.all()) {
    const isKept = kept.has(hash);
    if (segment !== OWN_FILE) {
      if (isKept) live.set(segment, (live.get(segment) ?? 0) + recordBytes(sizeBytes));
      continue;
    }
    storedBytes += takenBytes({ offset, sizeBytes });
    if (!isKept) files.push(hash, segment, offset, sizeBytes);
  }
  const dead = new Map<number, number>();
  const worn: WornSegment[] = [];
  const small: WornSegment[] = [];
  let leftBytes = 0;
  for (const { segment, sizeBytes } of catalogue.segments()) {
    storedBytes += sizeBytes;
    const liveBytes = live.get(segment) ?? 0;
    if (liveBytes === 0) dead.set(segment, sizeBytes);
    else if (liveBytes < (1 - maxGarbageShare) * sizeBytes) worn.push({ segment, sizeBytes, liveBytes });
    else if (sizeBytes < SMALL_SEGMENT_BYTES) small.push({ segment, sizeBytes, liveBytes });
    else leftBytes += garbageIn({ segment, sizeBytes, liveBytes });
  }
  if (small.length >= MANY_SMALL_SEGMENTS) worn.push(...small);
  else leftBytes += small.reduce((sum, each) => sum + garbageIn(each), 0);
  const costOf = ({ sizeBytes, liveBytes }: WornSegment): number => liveBytes / sizeBytes;
  return { files, dead, worn: worn.toSorted((a, b) => costOf(a) - costOf(b)), leftBytes, storedBytes };
}

/** A segment that is not sealed yet has no footer. */
function garbageIn({ sizeBytes, liveBytes }: WornSegment): number {
  return Math.max(0, sizeBytes - liveBytes - SEGMENT_HEADER_BYTES - FOOTER_BYTES);
}

/** Takes as many segments from the front as may be written anew together; none where there is no room for one. */
function takeBatch(waiting: WornSegment[], freeBytes: number): WornSegment[] {
  const roomBytes = freeBytes - ROOM_TO_SPARE_BYTES;
  const limitBytes = Math.min(MAX_BATCH_BYTES, roomBytes * BATCH_SHARE_OF_FREE);
  const batch: WornSegment[] = [];
  let bytes = 0;
  for (const next of waiting) {
    bytes += next.liveBytes;
    if (batch.length === 0 ? bytes > roomBytes : bytes > limitBytes) break;
    batch.push(next);
  }
  waiting.splice(0, batch.length);
  return batch;
}

function removeFiles({ disk, layout }: PruneHost, files: PlaceList): void {
  for (let entry = 0; entry < files.length; entry++) {
    // What is on the disk decides, not what is remembered: an object may lie there either way, or both.
    disk.remove(objectPath(layout, files.hashAt(entry)));
    disk.remove(packedPath(layout, files.hashAt(entry)));
  }
}

function takenByAll(files: PlaceList): number {
  let bytes = 0;
  for (let entry = 0; entry < files.length; entry++) bytes += takenBytes(files.placeAt(entry));
  return bytes;
}

function removeSegments({ disk, layout, reader }: PruneHost, segments: Iterable<number>): void {
  for (const segment of segments) {
    reader.forget(segment);
    disk.remove(segmentPath(layout, segment));
  }
}

/** Lets the catalogue know what is gone. */
function forget(catalogue: Catalogue, files: PlaceList, segments: Iterable<number>): void {
  const gone = [...segments];
  if (gone.length === 0 && files.length === 0) return;
  catalogue.transaction(() => {
    if (gone.length > 0) catalogue.removeSegments(gone);
    for (let entry = 0; entry < files.length; entry++) catalogue.remove(files.hashAt(entry));
  });
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** What an object takes in a segment. */
function recordBytes(objectBytes: number): number {
  return RECORD_HEADER_BYTES + objectBytes + INDEX_ENTRY_BYTES;
}
