import { open } from 'node:fs/promises';
import { AppError } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';
import { BufferPool } from '../objects/buffer-pool.ts';
import { SMALL_LIMIT_BYTES, type StoredObject } from '../objects/object-ref.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { putWhole } from '../objects/put-whole.ts';
import { Underway } from '../../shared/flow/underway.ts';
import { WorkerPool } from '../../shared/flow/worker-pool.ts';
import {
  filesRead,
  isUnchanged,
  READ_FLAGS,
  readBytes,
  readFiles,
  type ReadOutcome,
  type ReadTask,
} from './read-task.ts';
import { FileStamps, type FileStamp } from './scan-folder.ts';

/** They read and hash; this thread stores. Reading waits for the disk more than for a processor. */
const MAX_THREADS = 3;
/** With fewer batches waiting for each, another thread takes longer to start than the others to read them. */
const BATCHES_A_THREAD = 48;
const BATCH_BYTES = SMALL_LIMIT_BYTES;
const BATCH_FILES = 256;
/** So many files are put in the order of the disk before they are read: usually all of a directory. */
const SORTED_FILES = 1024;
/** So few are read by this thread, at the end: starting others takes as long as reading a hundred. */
const FEW_FILES = 64;
/** So many batches may wait for a thread: while the first one starts, a small change is found as a whole. */
const MAX_WAITING_BATCHES = 128;
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
  readonly #chunks = new BufferPool(CHUNK_BYTES);
  readonly #underway = new Underway();
  #gathered: FileToIngest[] = [];
  /** Batches that wait for a thread, and whether they are being handed out. */
  readonly #waiting: (readonly FileToIngest[])[] = [];
  #isFeeding = false;
  #largeCount = 0;
  /** Batches of small files that threads are reading. */
  #batchCount = 0;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** Takes a file; resolves when there is room for the next. @throws what reading or storing an earlier one threw */
  async add(file: FileToIngest): Promise<void> {
    this.#underway.throwFailure();
    if (file.stamp.sizeBytes > SMALL_LIMIT_BYTES) {
      while (this.#largeCount >= LARGE_FILES) await this.#underway.someDone();
      this.#largeCount++;
      this.#underway.follow(this.#ingestLarge(file).finally(() => this.#largeCount--));
      return;
    }
    this.#gathered.push(file);
    // Where the threads have nothing to do, little is better than waiting for more.
    const enough = this.#batchCount === 0 ? FEW_FILES : SORTED_FILES;
    if (this.#gathered.length >= enough) this.#startReading();
    while (this.#waiting.length > MAX_WAITING_BATCHES) await this.#underway.someDone();
  }

  /** Resolves when some more of what was handed over is stored. */
  async next(): Promise<void> {
    this.#startReading();
    await this.#underway.someDone();
  }

  /** Resolves when every file handed over is stored. */
  async drain(): Promise<void> {
    this.#startReading();
    await this.#underway.settled();
    this.#underway.throwFailure();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiting.length = 0;
    await this.#underway.settled();
    await this.#pool?.[Symbol.asyncDispose]();
  }

  /** File systems number files as they lay them on the disk, more or less. */
  #startReading(): void {
    const files = this.#gathered.toSorted((a, b) => a.stamp.inode - b.stamp.inode);
    this.#gathered = [];
    for (const batch of batchesOf(files)) {
      if (this.#pool === undefined && files.length < FEW_FILES) {
        this.#underway.follow(this.#store(batch, readFiles(this.#taskFor(batch))));
        continue;
      }
      this.#waiting.push(batch);
    }
    if (this.#waiting.length === 0 || this.#isFeeding) return;
    this.#isFeeding = true;
    this.#underway.follow(this.#feed().finally(() => (this.#isFeeding = false)));
  }

  /** Hands batches to the threads as these have room. */
  async #feed(): Promise<void> {
    this.#pool ??= new WorkerPool('./read-worker', import.meta.url, () =>
      Math.min(MAX_THREADS, 1 + Math.floor(this.#waiting.length / BATCHES_A_THREAD)),
    );
    for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) {
      await this.#pool.room();
      if (this.#underway.hasFailed) return;
      this.#batchCount++;
      this.#underway.follow(this.#ingestSmall(this.#pool, batch).finally(() => this.#batchCount--));
    }
  }

  async #ingestSmall(pool: WorkerPool<ReadTask, ReadOutcome>, files: readonly FileToIngest[]): Promise<void> {
    const task = this.#taskFor(files);
    await this.#store(files, await pool.run(task, [task.buffer, task.stamps.buffer]));
  }

  #taskFor(files: readonly FileToIngest[]): ReadTask {
    const stamps = new FileStamps(files.length);
    for (const [at, { stamp }] of files.entries()) stamps.set(at, stamp);
    const buffer = this.#free.pop() ?? new ArrayBuffer(readBytes(BATCH_FILES, BATCH_BYTES));
    return { paths: files.map(({ path }) => path).join('\0'), stamps: stamps.numbers, buffer };
  }

  async #store(files: readonly FileToIngest[], outcome: ReadOutcome): Promise<void> {
    const failed = outcome.failure && files[outcome.failure.index];
    if (outcome.failure && failed) throw readError(failed.path, outcome.failure.code);
    const read = filesRead(
      outcome,
      files.map(({ stamp }) => stamp.sizeBytes),
    );
    for (const { onStored } of files) {
      const { value } = read.next();
      if (value === undefined) continue;
      const stored = putWhole(this.#objects, value.hash, value.bytes);
      onStored(stored instanceof Promise ? await stored : stored);
    }
    this.#free.push(outcome.buffer);
  }

  async #ingestLarge({ path, stamp, onStored }: FileToIngest): Promise<void> {
    await using file = await open(path, READ_FLAGS).catch((error: unknown) => {
      throw storageError(error, 'read', path);
    });
    const writer = this.#objects.createLarge();
    const buffer = this.#chunks.take();
    try {
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
      this.#chunks.giveBack(buffer);
    }
  }
}

function* batchesOf(files: readonly FileToIngest[]): Generator<readonly FileToIngest[], undefined> {
  let from = 0;
  let bytes = 0;
  for (const [at, { stamp }] of files.entries()) {
    if (at - from >= BATCH_FILES || bytes + stamp.sizeBytes > BATCH_BYTES) {
      yield files.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += stamp.sizeBytes;
  }
  if (from < files.length) yield files.slice(from);
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
