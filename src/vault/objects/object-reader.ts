import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import { findOwnFile, lookAt, type OwnFile } from './large/own-file.ts';
import { objectPath, segmentPath, type ObjectLayout } from './layout.ts';
import { damagedObject, missingObject, type DamageKind } from './object-damage.ts';
import type { ObjectLookup } from './places/object-lookup.ts';
import { hashBytes } from './object-ref.ts';
import { NOWHERE, OWN_FILE, PlaceList, type Place } from './places/place-list.ts';
import { unpack } from './packed/packed-format.ts';
import { MAX_RUN_BYTES, runsOf, type Run } from './runs.ts';
import { SegmentFiles } from './segments/segment-files.ts';

const CHUNK_BYTES = 1024 * 1024;

/** Where the bytes of an object lie. */
export interface ObjectLocation {
  readonly path: string;
  /** Whether the file holds them packed, so that they are had by `read` only. */
  readonly isPacked: boolean;
  readonly offset: number;
  readonly length: number;
}

/** What became of one of many objects that were asked for; `index` tells which. */
export type ReadItem =
  /** The bytes are valid until the next item is asked for. */
  | { readonly kind: 'bytes'; readonly index: number; readonly bytes: Buffer }
  /** A large object, to be copied, cloned or read through its file, or unpacked. Its bytes have not been looked at. */
  | {
      readonly kind: 'file';
      readonly index: number;
      readonly path: string;
      readonly isPacked: boolean;
      readonly sizeBytes: number;
    }
  | { readonly kind: DamageKind; readonly index: number };

/** How to read one or more of many objects that are asked for. */
export type PlannedRead =
  /** Small objects that lie close together in one file. */
  | {
      readonly kind: 'run';
      readonly path: string;
      /** Where they begin, and how far they reach. */
      readonly offset: number;
      readonly length: number;
      /** Which they are, in the order of the disk. */
      readonly indexes: Uint32Array;
      /** Where each begins behind `offset`. */
      readonly starts: Uint32Array<ArrayBuffer>;
      readonly sizes: Uint32Array<ArrayBuffer>;
    }
  | Extract<ReadItem, { kind: 'file' }>
  | { readonly kind: 'missing'; readonly index: number };

/** Objects on their way to where the file system shows them. */
export interface Unsettled {
  /** Fills `into` when `segment` is the one being written; false when its file has to be read. */
  read(segment: number, into: Buffer, offset: number): boolean;
  /** Makes the files of segments hold everything appended so far. */
  writeOut(): void;
  /** Where a large object is that does not have its final name yet. */
  temporary(hash: Buffer): string | undefined;
}

/** Finds and reads objects, and checks the bytes against the hash that they were asked for by. */
export class ObjectReader {
  readonly #disk: Disk;
  readonly #layout: ObjectLayout;
  readonly #lookup: ObjectLookup;
  readonly #unsettled: Unsettled;
  readonly #files: SegmentFiles;

  constructor(disk: Disk, layout: ObjectLayout, lookup: ObjectLookup, unsettled: Unsettled) {
    this.#disk = disk;
    this.#layout = layout;
    this.#lookup = lookup;
    this.#unsettled = unsettled;
    this.#files = new SegmentFiles(disk, layout);
  }

  find(hash: Buffer): Place | undefined {
    return this.#lookup.findNew(hash) ?? this.#lookup.findStored(hash);
  }

