import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import { joinPath } from '../lists/list-path.ts';
import type { ListStore } from '../lists/list-store.ts';
import { damagedObject, type DamageKind } from '../objects/object-damage.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { WorkerPool } from '../threads/worker-pool.ts';
import { ExportFolder } from './export-folder.ts';
import type { WriteOutcome, WriteTask } from './write-task.ts';

/** More threads than this only wait for each other in the directories. */
const THREADS = 2;
/** Files are planned so many at a time: enough to read the disk in order, few enough for a small memory. */
const PLANNED_FILES = 262_144;
const BATCH_BYTES = 2 * 1024 * 1024;
const BATCH_FILES = 256;

export type ExportEvent =
  | {
      readonly kind: 'progress';
      readonly files: number;
      readonly totalFiles: number;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly kind: 'done';
      /** The backup folder itself, `<dir>/<UDID>`. */
      readonly folder: string;
      readonly files: number;
      readonly bytes: number;
      /** Bytes that take no space of their own, because they share blocks with the vault. */
      readonly clonedBytes: number;
    };

export interface ExportHost {
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly disk: Disk;
}

interface PlannedFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/**
 * Writes a snapshot as the plain folder `<dir>/<UDID>` that Finder, iTunes, iMazing and `idevicebackup2 restore <dir>`
 * open. Every file is a copy or a clone, never a hard link: those tools overwrite files in place. Every byte is
 * checked against its hash on the way; the folder appears under its name only when it is whole.
 *
 * @throws {AppError} FOLDER_NOT_EMPTY, SNAPSHOT_CORRUPT naming the file, OUT_OF_SPACE, STORAGE_FAILED
 */
export async function* exportSnapshot(
  host: ExportHost,
  record: SnapshotRecord,
  dir: string,
  signal?: AbortSignal,
): AsyncGenerator<ExportEvent, undefined> {
  using list = host.lists.open(record.list.sha256);
  const folder = await ExportFolder.prepare(dir, record.udid, host.disk);
  const exporter = new Exporter(host, record, folder.partial);
  let isWhole = false;
  try {
    await using pool = new WorkerPool<WriteTask, WriteOutcome>('./write-worker', import.meta.url, THREADS);
    let planned: PlannedFile[] = [];
    for (const { directory, entry } of list.entries()) {
      if (entry.kind === 'directory') {
        exporter.makeDirectory(joinPath(directory, entry.name));
        continue;
      }
      exporter.makeDirectory(directory);
      planned.push({ path: joinPath(directory, entry.name), sha256: entry.sha256, sizeBytes: entry.sizeBytes });
      if (planned.length < PLANNED_FILES) continue;
      yield* exporter.write(pool, planned, signal);
      planned = [];
    }
    yield* exporter.write(pool, planned, signal);
    await folder.publish(record);
    isWhole = true;
  } finally {
    if (!isWhole) folder.abandon();
  }
  yield { kind: 'done', folder: folder.final, ...exporter.written };
}

/** Hands the files of a snapshot to the threads that write them, in the order in which the vault has their bytes. */
class Exporter {
  readonly #host: ExportHost;
  readonly #record: SnapshotRecord;
  readonly #root: string;
  readonly #made = new Set(['']);
  readonly #running = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;
  #files = 0;
  #bytes = 0;
  #clonedBytes = 0;

  constructor(host: ExportHost, record: SnapshotRecord, root: string) {
    this.#host = host;
    this.#record = record;
    this.#root = root;
  }

