import type { Catalogue, SegmentRow } from '../catalogue/catalogue.ts';
import type { Disk } from '../durability.ts';
import { Generation } from './generation.ts';
import { BufferPool } from './buffer-pool.ts';
import { LargeObjectWriter, type FinishedFile, type LargeObjectHost } from './large/large-object-writer.ts';
import { LargeObjects } from './large/large-objects.ts';
import { ownPlace } from './large/own-file.ts';
import { takeOutOfUse } from './large/take-out-of-use.ts';
import { objectLayout, type ObjectLayout } from './layout.ts';
import { ObjectIndex } from './places/object-index.ts';
import { ReadOnlyLookup } from './places/object-lookup.ts';
import { ObjectReader, type ObjectLocation, type PlannedRead, type ReadItem } from './object-reader.ts';
import { hashBytes, SMALL_LIMIT_BYTES, type StoredObject } from './object-ref.ts';
import { Unpacked } from './packed/unpacked.ts';
import { OWN_FILE } from './places/place-list.ts';
import { findGarbage, prune, renewSegment } from './prune.ts';
import type { Garbage, KeptObjects, PruneHost, PruneOptions, PruneResult } from './prune.ts';
import { SegmentAppender } from './segments/segment-appender.ts';
import { verifyPlaces, type DamagedObject, type VerifyEvent, type VerifyOptions } from './verify/verify.ts';

/** Objects not durable at which a flush begins by itself. */
const MAX_NOT_DURABLE = 32_768;
/** Objects not in the catalogue at which a flush tells it unasked: they cost about 60 bytes each. */
const MAX_UNPUBLISHED = 49_152;

/** Room for the longest record and the header of a segment. */
const BUFFER_BYTES = SMALL_LIMIT_BYTES + 4096;

export interface ObjectStoreOptions {
  /** `read` opens beside a writer and changes nothing on disk: only a `PlainCopy` lies there for a moment. */
  readonly mode?: 'write' | 'read';
  /** Whether databases are packed as they come in, which readers have to know of. */
  readonly packs?: boolean;
  readonly disk?: Disk;
  readonly now?: () => number;
}

export interface FlushOptions {
  /**
   * Whether to tell the catalogue, too. Where not, it is told when many objects have come together or the store is
   * closed; each time costs as much as rewriting most of it. Readers beside this writer find what it does not know
   * by searching the disk, which is slow.
   */
  readonly publish?: boolean;
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
  readonly unpacked: Unpacked;
  readonly #mode: 'write' | 'read';
  readonly #packs: boolean;
  readonly #disk: Disk;
  readonly #catalogue: Catalogue;
  readonly #index: ObjectIndex;
  readonly #segments: SegmentAppender;
  readonly #large: LargeObjects;
  readonly #reader: ObjectReader;
  readonly #generation: Generation;
  readonly #buffers = new BufferPool(BUFFER_BYTES);
  readonly #writing: LargeObjectHost;
  /** Durable segments that the catalogue has yet to be told of. */
  readonly #changedSegments = new Map<number, SegmentRow>();
  #flushes: Promise<void> = Promise.resolve();
  #flushesWaiting = 0;
  #failure: { error: unknown } | undefined;
  #isClosed = false;

