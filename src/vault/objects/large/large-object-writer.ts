import { createHash, type Hash } from 'node:crypto';
import { letGo } from '../../../shared/flow/let-go.ts';
import type { Disk } from '../../durability.ts';
import type { BufferPool } from '../buffer-pool.ts';
import { damagedObject } from '../object-damage.ts';
import { hashBytes, SMALL_LIMIT_BYTES, type StoredObject } from '../object-ref.ts';
import { FRAME_BYTES, packFrame, TableBuilder } from '../packed/packed-format.ts';

/** How a database begins. Nothing else of a phone that is large can be compressed: pictures and films are already. */
const DATABASE_START = 'SQLite format 3\0';
/** A database whose beginning shrinks less than to this stays as it is: it is full of what is compressed. */
const WORTH_PACKING = 0.7;

/** What a writer needs of the store. */
export interface LargeObjectHost {
  readonly disk: Disk;
  /** Each at least `SMALL_LIMIT_BYTES` long. */
  readonly buffers: BufferPool;
  putSmall(bytes: Uint8Array): StoredObject;
  /** Whether large objects may be packed in this vault. */
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
 * one that turns out to be small becomes a small object. Bytes are hashed in this thread while the thread pool
 * writes the ones before. A database is packed, frame by frame and in this thread, where that pays.
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
    if (this.#hash === undefined && this.#filled <= SMALL_LIMIT_BYTES) {
      const bytes = this.#buffer?.subarray(0, this.#filled) ?? Buffer.alloc(0);
      if (expected !== undefined && !hashBytes(bytes).equals(expected)) throw damagedObject(expected, 'changed');
      this.#isDone = true;
      const ref = this.#host.putSmall(bytes);
      this.#giveBack();
      return ref;
    }
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

  /** Hands the buffer to the thread pool, hashes it meanwhile and goes on with another. */
  #startWriting(): void {
    const buffer = this.#buffer;
    if (buffer === undefined || this.#filled === 0) return;
    const isFirst = this.#hash === undefined;
    const mayPack = this.#file?.table !== undefined || (isFirst && this.#host.packs && isDatabase(buffer));
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
    const packed = packFrame(bytes);
    if (this.#file === undefined && packed.length > bytes.length * WORTH_PACKING) {
      letGo(packed);
      await this.#writePlain(bytes, 0);
      return;
    }
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
    const [file, sizeBytes] = [this.#file, this.#sizeBytes];
    const hash = this.#hash?.digest();
    if (file === undefined || hash === undefined) throw new Error('a large object without a file');
    if (expected?.equals(hash) === false) throw damagedObject(expected, 'changed');
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

function isDatabase(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, DATABASE_START.length) === DATABASE_START;
}
