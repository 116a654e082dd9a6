import { createHash, type Hash } from 'node:crypto';
import { letGo } from '../../../shared/flow/let-go.ts';
import type { Disk } from '../../durability.ts';
import type { BufferPool } from '../buffer-pool.ts';
import { damagedObject } from '../object-damage.ts';
import { hashBytes, SMALL_LIMIT_BYTES, type StoredObject } from '../object-ref.ts';
import { isPackable, packWhereItPays } from '../packed/packable.ts';
import { FRAME_BYTES, packFrame, TableBuilder } from '../packed/packed-format.ts';

/** What a writer needs of the store. */
export interface LargeObjectHost {
  readonly disk: Disk;
  /** Each at least `SMALL_LIMIT_BYTES` long. */
  readonly buffers: BufferPool;
  has(hash: Buffer): boolean;
  putSmall(bytes: Uint8Array, hash: Buffer): StoredObject;
  /** Whether objects may be packed in this vault. */
  readonly packs: boolean;
  createTemporary(kind: 'plain' | 'packed'): { fd: number; path: string };
  /** Writes in the thread pool; the bytes stay as they are until then. */
  write(fd: number, bytes: Uint8Array, position: number, path: string): Promise<void>;
  /** Takes over a complete file, or drops it when the object is known. Tells whether it is new. */
  adopt(object: FinishedFile): Promise<boolean>;
}

/** A large object that has been received, in a temporary file. */
export interface FinishedFile {
  readonly hash: Buffer;
  readonly sizeBytes: number;
  readonly fd: number;
  readonly path: string;
  /** What it takes packed, undefined where it lies as it is. */
  readonly packedBytes: number | undefined;
}

/** The file that an object is going to. */
interface OpenFile {
  readonly fd: number;
  readonly path: string;
  /** How much has been written. */
  fileBytes: number;
  /** Of what is packed, its frames so far. */
  readonly table: TableBuilder | undefined;
}

/**
 * An object being received whose size need not be known: it goes to a file once it is too long for a segment, and
 * one that turns out to be small goes into a segment. Bytes are hashed in this thread while the thread pool writes the
 * ones before. A database is packed, frame by frame and in this thread, where that pays, and then has a file of its
 * own even where it is small.
 */
export class LargeObjectWriter {
  readonly #host: LargeObjectHost;
  #buffer: Buffer | undefined;
  #filled = 0;
  /** Of a large object: there from its first bytes on. */
  #hash: Hash | undefined;
  /** There when its first bytes have been written. */
  #file: OpenFile | undefined;
  #sizeBytes = 0;
  #writing: Promise<void> | undefined;
  #isDone = false;

  constructor(host: LargeObjectHost) {
    this.#host = host;
  }

  /** Copies the chunk before it returns or, where it returns a promise, before that resolves. */
  write(chunk: Uint8Array): void | Promise<void> {
    this.#assertOpen();
    this.#buffer ??= this.#host.buffers.take();
    const room = this.#buffer.length - this.#filled;
    if (chunk.length <= room) {
      this.#buffer.set(chunk, this.#filled);
      this.#filled += chunk.length;
      return undefined;
    }
    this.#buffer.set(chunk.subarray(0, room), this.#filled);
    this.#filled += room;
    const rest = chunk.subarray(room);
    if (this.#writing === undefined) {
      this.#startWriting();
      return this.write(rest);
    }
    return this.#writeRest(rest);
  }

  /**
   * The object, findable by its hash; durable after the store's next `flush`.
   *
   * @param expected what its hash has to be: with another one nothing is stored.
   * @throws {AppError} SNAPSHOT_CORRUPT when the bytes do not have the expected hash.
   */
  finish(expected?: Buffer): StoredObject | Promise<StoredObject> {
    this.#assertOpen();
    const isSmall = this.#hash === undefined && this.#filled <= SMALL_LIMIT_BYTES;
    if (isSmall) return this.#finishSmall(this.#buffer?.subarray(0, this.#filled) ?? Buffer.alloc(0), expected);
    return this.#finishFile(expected);
  }

  /** Drops everything received. Never throws; harmless after `finish`. */
  async discard(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#writing?.catch(() => undefined);
    this.#giveBack();
    if (this.#file === undefined) return;
    try {
      this.#host.disk.close(this.#file.fd, this.#file.path);
      this.#host.disk.remove(this.#file.path);
    } catch {
      // Whatever is left of it is swept when the vault is next opened for writing.
    }
  }

  async #writeRest(rest: Uint8Array): Promise<void> {
    await this.#writing;
    this.#startWriting();
    await this.write(rest);
  }