  has(hash: Buffer): boolean {
    if (this.#lookup.findNew(hash) !== undefined) return true;
    const place = this.#lookup.findStored(hash);
    if (place === undefined) return false;
    if (place.segment === OWN_FILE) return this.#ownFile(hash, place)?.sizeBytes === place.sizeBytes;
    return this.#files.reaches(place.segment, place.offset + place.sizeBytes);
  }

  locate(hash: Buffer): ObjectLocation | undefined {
    const place = this.find(hash);
    if (place === undefined) return undefined;
    const { segment, offset, sizeBytes: length } = place;
    if (segment === OWN_FILE) return { ...this.#filePlace(hash, place), offset: 0, length };
    this.#unsettled.writeOut();
    return { path: segmentPath(this.#layout, segment), isPacked: false, offset, length };
  }

  readSmall(hash: Buffer): Buffer {
    const place = this.find(hash);
    const bytes = place && this.#readWhole(hash, place);
    if (bytes === undefined) throw missingObject(this.#layout, hash);
    if (!hashBytes(bytes).equals(hash)) throw damagedObject(hash, 'changed');
    return bytes;
  }

  async *read(hash: Buffer): AsyncGenerator<Uint8Array, undefined> {
    const place = this.find(hash);
    if (place?.segment !== OWN_FILE) {
      yield this.readSmall(hash);
      return;
    }
    const file = this.#ownFile(hash, place);
    if (file?.isPacked === true) yield* this.#readPacked(hash, file);
    else yield* readFileChecked(() => this.#filePlace(hash, place).path, hash, this.#layout);
  }

  /** The places of many objects, in the order asked for; `NOWHERE` for those that are unknown. */
  placesOf(hashes: Iterable<Uint8Array>): PlaceList {
    const places = new PlaceList();
    for (const hash of hashes) places.push(hash, NOWHERE, 0, 0);
    for (const entry of places.entriesByHash()) {
      const place = this.find(places.hashAt(entry));
      if (place !== undefined) places.setPlace(entry, place.segment, place.offset, place.sizeBytes);
    }
    return places;
  }

  /** Takes notice of what other processes have changed. */
  refresh(): void {
    this.#lookup.refresh();
  }

  /** The places of everything that is stored. */
  allPlaces(): PlaceList {
    const places = new PlaceList(this.#lookup.count());
    for (const { hash, segment, offset, sizeBytes } of this.#lookup.all()) {
      places.push(hash, segment, offset, sizeBytes);
    }
    return places;
  }

  /** `readMany` without the reading. */
  *planReads(hashes: Iterable<Uint8Array>): Generator<PlannedRead, undefined> {
    const places = this.placesOf(hashes);
    const { files, inSegments } = this.#splitByPlace(places);
    yield* files;
    for (const { segment, offset, length, from, to } of runsOf(places, inSegments)) {
      const indexes = inSegments.slice(from, to);
      const starts = indexes.map((index) => places.offsetAt(index) - offset);
      const sizes = indexes.map((index) => places.sizeAt(index));
      yield { kind: 'run', path: segmentPath(this.#layout, segment), offset, length, indexes, starts, sizes };
    }
  }

  *readMany(hashes: Iterable<Uint8Array>): Generator<ReadItem, undefined> {
    yield* this.readPlaces(this.placesOf(hashes));
  }

  *readPlaces(places: PlaceList): Generator<ReadItem, undefined> {
    const { files, inSegments } = this.#splitByPlace(places);
    yield* files;
    yield* this.#readRuns(places, inSegments);
  }

  forget(segment: number): void {
    this.#files.forget(segment);
  }

  close(): void {
    this.#files.close();
  }

  /** What is missing or a file of its own, and the entries of everything else in the order of the disk. */
  #splitByPlace(places: PlaceList): {
    files: Generator<Extract<PlannedRead, { kind: 'file' | 'missing' }>>;
    inSegments: Uint32Array<ArrayBuffer>;
  } {
    this.#unsettled.writeOut();
    const order = places.entriesByPlace();
    let at = 0;
    while (at < order.length && places.segmentAt(order[at] ?? 0) <= OWN_FILE) at++;
    return { files: this.#fileItems(places, order.subarray(0, at)), inSegments: order.subarray(at) };
  }

  *#fileItems(places: PlaceList, order: Uint32Array): Generator<Extract<PlannedRead, { kind: 'file' | 'missing' }>> {
    for (const index of order) {
      if (places.segmentAt(index) === NOWHERE) yield { kind: 'missing', index };
      else
        yield {
          kind: 'file',
          index,
          ...this.#filePlace(places.hashAt(index), places.placeAt(index)),
          sizeBytes: places.sizeAt(index),
        };
    }
  }

  *#readRuns(places: PlaceList, order: Uint32Array): Generator<ReadItem, undefined> {
    const buffer = Buffer.allocUnsafe(MAX_RUN_BYTES);
    for (const run of runsOf(places, order)) {
      const bytes = run.length <= buffer.length ? buffer.subarray(0, run.length) : Buffer.allocUnsafe(run.length);
      const isRead = this.#tryReadRun(run, bytes);
      for (const index of order.subarray(run.from, run.to)) {
        if (!isRead) {
          yield this.#readAlone(places, index);
          continue;
        }
        const start = places.offsetAt(index) - run.offset;
        const object = bytes.subarray(start, start + places.sizeAt(index));
        if (hashBytes(object).equals(places.hashAt(index))) yield { kind: 'bytes', index, bytes: object };
        else yield { kind: 'changed', index };
      }
    }
  }

  #tryReadRun(run: Run, into: Buffer): boolean {
    try {
      return this.#files.read(run.segment, into, run.offset);
    } catch (error) {
      if (isAppError(error, 'STORAGE_FAILED')) return false;
      throw error;
    }
  }

  /** Reads one object of a run that could not be read as a whole. */
  #readAlone(places: PlaceList, index: number): ReadItem {
    try {
      const hash = places.hashAt(index);
      const bytes = this.#readWhole(hash, places.placeAt(index));
      if (bytes === undefined) return { kind: 'missing', index };
      return hashBytes(bytes).equals(hash) ? { kind: 'bytes', index, bytes } : { kind: 'changed', index };
    } catch (error) {
      if (isAppError(error, 'STORAGE_FAILED')) return { kind: 'unreadable', index };
      throw error;
    }
  }

  /** The bytes of an object, unchecked; undefined when they are not there. */
  #readWhole(hash: Buffer, place: Place): Buffer | undefined {
    const bytes = this.#readPlace(hash, place);
    if (bytes !== undefined) return bytes;
    // A prune may have moved the object to another segment since it was looked up.
    this.#lookup.refresh();
    const now = this.find(hash);
    return now === undefined || now.segment === place.segment ? undefined : this.#readPlace(hash, now);
  }

  #readPlace(hash: Buffer, place: Place): Buffer | undefined {
    const { segment, offset, sizeBytes } = place;
    const bytes = Buffer.allocUnsafe(sizeBytes);
    if (segment !== OWN_FILE) {
      if (this.#unsettled.read(segment, bytes, offset)) return bytes;
      return this.#files.read(segment, bytes, offset) ? bytes : undefined;
    }
    const file = this.#ownFile(hash, place);
    if (file?.sizeBytes !== sizeBytes) return undefined;
    const { path, isPacked, fileBytes } = file;
    const fd = this.#disk.openForReading(path);
    if (fd === undefined) return undefined;
    const read = (into: Buffer, position: number): number => this.#disk.read(fd, into, position, path);
    try {
      if (!isPacked) return read(bytes, 0) === bytes.length ? bytes : undefined;
      let filled = 0;
      for (const part of unpack(hash, read, fileBytes)) filled += part.copy(bytes, filled);
      return bytes;
    } finally {
      this.#disk.close(fd, path);
    }
  }

  /** The file of a large object: the one on its way to its name, or what is on the disk. */
  #ownFile(hash: Buffer, place: Place): OwnFile | undefined {
    const temporary = this.#unsettled.temporary(hash);
    return temporary === undefined ? findOwnFile(this.#disk, this.#layout, hash, place) : lookAt(this.#disk, temporary);
  }

  /** Where a large object is; where it should be when it is not there. */
  #filePlace(hash: Buffer, place: Place): { path: string; isPacked: boolean } {
    const { path, isPacked } = this.#ownFile(hash, place) ?? { path: objectPath(this.#layout, hash), isPacked: false };
    return { path, isPacked };
  }

  /** Reads a packed object part by part, and lets others have their turn between them. Checks the hash at the end. */
  async *#readPacked(hash: Buffer, { path, fileBytes }: OwnFile): AsyncGenerator<Uint8Array, undefined> {
    const fd = this.#disk.openForReading(path);
    if (fd === undefined) throw missingObject(this.#layout, hash);
    const actual = createHash('sha256');
    try {
      for (const part of unpack(hash, (into, position) => this.#disk.read(fd, into, position, path), fileBytes)) {
        actual.update(part);
        yield part;
        await setImmediate();
      }
    } finally {
      this.#disk.close(fd, path);
    }
    if (!actual.digest().equals(hash)) throw damagedObject(hash, 'changed');
  }
}

/**
 * Reads a large object; the buffer is the same for every chunk. Checks the hash at the end.
 *
 * @param pathNow where the object is: a file that is becoming durable gets its final name at any moment.
 */
async function* readFileChecked(
  pathNow: () => string,
  hash: Buffer,
  layout: ObjectLayout,
): AsyncGenerator<Uint8Array, undefined> {
  const path = pathNow();
  await using file = await open(path)
    .catch((error: unknown) => (pathNow() === path ? Promise.reject(error) : open(pathNow())))
    .catch((error: unknown) => {
      throw systemErrorCode(error) === 'ENOENT' ? missingObject(layout, hash) : storageError(error, 'open', path);
    });
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const actual = createHash('sha256');
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
      throw storageError(error, 'read', path);
    });
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    actual.update(chunk);
    yield chunk;
  }
  if (!actual.digest().equals(hash)) throw damagedObject(hash, 'changed');
}