  /** For `openObjectStore`. */
  constructor(vaultDir: string, catalogue: Catalogue, lastSegment: number, options: Required<ObjectStoreOptions>) {
    this.layout = objectLayout(vaultDir);
    this.#mode = options.mode;
    this.#packs = options.packs;
    this.#disk = options.disk;
    this.#catalogue = catalogue;
    this.#index = new ObjectIndex(catalogue);
    this.#generation = new Generation(this.#disk, this.layout);
    this.#segments = new SegmentAppender(this.#disk, this.layout, this.#buffers, lastSegment, options.now);
    this.#large = new LargeObjects(this.#disk, this.layout, () => this.#generation.makeDurable());
    const lookup = options.mode === 'write' ? this.#index : new ReadOnlyLookup(this.layout, catalogue, this.#disk);
    this.#reader = new ObjectReader(this.#disk, this.layout, lookup, {
      read: (segment, into, offset) => this.#segments.read(segment, into, offset),
      writeOut: () => this.#segments.writeOut(),
      temporary: (hash) => this.#large.temporary(hash),
    });
    this.unpacked = new Unpacked(this.#disk, this.layout, this.#reader);
    this.#writing = {
      disk: this.#disk,
      buffers: this.#buffers,
      has: (hash) => this.has(hash),
      putSmall: (bytes, hash) => this.putSmall(bytes, hash),
      packs: this.#packs,
      createTemporary: (kind) => this.#failing(() => this.#large.createTemporary(kind)),
      write: (fd, bytes, position, path) =>
        this.#disk.writeLater(fd, bytes, position, path).catch((error: unknown) => {
          throw this.#fail(error);
        }),
      adopt: (file) => this.#adopt(file),
    };
  }

  /**
   * Puts an object of at most `SMALL_LIMIT_BYTES` into a segment unless the vault has it. The bytes are copied.
   *
   * @param hash of the bytes, where it was made already.
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  putSmall(bytes: Uint8Array, hash = hashBytes(bytes)): StoredObject {
    if (bytes.length > SMALL_LIMIT_BYTES) throw new RangeError(`${bytes.length} bytes are too many for a small object`);
    this.#assertWritable();
    const isNew = !this.has(hash);
    if (isNew) this.#failing(() => this.#append(hash, bytes));
    return { hash, sizeBytes: bytes.length, isNew };
  }

  /** Begins an object of any size. Until it is finished, nothing of it is visible. */
  createLarge(): LargeObjectWriter {
    this.#assertWritable();
    return new LargeObjectWriter(this.#writing);
  }

  /**
   * Whether the vault has the object. Believes the catalogue about what is in a segment or a file, but looks that
   * the segment (once a session) or the file is there and long enough.
   */
  has(hash: Buffer): boolean {
    return this.#reader.has(hash);
  }

  /** The size of an object by the catalogue, undefined when it is unknown. */
  sizeOf(hash: Buffer): number | undefined {
    return this.#reader.find(hash)?.sizeBytes;
  }

  /** Where an object lies, undefined when it is unknown. A large one gets its final path with the next `flush`. */
  locate(hash: Buffer): ObjectLocation | undefined {
    return this.#reader.locate(hash);
  }

  /**
   * Reads a whole object into memory and checks its hash.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when it is missing or its bytes have changed; STORAGE_FAILED
   */
  readSmall(hash: Buffer): Buffer {
    return this.#reader.readSmall(hash);
  }

  /**
   * Reads an object in chunks of at most 1 MiB, each valid until the next is asked for. The hash is checked at the
   * end.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when it is missing or its bytes have changed; STORAGE_FAILED
   */
  read(hash: Buffer): AsyncGenerator<Uint8Array, undefined> {
    return this.#reader.read(hash);
  }

  /**
   * Reads many objects in the order in which they lie on the disk: first tells which are missing and which have files
   * of their own, then hands out the small ones, neighbours read together, each checked against its hash. Every item
   * carries the number of the hash in `hashes`. Costs about 60 bytes of memory for each.
   */
  readMany(hashes: Iterable<Uint8Array>): Generator<ReadItem, undefined> {
    return this.#reader.readMany(hashes);
  }

  /**
   * Tells how to read many objects, for whoever reads and checks them: in the order in which they lie on the disk, and
   * with the number of each hash in `hashes`. A prune in another process can take the files away meanwhile; what is not
   * found any more is to be asked for anew.
   */
  planReads(hashes: Iterable<Uint8Array>): Generator<PlannedRead, undefined> {
    return this.#reader.planReads(hashes);
  }

  /**
   * Resolves when everything put before this call is durable.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  flush({ publish = false }: FlushOptions = {}): Promise<void> {
    this.#assertWritable();
    return this.#queueFlush({ publish, closing: false });
  }

  /**
   * Re-hashes everything, or the objects of `only`, and tells what is damaged as it is found. In the order of the
   * disk, and in several threads where that pays. Nothing is changed; see `quarantine`.
   *
   * @throws the reason of `signal` when it aborts; STORAGE_FAILED
   */
  async *verify(options: VerifyOptions = {}): AsyncGenerator<VerifyEvent, undefined> {
    if (this.#mode === 'write') await this.#settle();
    const places = options.only === undefined ? this.#reader.allPlaces() : this.#reader.placesOf(options.only);
    yield* verifyPlaces(this.#disk, this.layout, places, options.only === undefined, options);
  }

  /** Takes notice of what other processes have changed. */
  refresh(): void {
    this.#reader.refresh();
  }

  /**
   * Takes a damaged object out of use, so that the next `put` of the same bytes stores them anew. The file of a large
   * one is kept in `quarantine/`; the record of a small one stays where it is until its segment is written anew. Of one
   * that lies there both as it is and packed, what is whole stays in use.
   *
   * @param options.onlyBesideWhole leaves everything as it is where nothing whole stays.
   * @returns whether the object is whole without what was taken out of use.
   */
  quarantine(
    { hash, kind }: Pick<DamagedObject, 'hash' | 'kind'>,
    options: { onlyBesideWhole?: boolean } = {},
  ): boolean {
    this.#assertWritable();
    const isFile = this.#reader.find(hash)?.segment === OWN_FILE && kind !== 'missing';
    const left = isFile ? takeOutOfUse(this.#disk, this.layout, hash, options) : undefined;
    if (left === undefined && options.onlyBesideWhole === true) return false;
    this.#catalogue.transaction(() => {
      if (left === undefined) this.#catalogue.remove(hash);
      else this.#catalogue.put(hash, left);
    });
    return left !== undefined;
  }

  /**
   * Removes objects that nobody refers to: files at once, garbage in segments when a segment has enough of it. Nothing
   * else may be put meanwhile, and whatever refers to an object, a draft as much as a snapshot, has to be in `kept`.
   *
   * @throws the reason of `signal` when it aborts; OUT_OF_SPACE, STORAGE_FAILED
   */
  async prune(kept: KeptObjects, options: PruneOptions = {}): Promise<PruneResult> {
    this.#assertWritable();
    await this.#generation.announceRemoval();
    await this.#settle();
    return prune(this.#pruneHost(), kept, options);
  }

  /** What `prune` would find, as far as the catalogue knows; also beside a writer. */
  findGarbage(kept: KeptObjects): Garbage {
    return findGarbage(this.#catalogue, kept);
  }

  /**
   * Writes the objects of a segment whose index is damaged to other segments, and removes it unless one of them cannot
   * be read.
   *
   * @param path as `verify` told it.
   */
  async renewSegment(path: string): Promise<void> {
    this.#assertWritable();
    await this.#settle();
    await renewSegment(this.#pruneHost(), path);
  }

  /** Flushes, and seals the segment being written. After a failed write it only lets go of what is open. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      if (this.#failure === undefined && this.#mode === 'write') {
        await this.#queueFlush({ publish: true, closing: true });
      }
    } finally {
      await this.#letGo();
    }
  }

  /** Lets go of what is open and leaves everything not flushed to the next opening, as a crash would. */
  abandon(): void {
    void this.#letGo();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Resolves when nothing is on its way to the disk any more. Never rejects. */
  async #letGo(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#reader.close();
    await Promise.allSettled([this.#segments.abandon(), this.#large.settled()]);
  }

  /** Everything put so far is durable, in sealed segments, and in the catalogue. */
  #settle(): Promise<void> {
    this.#segments.seal();
    return this.flush({ publish: true });
  }

  #pruneHost(): PruneHost {
    return {
      disk: this.#disk,
      layout: this.layout,
      catalogue: this.#catalogue,
      reader: this.#reader,
      append: (hash, bytes) => this.#failing(() => this.#append(hash, bytes)),
      publish: () => this.#settle(),
    };
  }

  #append(hash: Buffer, bytes: Uint8Array): void {
    this.#generation.announce();
    const offset = this.#segments.append(hash, bytes);
    this.#index.add(hash, this.#segments.current ?? OWN_FILE, offset, bytes.length);
    this.#flushWhenMuch();
  }

  /** Takes over a large object whose file is complete. @returns whether it is new */
  async #adopt({ hash, sizeBytes, fd, path, packedBytes }: FinishedFile): Promise<boolean> {
    this.#assertWritable();
    if (this.has(hash)) {
      this.#disk.close(fd, path);
      this.#disk.remove(path);
      return false;
    }
    try {
      this.#generation.announce();
      const { segment, offset } = ownPlace(sizeBytes, packedBytes);
      this.#index.add(hash, segment, offset, sizeBytes);
      await this.#large.settle(hash, fd, path);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#flushWhenMuch();
    return true;
  }

  #flushWhenMuch(): void {
    if (this.#index.notDurableCount < MAX_NOT_DURABLE || this.#flushesWaiting > 0) return;
    // Whoever flushes next, or puts something, learns of a failure.
    this.#queueFlush({ publish: false, closing: false }).catch(() => undefined);
  }

  #queueFlush(kind: { publish: boolean; closing: boolean }): Promise<void> {
    this.#flushesWaiting++;
    const flushed = this.#flushes.then(() => this.#flushNow(kind)).finally(() => this.#flushesWaiting--);
    this.#flushes = flushed.catch(() => undefined);
    return flushed;
  }

  /** The group commit. */
  async #flushNow({ publish, closing }: { publish: boolean; closing: boolean }): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (!this.#generation.isAnnounced) return;
    try {
      if (closing) this.#segments.seal();
      const count = this.#index.unpublishedCount;
      const [rows] = await Promise.all([this.#segments.flush(), this.#large.flush(), this.#generation.makeDurable()]);
      this.#index.markDurable(count);
      for (const row of rows) this.#changedSegments.set(row.segment, row);
      if (publish || count >= MAX_UNPUBLISHED) this.#publish(closing);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #publish(closing: boolean): void {
    this.#index.publish(this.#changedSegments.values(), closing ? this.#generation.text : undefined);
    this.#changedSegments.clear();
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
    if (this.#mode !== 'write') throw new Error('the object store was opened for reading');
  }
}
