import { createHash, type Hash } from 'node:crypto';
import type { Disk } from '../../durability.ts';
import type { BufferPool } from '../buffer-pool.ts';
import { damagedObject } from '../object-damage.ts';
import { hashBytes, SMALL_LIMIT_BYTES, type StoredObject } from '../object-ref.ts';

/** What a writer needs of the store. */
export interface LargeObjectHost {
  readonly disk: Disk;
  /** Each at least `SMALL_LIMIT_BYTES` long. */
  readonly buffers: BufferPool;
  putSmall(bytes: Uint8Array): StoredObject;
  createTemporary(): { fd: number; path: string };
  /** Writes in the thread pool; the bytes stay as they are until then. */
  write(fd: number, bytes: Uint8Array, position: number, path: string): Promise<void>;
  /** Takes over a complete file, or drops it when the object is known. Tells whether it is new. */
  adopt(hash: Buffer, sizeBytes: number, fd: number, path: string): Promise<boolean>;
}

/**
 * An object being received whose size need not be known: it goes to a file once it is too long for a segment, and
 * one that turns out to be small becomes a small object. Bytes are hashed in this thread while the thread pool
 * writes the ones before.
 */
export class LargeObjectWriter {
  readonly #host: LargeObjectHost;
  #buffer: Buffer | undefined;
  #filled = 0;
  #file: { fd: number; path: string; hash: Hash } | undefined;
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
    if (this.#file === undefined && this.#filled <= SMALL_LIMIT_BYTES) {
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
    const bytes = buffer.subarray(0, this.#filled);
    this.#file ??= { ...this.#host.createTemporary(), hash: createHash('sha256') };
    const { fd, path, hash } = this.#file;
    this.#writing = this.#host.write(fd, bytes, this.#sizeBytes, path).then(() => {
      this.#host.buffers.giveBack(buffer);
      this.#writing = undefined;
    });
    // A failed write stays in `#writing` and is met by whoever awaits it; until then it is not unhandled.
    this.#writing.catch(() => undefined);
    hash.update(bytes);
    this.#sizeBytes += bytes.length;
    this.#buffer = this.#host.buffers.take();
    this.#filled = 0;
  }

  async #finishFile(expected: Buffer | undefined): Promise<StoredObject> {
    await this.#writing;
    this.#startWriting();
    await this.#writing;
    this.#giveBack();
    if (this.#file === undefined) throw new Error('a large object without a file');
    const { fd, path, hash } = this.#file;
    const object = { hash: hash.digest(), sizeBytes: this.#sizeBytes };
    if (expected?.equals(object.hash) === false) throw damagedObject(expected, 'changed');
    this.#isDone = true;
    return { ...object, isNew: await this.#host.adopt(object.hash, object.sizeBytes, fd, path) };
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
