import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Catalogue, SegmentRow } from '../catalogue/catalogue.ts';
import { Disk } from '../durability.ts';
import { LargeObjects } from './large-objects.ts';
import { BufferPool, LargeObjectWriter } from './large-object-writer.ts';
import { objectLayout, segmentPath, type ObjectLayout } from './layout.ts';
import { ObjectIndex } from './object-index.ts';
import { hashBytes, SMALL_LIMIT_BYTES, type StoredObject } from './object-ref.ts';
import { missingObject, readOwnFile, checkedBytes } from './object-reading.ts';
import { OWN_FILE, type Place } from './place-table.ts';
import { reconcile } from './reconcile.ts';
import { SegmentFiles } from './segment-files.ts';
import { newSegmentBuffer, SegmentWriter } from './segment-writer.ts';

/** Objects not durable at which a flush begins by itself. */
const MAX_NOT_DURABLE = 32_768;
/** Objects not in the catalogue at which a flush tells it, asked for or not: they cost about 60 bytes each. */
const MAX_UNPUBLISHED = 65_536;

export interface ObjectStoreOptions {
  /** `read` opens beside a writer and changes nothing on disk. */
  readonly mode?: 'write' | 'read';
  readonly disk?: Disk;
  readonly now?: () => number;
}

interface FlushKind {
  readonly publish: boolean;
  readonly closing: boolean;
}

/** Where the bytes of an object lie. */
export interface ObjectLocation {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * The objects of a vault: immutable bytes named by their SHA-256. Small ones lie in segments, large ones in files of
 * their own; nobody outside needs to know which.
 *
 * What is put can be read at once, and is durable when a `flush` that began later has resolved. After any error
 * while writing, everything not flushed is lost: every later call fails with that same error, and the next opening
 * of the vault clears up.
 */
export class ObjectStore implements AsyncDisposable {
  readonly layout: ObjectLayout;
  readonly #disk: Disk;
  readonly #index: ObjectIndex;
  readonly #segmentFiles: SegmentFiles;
  readonly #large: LargeObjects;
  readonly #buffers = new BufferPool();
  readonly #options: Required<ObjectStoreOptions>;
  #writer: SegmentWriter | undefined;
  #segmentBuffer: Buffer | undefined;
  #lastSegment: number;
  /** Segments sealed since the last flush, each with the promise that it is durable. */
  #sealing: { row: SegmentRow; done: Promise<void> }[] = [];
  #segmentNamesChanged = false;
  /** Durable segments that the catalogue has yet to be told of. */
  readonly #changedSegments = new Map<number, SegmentRow>();
  /** The text written to the `generation` file in this session. */
  #generation: string | undefined;
  #generationIsDurable = false;
  #flushes: Promise<void> = Promise.resolve();
  #flushesWaiting = 0;
  #failure: { error: unknown } | undefined;
  #isClosed = false;

  /** For `openObjectStore`. */
  constructor(layout: ObjectLayout, catalogue: Catalogue, lastSegment: number, options: Required<ObjectStoreOptions>) {
    this.layout = layout;
    this.#options = options;
    this.#disk = options.disk;
    this.#lastSegment = lastSegment;
    this.#index = new ObjectIndex(catalogue);
    this.#segmentFiles = new SegmentFiles(this.#disk, layout);
    this.#large = new LargeObjects(this.#disk, layout);
  }

  /**
   * Stores an object of at most `SMALL_LIMIT_BYTES` unless the vault has it. The bytes are copied.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  putSmall(bytes: Uint8Array): StoredObject {
    if (bytes.length > SMALL_LIMIT_BYTES) throw new RangeError(`${bytes.length} bytes are too many for a small object`);
    this.#assertWritable();
    const hash = hashBytes(bytes);
    const isNew = !this.has(hash);
    if (isNew) this.#failing(() => this.#append(hash, bytes));
    return { hash, sizeBytes: bytes.length, isNew };
  }

  /** Begins an object of any size. Until it is finished, nothing of it is visible. */
  createLarge(): LargeObjectWriter {
    this.#assertWritable();
    return new LargeObjectWriter({
      disk: this.#disk,
      buffers: this.#buffers,
      putSmall: (bytes) => this.putSmall(bytes),
      createTemporary: () => this.#failing(() => this.#large.createTemporary()),
      adopt: (hash, sizeBytes, fd, path) => this.#adopt(hash, sizeBytes, fd, path),
    });
  }