  #finishSmall(bytes: Buffer, expected: Buffer | undefined): StoredObject | Promise<StoredObject> {
    const hash = hashBytes(bytes);
    if (expected?.equals(hash) === false) throw damagedObject(expected, 'changed');
    const mayPack = this.#host.packs && isPackable(bytes) && !this.#host.has(hash);
    const packed = mayPack ? packWhereItPays(bytes) : undefined;
    if (packed !== undefined) {
      this.#giveBack();
      return this.#finishPacked(hash, bytes.length, packed);
    }
    this.#isDone = true;
    const object = this.#host.putSmall(bytes, hash);
    this.#giveBack();
    return object;
  }

  /** A small object of one frame. */
  async #finishPacked(hash: Buffer, sizeBytes: number, packed: Buffer): Promise<StoredObject> {
    await this.#appendFrame(packed);
    return this.#handOver(hash, sizeBytes);
  }

  /** Hands the buffer to the thread pool, hashes it meanwhile and goes on with another. */
  #startWriting(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || this.#filled === 0) return;
    const isFirst = this.#hash === undefined;
    const mayPack = this.#file?.table !== undefined || (isFirst && this.#host.packs && isPackable(buffer));
    const bytes = buffer.subarray(0, mayPack ? Math.min(this.#filled, FRAME_BYTES) : this.#filled);
    const rest = buffer.subarray(bytes.length, this.#filled);
    this.#hash ??= createHash('sha256');
    const position = this.#sizeBytes;
    this.#sizeBytes += bytes.length;
    this.#buffer = this.#host.buffers.take();
    this.#buffer.set(rest);
    this.#filled = rest.length;
    const writing = mayPack ? this.#writePacked(bytes) : this.#writePlain(bytes, position);
    this.#writing = writing.then(() => {
      this.#host.buffers.giveBack(buffer);
      this.#writing = undefined;
    });
    // A failed write stays in `#writing` and is met by whoever awaits it; until then it is not unhandled.
    this.#writing.catch(() => undefined);
    this.#hash.update(bytes);
  }

  #writePlain(bytes: Buffer, position: number): Promise<void> {
    this.#file ??= { ...this.#host.createTemporary('plain'), fileBytes: 0, table: undefined };
    const { fd, path } = this.#file;
    this.#file.fileBytes += bytes.length;
    return this.#host.write(fd, bytes, position, path);
  }

  /** The first bytes decide: where they do not shrink enough, the object goes to its file as it is. */
  async #writePacked(bytes: Buffer): Promise<void> {
    const packed = this.#file === undefined ? packWhereItPays(bytes) : packFrame(bytes);
    await (packed === undefined ? this.#writePlain(bytes, 0) : this.#appendFrame(packed));
  }

  async #appendFrame(packed: Buffer): Promise<void> {
    this.#file ??= { ...this.#host.createTemporary('packed'), fileBytes: 0, table: new TableBuilder() };
    this.#file.table?.add(packed);
    await this.#append(this.#file, packed);
    letGo(packed);
  }

  async #append(file: OpenFile, bytes: Buffer): Promise<void> {
    const position = file.fileBytes;
    file.fileBytes += bytes.length;
    await this.#host.write(file.fd, bytes, position, file.path);
  }

  async #finishFile(expected: Buffer | undefined): Promise<StoredObject> {
    // What was not taken by one frame goes into the next.
    do {
      await this.#writing;
      this.#startWriting();
      await this.#writing;
    } while (this.#filled > 0);
    this.#giveBack();
    const hash = this.#hash?.digest();
    if (hash === undefined) throw new Error('a large object without bytes');
    if (expected?.equals(hash) === false) throw damagedObject(expected, 'changed');
    return this.#handOver(hash, this.#sizeBytes);
  }

  /** Completes the file and lets the store take it over. */
  async #handOver(hash: Buffer, sizeBytes: number): Promise<StoredObject> {
    const file = this.#file;
    if (file === undefined) throw new Error('an object without a file');
    if (file.table !== undefined) await this.#append(file, file.table.encode(sizeBytes));
    this.#isDone = true;
    const packedBytes = file.table === undefined ? undefined : file.fileBytes;
    const isNew = await this.#host.adopt({ hash, sizeBytes, fd: file.fd, path: file.path, packedBytes });
    return { hash, sizeBytes, isNew };
  }

  #giveBack(): void {
    if (this.#buffer !== undefined) this.#host.buffers.giveBack(this.#buffer);
    this.#buffer = undefined;
    this.#filled = 0;
  }

  #assertOpen(): void {
    if (this.#isDone) throw new Error('the object has been finished or discarded');
  }
}