  get written(): { files: number; bytes: number; clonedBytes: number } {
    return { files: this.#files, bytes: this.#bytes, clonedBytes: this.#clonedBytes };
  }

  makeDirectory(path: string): void {
    if (this.#made.has(path)) return;
    this.#made.add(path);
    this.#host.disk.makeDirectory(join(this.#root, path));
  }

  async *write(
    pool: WorkerPool<WriteTask, WriteOutcome>,
    files: readonly PlannedFile[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ExportEvent, undefined> {
    for (const { task, bytes, names } of this.#tasks(files)) {
      await pool.room();
      signal?.throwIfAborted();
      this.#throwFailure();
      const transfer = task.kind === 'small' ? [task.bytes.buffer as ArrayBuffer] : [];
      this.#follow(pool.run(task, transfer), names, bytes);
      yield this.#progress();
    }
    while (this.#running.size > 0) {
      await Promise.race(this.#running);
      signal?.throwIfAborted();
      yield this.#progress();
    }
    this.#throwFailure();
  }

  /** Remembers what became of a task. */
  #follow(outcome: Promise<WriteOutcome>, files: readonly PlannedFile[], bytes: number): void {
    const followed = outcome
      .then(({ failure, damage, isCloned }) => {
        if (failure !== undefined) throw writeError(failure);
        const [file] = files;
        if (damage !== undefined && file !== undefined) throw this.#damaged(file, damage);
        this.#files += files.length;
        this.#bytes += bytes;
        if (isCloned === true) this.#clonedBytes += bytes;
      })
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(followed));
    this.#running.add(followed);
  }

  *#tasks(files: readonly PlannedFile[]): Generator<{ task: WriteTask; bytes: number; names: PlannedFile[] }> {
    let batch = new SmallFileBatch(this.#root);
    for (const item of this.#host.objects.readMany(hashesOf(files))) {
      const file = files[item.index];
      if (file === undefined) continue;
      if (item.kind === 'file') {
        const task = {
          kind: 'large',
          source: item.path,
          path: join(this.#root, file.path),
          sha256: file.sha256,
        } as const;
        yield { task, bytes: file.sizeBytes, names: [file] };
      } else if (item.kind === 'bytes') {
        if (batch.isFullWith(item.bytes.length)) {
          yield batch.take();
          batch = new SmallFileBatch(this.#root);
        }
        batch.add(file, item.bytes);
      } else {
        throw this.#damaged(file, item.kind);
      }
    }
    if (batch.count > 0) yield batch.take();
  }

  #damaged({ path, sha256 }: PlannedFile, kind: DamageKind): AppError {
    const cause = damagedObject(Buffer.from(sha256, 'hex'), kind);
    return new AppError(
      'SNAPSHOT_CORRUPT',
      `the file ${path} of snapshot ${this.#record.id} is damaged: ${cause.message}`,
      {
        hint: cause.hint ?? '',
        details: { ...cause.details, snapshot: this.#record.id, udid: this.#record.udid, path },
        cause,
      },
    );
  }

  #progress(): ExportEvent {
    const { files: totalFiles, bytes: totalBytes } = this.#record.list;
    return { kind: 'progress', files: this.#files, totalFiles, bytes: this.#bytes, totalBytes };
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** Small files collected into one buffer, to be handed to a thread together. */
class SmallFileBatch {
  readonly #root: string;
  readonly #bytes = Buffer.allocUnsafeSlow(BATCH_BYTES);
  readonly #files: PlannedFile[] = [];
  readonly #sizes: number[] = [];
  #filled = 0;

  constructor(root: string) {
    this.#root = root;
  }

  get count(): number {
    return this.#files.length;
  }

  isFullWith(sizeBytes: number): boolean {
    return this.#files.length >= BATCH_FILES || this.#filled + sizeBytes > BATCH_BYTES;
  }

  add(file: PlannedFile, bytes: Buffer): void {
    this.#filled += bytes.copy(this.#bytes, this.#filled);
    this.#files.push(file);
    this.#sizes.push(bytes.length);
  }

  take(): { task: WriteTask; bytes: number; names: PlannedFile[] } {
    const paths = this.#files.map(({ path }) => join(this.#root, path));
    const task = { kind: 'small', paths, sizes: this.#sizes, bytes: this.#bytes } as const;
    return { task, bytes: this.#filled, names: this.#files };
  }
}

function* hashesOf(files: readonly PlannedFile[]): Generator<Buffer> {
  for (const { sha256 } of files) yield Buffer.from(sha256, 'hex');
}

/** A thread cannot hand over an error as it is, so it is made again here. */
function writeError({ code, message, path }: NonNullable<WriteOutcome['failure']>): unknown {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('OUT_OF_SPACE', `the disk is full: could not write ${path}`, {
      hint: 'Export to a disk with more free space.',
      details: { path, systemError: code },
    });
  }
  return storageError(Object.assign(new Error(message), { code }), 'write', path);
}
