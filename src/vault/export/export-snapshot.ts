import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import { joinPath } from '../lists/list-path.ts';
import type { ListStore } from '../lists/list-store.ts';
import { damagedObject, type DamageKind } from '../objects/object-damage.ts';
import type { PlannedRead } from '../objects/object-reader.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { Underway } from '../../shared/flow/underway.ts';
import { WorkerPool } from '../../shared/flow/worker-pool.ts';
import { ExportFolder, WITNESS } from './export-folder.ts';
import { writeFile, type WriteOutcome, type WriteTask } from './write-task.ts';

/** One waits for the disk while the others hash and write; more only wait for each other in the directories. */
const THREADS = 3;
/** Files are planned so many at a time: enough to read the disk in order, few enough for a small memory. */
const PLANNED_FILES = 16_384;

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
 * checked against its hash on the way; the folder appears under its name only when it is whole, and what a killed
 * export leaves lacks the file by which tools know a finished backup.
 *
 * @throws {AppError} FOLDER_NOT_EMPTY, ALREADY_RUNNING, SNAPSHOT_CORRUPT naming the file, OUT_OF_SPACE, STORAGE_FAILED
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
    const last: PlannedFile[] = [];
    for (const { directory, entry } of list.entries()) {
      if (entry.kind === 'directory') {
        exporter.makeDirectory(joinPath(directory, entry.name));
        continue;
      }
      exporter.makeDirectory(directory);
      const path = joinPath(directory, entry.name);
      (path === WITNESS ? last : planned).push({ path, sha256: entry.sha256, sizeBytes: entry.sizeBytes });
      if (planned.length < PLANNED_FILES) continue;
      yield* exporter.write(pool, planned, signal);
      planned = [];
    }
    yield* exporter.write(pool, planned, signal);
    yield* exporter.write(pool, last, signal);
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
  readonly #underway = new Underway();
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
    for (const { task, files: written } of this.#tasks(files)) {
      await pool.room();
      signal?.throwIfAborted();
      this.#underway.throwFailure();
      const transfer = task.kind === 'run' ? [task.starts.buffer, task.sizes.buffer, task.hashes.buffer] : [];
      this.#underway.follow(pool.run(task, transfer).then((outcome) => this.#take(outcome, written)));
      yield this.#progress();
    }
    while (this.#underway.count > 0) {
      await this.#underway.someDone();
      signal?.throwIfAborted();
      yield this.#progress();
    }
    this.#underway.throwFailure();
  }

  #take({ failure, damage, isCloned, unread = [] }: WriteOutcome, files: readonly PlannedFile[]): void {
    if (failure !== undefined) throw writeError(failure);
    const [first] = files;
    if (damage !== undefined && first !== undefined) throw this.#damaged(first, damage);
    for (const index of unread) this.#writeAlone(files[index]);
    const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.#files += files.length;
    this.#bytes += bytes;
    if (isCloned === true) this.#clonedBytes += bytes;
  }

  /** Writes a file that was not found where it should be: it is damaged, or a prune has moved it meanwhile. */
  #writeAlone(file: PlannedFile | undefined): void {
    for (const item of file === undefined ? [] : this.#host.objects.readMany(hashesOf([file]))) {
      if (file === undefined || item.kind === 'file') continue;
      if (item.kind !== 'bytes') throw this.#damaged(file, item.kind);
      const { failure } = writeFile(this.#pathOf(file), item.bytes);
      if (failure !== undefined) throw writeError(failure);
    }
  }

  *#tasks(files: readonly PlannedFile[]): Generator<{ task: WriteTask; files: readonly PlannedFile[] }> {
    for (const read of this.#host.objects.planReads(hashesOf(files))) {
      if (read.kind === 'run') {
        yield* this.#runTask(read, files);
        continue;
      }
      const file = files[read.index];
      if (file === undefined) continue;
      if (read.kind === 'missing') throw this.#damaged(file, read.kind);
      const { path: source, isPacked } = read;
      const task = { kind: 'large', source, isPacked, path: this.#pathOf(file), sha256: file.sha256 } as const;
      yield { task, files: [file] };
    }
  }

  *#runTask(
    { path: source, offset, length, starts, sizes, indexes }: Extract<PlannedRead, { kind: 'run' }>,
    planned: readonly PlannedFile[],
  ): Generator<{ task: WriteTask; files: readonly PlannedFile[] }> {
    const files = Array.from(indexes, (index) => planned[index]).filter((file) => file !== undefined);
    const hashes = new Uint8Array(files.length * 32);
    for (const [at, hash] of [...hashesOf(files)].entries()) hashes.set(hash, at * 32);
    const paths = files.map((file) => this.#pathOf(file)).join('\0');
    yield { task: { kind: 'run', source, offset, length, starts, sizes, hashes, paths }, files };
  }

  #pathOf({ path }: PlannedFile): string {
    return `${this.#root}/${path}`;
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