  /**
   * Whether the vault has the object. Believes the catalogue about what is in a segment or a file, but looks that
   * the segment (once a session) or file is there and long enough.
   */
  has(hash: Buffer): boolean {
    if (this.#index.findNew(hash) !== undefined) return true;
    const place = this.#index.findStored(hash);
    return place !== undefined && this.#isThere(hash, place);
  }

  /** The size of an object by the catalogue, undefined when it is unknown. */
  sizeOf(hash: Buffer): number | undefined {
    return this.#find(hash)?.sizeBytes;
  }

  /** Where to read an object through the file system, undefined when it is unknown. */
  locate(hash: Buffer): ObjectLocation | undefined {
    const place = this.#find(hash);
    if (place === undefined) return undefined;
    if (place.segment === OWN_FILE) return { path: this.#large.path(hash), offset: 0, length: place.sizeBytes };
    if (place.segment === this.#writer?.number) this.#writer.writeOut();
    return { path: segmentPath(this.layout, place.segment), offset: place.offset, length: place.sizeBytes };
  }

  /**
   * Reads a whole object into memory, checking its hash.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when it is missing or its bytes have changed.
   */
  readSmall(hash: Buffer): Buffer {
    const place = this.#find(hash);
    if (place === undefined) throw missingObject(hash);
    if (place.segment === this.#writer?.number) return this.#writer.read(place.offset, place.sizeBytes);
    return checkedBytes(hash, this.#readWhole(hash, place));
  }

  /**
   * Reads an object in chunks of at most 1 MiB, each valid until the next is asked for. The hash is checked at the
   * end.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when it is missing or its bytes have changed.
   */
  async *read(hash: Buffer): AsyncGenerator<Uint8Array, undefined> {
    const place = this.#find(hash);
    if (place !== undefined && place.segment === OWN_FILE) yield* readOwnFile(this.#large.path(hash), hash);
    else yield this.readSmall(hash);
  }

  /**
   * Resolves when everything put before this call is durable.
   *
   * With `publish: false` the catalogue is told later, by another flush or by `close`: cheaper for a checkpoint in the
   * middle of a backup. Readers beside this writer, and only they, do not find the objects until then.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  flush({ publish = true } = {}): Promise<void> {
    this.#assertWritable();
    return this.#queueFlush({ publish, closing: false });
  }

  /** Flushes, and seals the segment being written. After a failed write it only lets go of what is open. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      if (this.#failure === undefined && this.#options.mode === 'write') {
        await this.#queueFlush({ publish: true, closing: true });
      }
    } finally {
      this.abandon();
    }
  }

  /** Lets go of what is open and leaves everything not flushed to the next opening, as a crash would. */
  abandon(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#writer?.abandon();
    this.#writer = undefined;
    this.#segmentFiles.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #find(hash: Buffer): Place | undefined {
    return this.#index.findNew(hash) ?? this.#index.findStored(hash);
  }

  #isThere(hash: Buffer, place: Place): boolean {
    if (place.segment === OWN_FILE) {
      return statSync(this.#large.path(hash), { throwIfNoEntry: false })?.size === place.sizeBytes;
    }
    return this.#segmentFiles.reaches(place.segment, place.offset + place.sizeBytes);
  }

  #readWhole(hash: Buffer, place: Place): Buffer | undefined {
    const bytes = Buffer.allocUnsafe(place.sizeBytes);
    if (place.segment !== OWN_FILE) {
      return this.#segmentFiles.read(place.segment, bytes, place.offset) ? bytes : undefined;
    }
    const path = this.#large.path(hash);
    const fd = this.#disk.openForReading(path);
    if (fd === undefined) return undefined;
    try {
      return this.#disk.read(fd, bytes, 0, path) === bytes.length ? bytes : undefined;
    } finally {
      this.#disk.close(fd, path);
    }
  }

  #append(hash: Buffer, bytes: Uint8Array): void {
    this.#announceChange();
    if (this.#writer?.hasRoomFor(bytes.length) === false) this.#seal(this.#writer);
    this.#writer ??= this.#startSegment();
    const offset = this.#writer.append(hash, bytes);
    this.#index.add(hash, this.#writer.number, offset, bytes.length);
    this.#flushWhenMuch();
  }

  /** @returns whether the object is new. */
  async #adopt(hash: Buffer, sizeBytes: number, fd: number, path: string): Promise<boolean> {
    this.#assertWritable();
    if (this.has(hash)) {
      this.#disk.close(fd, path);
      this.#disk.remove(path);
      return false;
    }
    try {
      this.#announceChange();
      this.#index.add(hash, OWN_FILE, 0, sizeBytes);
      await this.#large.settle(hash, fd, path);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#flushWhenMuch();
    return true;
  }

  #startSegment(): SegmentWriter {
    this.#lastSegment = Math.max(this.#options.now(), this.#lastSegment + 1);
    this.#disk.makeDirectory(this.layout.segments);
    this.#segmentBuffer ??= newSegmentBuffer(SMALL_LIMIT_BYTES);
    this.#segmentNamesChanged = true;
    return new SegmentWriter(
      this.#disk,
      this.#lastSegment,
      segmentPath(this.layout, this.#lastSegment),
      this.#segmentBuffer,
    );
  }

  #seal(writer: SegmentWriter): void {
    this.#writer = undefined;
    const done = writer.seal();
    // Met by the next flush; until then it is not unhandled.
    done.catch((error: unknown) => this.#fail(error));
    this.#sealing.push({ row: { segment: writer.number, sizeBytes: writer.sizeBytes, sealed: true }, done });
  }

  /** Before the first object of a session: from here on the catalogue is behind the disk until the store is closed. */
  #announceChange(): void {
    if (this.#generation !== undefined) return;
    this.#generation = randomUUID();
    const path = this.layout.generation;
    const fd = this.#disk.create(`${path}.${this.#generation}`);
    this.#disk.write(fd, Buffer.from(`${this.#generation}\n`), 0, path);
    this.#disk.close(fd, path);
    this.#disk.rename(`${path}.${this.#generation}`, path);
  }

  #flushWhenMuch(): void {
    if (this.#index.notDurableCount < MAX_NOT_DURABLE || this.#flushesWaiting > 0) return;
    // Whoever flushes next, or puts something, learns of a failure.
    this.#queueFlush({ publish: false, closing: false }).catch(() => undefined);
  }

  #queueFlush(kind: FlushKind): Promise<void> {
    this.#flushesWaiting++;
    const flushed = this.#flushes.then(() => this.#flushNow(kind)).finally(() => this.#flushesWaiting--);
    this.#flushes = flushed.catch(() => undefined);
    return flushed;
  }

  async #flushNow({ publish, closing }: FlushKind): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#generation === undefined) return;
    try {
      if (closing && this.#writer !== undefined) this.#seal(this.#writer);
      await this.#makeDurable();
      if (publish || this.#index.unpublishedCount >= MAX_UNPUBLISHED) {
        this.#index.publish(this.#changedSegments.values(), closing ? this.#generation : undefined);
        this.#changedSegments.clear();
      }
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** The group commit: everything put before the call is on the disk when it resolves. */
  async #makeDurable(): Promise<void> {
    const writer = this.#writer;
    writer?.writeOut();
    const sealed = this.#sealing;
    this.#sealing = [];
    const rows = sealed.map((each) => each.row);
    if (writer !== undefined) rows.push({ segment: writer.number, sizeBytes: writer.sizeBytes, sealed: false });
    const count = this.#index.unpublishedCount;
    await Promise.all([writer?.sync(), ...sealed.map((each) => each.done), this.#large.settled()]);
    await Promise.all([this.#large.syncNames(), this.#syncSegmentNames(), this.#syncGeneration()]);
    this.#index.markDurable(count);
    for (const row of rows) this.#changedSegments.set(row.segment, row);
  }

  async #syncGeneration(): Promise<void> {
    if (this.#generationIsDurable) return;
    this.#generationIsDurable = true;
    const path = this.layout.generation;
    const fd = this.#disk.openForWriting(path);
    try {
      await this.#disk.sync(fd, path);
    } finally {
      this.#disk.close(fd, path);
    }
    await this.#disk.syncDirectory(this.layout.vault);
  }

  async #syncSegmentNames(): Promise<void> {
    if (!this.#segmentNamesChanged) return;
    this.#segmentNamesChanged = false;
    await this.#disk.syncDirectory(this.layout.segments);
  }

  /** Runs a step of writing; when it fails, the store has failed. */
  #failing<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #fail(error: unknown): unknown {
    this.#failure ??= { error };
    return this.#failure.error;
  }

  #assertWritable(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#isClosed) throw new Error('the object store is closed');
    if (this.#options.mode !== 'write') throw new Error('the object store was opened for reading');
  }
}

/**
 * Opens the objects of a vault. For writing, the caller holds the vault's lock: what a crash left is cleared up
 * first, and the catalogue is completed where it is behind the disk.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
 */
export async function openObjectStore(
  vaultDir: string,
  catalogue: Catalogue,
  { mode = 'write', disk = new Disk(), now = Date.now }: ObjectStoreOptions = {},
): Promise<ObjectStore> {
  const layout = objectLayout(vaultDir);
  const lastSegment = mode === 'write' ? await reconcile(layout, catalogue, disk) : 0;
  return new ObjectStore(layout, catalogue, lastSegment, { mode, disk, now });
}
