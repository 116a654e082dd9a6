import { open } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';
import { SMALL_LIMIT_BYTES, type StoredObject } from '../objects/object-ref.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { WorkerPool } from '../threads/worker-pool.ts';
import { isUnchanged, READ_FLAGS, type ReadOutcome, type ReadTask } from './read-task.ts';
import type { FileStamp } from './scan-folder.ts';

/** Reading waits for the disk more than for a processor. */
const THREADS = 4;
const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_FILES = 256;
/** Large files being read at the same time. */
const LARGE_FILES = 3;
const CHUNK_BYTES = 1024 * 1024;

/** A file whose bytes are wanted in the vault. */
export interface FileToIngest {
  readonly path: string;
  readonly stamp: FileStamp;
  /** Takes the object when it is stored. */
  readonly onStored: (object: StoredObject) => void;
}

/**
 * Reads files and stores them: small ones in threads, many at a time, large ones beside them. Files are handed over
 * one by one and stored in no order.
 */
export class Ingest implements AsyncDisposable {
  readonly #objects: ObjectStore;
  /** Started when there is something to read: an unchanged folder needs no threads. */
  #pool: WorkerPool<ReadTask, ReadOutcome> | undefined;
  readonly #free: ArrayBuffer[] = [];
  readonly #running = new Set<Promise<void>>();
  #batch: FileToIngest[] = [];
  #batchBytes = 0;
  #largeCount = 0;
  #failure: { error: unknown } | undefined;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** Takes a file; resolves when there is room for the next. @throws what reading or storing an earlier one threw */
  async add(file: FileToIngest): Promise<void> {
    this.#throwFailure();
    if (file.stamp.sizeBytes > SMALL_LIMIT_BYTES) {
      while (this.#largeCount >= LARGE_FILES) await Promise.race(this.#running);
      this.#throwFailure();
      this.#largeCount++;
      this.#follow(this.#ingestLarge(file).finally(() => this.#largeCount--));
      return;
    }
    if (this.#batch.length >= BATCH_FILES || this.#batchBytes + file.stamp.sizeBytes > BATCH_BYTES) {
      await this.#startBatch();
    }
    this.#batch.push(file);
    this.#batchBytes += file.stamp.sizeBytes;
  }

  /** Resolves when every file handed over is stored. */
  async drain(): Promise<void> {
    await this.#startBatch();
    while (this.#running.size > 0) await Promise.all(this.#running);
    this.#throwFailure();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running);
    await this.#pool?.[Symbol.asyncDispose]();
  }

  async #startBatch(): Promise<void> {
    const files = this.#batch;
    if (files.length === 0) return;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#pool ??= new WorkerPool('./read-worker', import.meta.url, THREADS);
    await this.#pool.room();
    this.#throwFailure();
    this.#follow(this.#ingestSmall(this.#pool, files));
  }

  async #ingestSmall(pool: WorkerPool<ReadTask, ReadOutcome>, files: readonly FileToIngest[]): Promise<void> {
    const buffer = this.#free.pop() ?? new ArrayBuffer(BATCH_BYTES);
    const task = { paths: files.map(({ path }) => path), stamps: files.map(({ stamp }) => stamp), buffer };
    const outcome = await pool.run(task, [buffer]);
    const failed = outcome.failure && files[outcome.failure.index];
    if (outcome.failure && failed) throw readError(failed.path, outcome.failure.code);
    const bytes = Buffer.from(outcome.buffer);
    let at = 0;
    for (const { stamp, onStored } of files) {
      onStored(this.#objects.putSmall(bytes.subarray(at, at + stamp.sizeBytes)));
      at += stamp.sizeBytes;
    }
    this.#free.push(outcome.buffer);
  }

  async #ingestLarge({ path, stamp, onStored }: FileToIngest): Promise<void> {
    await using file = await open(path, READ_FLAGS).catch((error: unknown) => {
      throw storageError(error, 'read', path);
    });
    const writer = this.#objects.createLarge();
    try {
      const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      for (let done = 0; done < stamp.sizeBytes;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, done).catch((error: unknown) => {
          throw storageError(error, 'read', path);
        });
        if (bytesRead === 0) throw readError(path, 'CHANGED');
        await writer.write(buffer.subarray(0, bytesRead));
        done += bytesRead;
      }
      if (!isUnchanged(file.fd, stamp)) throw readError(path, 'CHANGED');
      onStored(await writer.finish());
    } finally {
      await writer.discard();
    }
  }

  /** Keeps the first failure for whoever asks next, and waits no longer than needed. */
  #follow(work: Promise<void>): void {
    const followed = work
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(followed));
    this.#running.add(followed);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

function readError(path: string, code: string): unknown {
  if (code !== 'CHANGED' && code !== 'ENOENT' && code !== 'ELOOP') {
    return storageError(Object.assign(new Error(`${code}: ${path}`), { code }), 'read', path);
  }
  return new AppError('BACKUP_UNFINISHED', `${path} changed while it was being read`, {
    hint: 'Wait until no other program writes into the backup, then try again.',
    details: { path },
  });
}
