import { availableParallelism } from 'node:os';
import { AppError, isAppError } from '../../shared/errors.ts';
import { isNotFound, TargetError } from '../../shared/target/backup-target.ts';
import { Underway } from '../../shared/flow/underway.ts';
import { WorkerPool } from '../../shared/flow/worker-pool.ts';
import type { Backup, FileOutline, ManifestEntry, ManifestProblem, MbFile } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import type { Place } from '../folder/name-space.ts';
import { exportStorageError } from '../folder/storage-error.ts';
import type { CopyFile, CopyOutcome, CopyProblem, CopyTask } from './copy-task.ts';
import { finishDirectories, writeLink, type PlacedDirectory } from './links-and-folders.ts';
import { selectEntries, type FileSelection } from './selection.ts';
import { writeTables, type Renamed, type Trouble } from './tables.ts';

export interface TakeOutFilesRequest {
  readonly backup: Backup;
  readonly folder: ExportFolder;
  readonly selection: FileSelection;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Why something is not as it was on the phone:
 * `missing` its content is not in the backup; `unreadable` the disk of the backup fails; `changed` it is not what the
 * vault has stored; `no-key` only the device has its key, or the key is damaged; `no-facts` its entry is damaged;
 * `refused` the disk written to cannot hold such a file; `damaged` it was written, but its end is missing or wrong;
 * `link-outside` a link leads out of the backup and became a text file that says where to.
 */
export type FileProblem = CopyProblem | 'no-key' | 'no-facts' | 'link-outside';

export interface ProblemEvent {
  readonly kind: 'problem';
  readonly domain: string;
  readonly relativePath: string;
  readonly problem: FileProblem;
}

export interface TakenOut {
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  readonly bytes: number;
  /** Entries of the backup's list that name nothing. Real backups have a few. */
  readonly unusableEntries: number;
  /** Whether the list breaks off: what would follow could not be taken out. */
  readonly isListCutOff: boolean;
  /** How many have another path than on the phone. */
  readonly renamed: number;
  /** Where the lists of them and of all problems were left in the folder; undefined where there is nothing to list. */
  readonly renamedTable: string | undefined;
  readonly problemTable: string | undefined;
}

export type TakeOutFilesEvent =
  | ProblemEvent
  | {
      readonly kind: 'progress';
      readonly files: number;
      readonly totalFiles: number;
      readonly bytes: number;
      /** By the backup's own list, which is a little wrong about databases. */
      readonly totalBytes: number;
    }
  | ({ readonly kind: 'done' } & TakenOut);

const THREADS = Math.min(4, availableParallelism());
/** What one message to a thread holds at most; a larger file goes alone. */
const BATCH_FILES = 64;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Takes files out of a backup as they were on the phone, each below the folder of its domain: content decrypted,
 * permissions of the owner at least to read and write, times of change, links that stay within. Names are made safe and
 * unique. What cannot be taken out is told and does not stop the rest.
 *
 * @throws {AppError} CONTENT_NOT_FOUND when nothing is selected, OUT_OF_SPACE, STORAGE_FAILED, CANCELLED
 */
export async function* takeOutFiles(request: TakeOutFilesRequest): AsyncGenerator<TakeOutFilesEvent, undefined> {
  const total = totalsOf(request);
  if (total.entries === 0) throw nothingSelected();
  const run = new Run(request);
  try {
    await using pool = new WorkerPool<CopyTask, CopyOutcome>('./copy-worker', import.meta.url, THREADS);
    // Before the threads end: one that is ended in the middle of a file leaves a part of it under its name.
    await using _stop = run;
    for (const entry of selectEntries(request.backup.manifest, request.selection, run.noteEntry)) {
      if (!run.add(entry)) continue;
      await run.copyBatch(pool);
      yield* run.takeProblems();
      yield { kind: 'progress', ...run.progress, totalFiles: total.files, totalBytes: total.bytes };
    }
    await run.copyBatch(pool);
    for await (const _ of run.settle()) {
      yield* run.takeProblems();
      yield { kind: 'progress', ...run.progress, totalFiles: total.files, totalBytes: total.bytes };
    }
    run.finish();
    yield* run.takeProblems();
    yield { kind: 'done', ...(await run.summarize()) };
  } finally {
    request.folder.clearPartials();
  }
}

function totalsOf({ backup, selection }: TakeOutFilesRequest): { entries: number; files: number; bytes: number } {
  const total = { entries: 0, files: 0, bytes: 0 };
  for (const entry of selectEntries(backup.manifest, selection, () => undefined)) {
    total.entries++;
    if (entry.kind !== 'file') continue;
    total.files++;
    total.bytes += sizeIn(entry);
  }
  return total;
}

function sizeIn(entry: ManifestEntry): number {
  try {
    return entry.outline().sizeBytes ?? 0;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', 'WRONG_PASSWORD')) return 0;
    throw error;
  }
}

/** A file on its way, and what it is called on the phone. */
interface Planned {
  readonly entry: ManifestEntry;
  readonly place: Place;
  readonly attributes: { readonly mode: number; readonly modifiedAt?: Date };
  /** Undefined where its bytes lie in no file of this computer. */
  readonly copy: CopyFile | undefined;
}

class Run implements AsyncDisposable {
  readonly #backup: Backup;
  readonly #folder: ExportFolder;
  readonly #signal: AbortSignal | undefined;
  readonly #renamed: Renamed[] = [];
  readonly #troubles: Trouble[] = [];
  readonly #directories: PlacedDirectory[] = [];
  readonly #links: { entry: ManifestEntry; details: MbFile }[] = [];
  readonly #underway = new Underway();
  readonly #stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  #problems: ProblemEvent[] = [];
  #batch: Planned[] = [];
  #batchBytes = 0;
  #files = 0;
  #bytes = 0;
  #linksMade = 0;
  #unusableEntries = 0;
  #isListCutOff = false;

  constructor({ backup, folder, signal }: TakeOutFilesRequest) {
    this.#backup = backup;
    this.#folder = folder;
    this.#signal = signal;
  }

  /** Told of entries that name nothing. */
  readonly noteEntry = ({ reason }: ManifestProblem): void => {
    if (reason === 'cut-off') this.#isListCutOff = true;
    else this.#unusableEntries++;
  };

  get progress(): { files: number; bytes: number } {
    return { files: this.#files, bytes: this.#bytes };
  }

  async summarize(): Promise<TakenOut> {
    return {
      files: this.#files,
      folders: this.#directories.length,
      links: this.#linksMade,
      bytes: this.#bytes,
      unusableEntries: this.#unusableEntries,
      isListCutOff: this.#isListCutOff,
      renamed: this.#renamed.length,
      ...(await writeTables(this.#folder, this.#renamed, this.#troubles)),
    };
  }

  /** What went wrong since the last call. */
  takeProblems(): ProblemEvent[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  /** @returns whether the batch is full now. */
  add(entry: ManifestEntry): boolean {
    if (entry.kind === 'directory') this.#addDirectory(entry);
    else if (entry.kind === 'symlink') this.#addLink(entry);
    else this.#addFile(entry);
    return this.#batch.length >= BATCH_FILES || this.#batchBytes >= BATCH_BYTES;
  }

  #addDirectory(entry: ManifestEntry): void {
    const place = this.#folder.claimDirectory(partsOf(entry), { keepForm: true });
    const outline = this.#factsOf(entry, () => entry.outline());
    // What is taken out is its owner's alone: the folder of a domain keeps the rest of the world out.
    const mode = entry.relativePath === '' ? undefined : outline?.mode;
    this.#directories.push({ path: place.absolutePath, mode, modifiedMs: outline?.modifiedAt?.getTime() });
    this.#noteRenamed(entry, place);
  }

  /** Links are made when all else has its place, so that nothing can be written through one. */
  #addLink(entry: ManifestEntry): void {
    const details = this.#factsOf(entry, () => entry.details());
    if (details !== undefined) this.#links.push({ entry, details });
  }

  #addFile(entry: ManifestEntry): void {
    const outline = this.#factsOf(entry, () => entry.outline());
    if (outline === undefined) return;
    const key = this.#keyOf(entry, outline);
    if (key === undefined) return;
    const place = this.#folder.claimFile(partsOf(entry), { keepForm: true });
    this.#noteRenamed(entry, place);
    const { mode, modifiedAt, sizeBytes = 0 } = outline;
    const stored = this.#backup.source.locate?.(this.#backup.manifest.contentPath(entry.fileId));
    const permissions = permissionsOf(mode);
    this.#batch.push({
      entry,
      place,
      attributes: { mode: permissions, ...(modifiedAt && { modifiedAt }) },
      copy: stored && {
        source: stored.path,
        offset: stored.offset,
        ...(stored.sizeBytes !== undefined && { sizeBytes: stored.sizeBytes }),
        ...(stored.sha256 !== undefined && { sha256: stored.sha256 }),
        ...(key.length > 0 && { key }),
        target: place.absolutePath,
        mode: permissions,
        ...(modifiedAt && { modifiedMs: modifiedAt.getTime() }),
      },
    });
    this.#batchBytes += sizeBytes;
  }

  /** Empty where the content is not encrypted; undefined, and told, where there is no key for it. */
  #keyOf(entry: ManifestEntry, outline: FileOutline): Buffer | undefined {
    try {
      return this.#backup.contentKey(outline) ?? NO_KEY;
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) throw error;
      this.#tell(entry, 'no-key');
      return undefined;
    }
  }

  /** Hands the batch to a thread as soon as one has room. */
  async copyBatch(pool: WorkerPool<CopyTask, CopyOutcome>): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    const located = batch.filter((file) => file.copy !== undefined);
    if (located.length > 0) {
      await pool.room();
      const files = located.flatMap(({ copy }) => copy ?? []);
      const outcome = pool.run({ files, partial: this.#folder.partialPath(), stop: this.#stop });
      this.#underway.follow(outcome.then((result) => this.#takeOutcome(result, located)));
    }
    for (const file of batch) if (file.copy === undefined) await this.#copyHere(file);
    this.#signal?.throwIfAborted();
    this.#underway.throwFailure();
  }

  /** One step for each batch that has come to its end. */
  async *settle(): AsyncGenerator<undefined, undefined> {
    while (this.#underway.count > 0) {
      await this.#underway.someDone();
      this.#signal?.throwIfAborted();
      yield;
    }
    this.#underway.throwFailure();
  }

  /** Has the threads end with the file they are at, and waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    Atomics.store(new Int32Array(this.#stop), 0, 1);
    await this.#underway.settled();
  }

  async #takeOutcome({ bytes, problems, failure }: CopyOutcome, files: readonly Planned[]): Promise<void> {
    if (failure !== undefined) {
      const { code, message, path } = failure;
      throw exportStorageError(Object.assign(new Error(message), { code }), path);
    }
    this.#bytes += bytes;
    this.#files += files.length;
    for (const { index, problem } of problems) {
      const file = files[index];
      if (file === undefined) continue;
      if (problem !== 'damaged') this.#files--;
      // A vault may have moved the bytes since: whoever looks them up anew finds them, or can say that they are lost.
      if (file.copy?.sha256 !== undefined && problem !== 'damaged' && problem !== 'refused') await this.#copyHere(file);
      else this.#tell(file.entry, problem);
    }
  }

  async #copyHere({ entry, place, attributes }: Planned): Promise<void> {
    let isDamaged = false;
    try {
      const content = this.#backup.chunks(entry, () => (isDamaged = true));
      const { sizeBytes } = await this.#folder.fill(place, content, attributes);
      this.#bytes += sizeBytes;
      this.#files++;
      if (isDamaged) this.#tell(entry, 'damaged');
    } catch (error) {
      this.#tell(entry, problemOf(error));
    }
  }

  /** What remains when all files are there. */
  finish(): void {
    for (const { entry, details } of this.#links) {
      const { place, isLink } = writeLink(this.#folder, partsOf(entry), details);
      this.#linksMade++;
      if (!isLink) this.#tell(entry, 'link-outside');
      else this.#noteRenamed(entry, place);
    }
    finishDirectories(this.#directories);
  }

  /** Undefined, and told, where the entry is damaged. */
  #factsOf<T>(entry: ManifestEntry, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID', 'WRONG_PASSWORD')) throw error;
      this.#tell(entry, 'no-facts');
      return undefined;
    }
  }

  #noteRenamed({ domain, relativePath }: ManifestEntry, { path, asWished }: Place): void {
    if (!asWished) this.#renamed.push({ was: `${domain}/${relativePath}`, path });
  }

  #tell({ domain, relativePath }: ManifestEntry, problem: FileProblem): void {
    this.#problems.push({ kind: 'problem', domain, relativePath, problem });
    this.#troubles.push({ was: `${domain}/${relativePath}`, problem });
  }
}

const NO_KEY = Buffer.alloc(0);

/** Names as wished for: what is not a name, like "..", is made one by the folder. */
function partsOf({ domain, relativePath }: ManifestEntry): string[] {
  return [domain, ...relativePath.split('/').filter((name) => name !== '' && name !== '.')];
}

/** The owner reads and writes; nothing runs as somebody else. Where the backup does not say, nobody else reads. */
function permissionsOf(mode: number): number {
  return (mode & 0o777) | 0o600;
}

/** What a failure to read means for one file; others are not of one file. */
function problemOf(error: unknown): FileProblem {
  if (isNotFound(error)) return 'missing';
  if (isAppError(error, 'FORMAT_INVALID')) return error.cause instanceof TargetError ? 'unreadable' : 'no-key';
  if (isAppError(error, 'SNAPSHOT_CORRUPT')) return 'changed';
  throw error;
}

function nothingSelected(): AppError {
  return new AppError('CONTENT_NOT_FOUND', 'the backup holds nothing of what was asked for', {
    hint: '`holdfast ls SNAPSHOT` lists what is there, `holdfast find SNAPSHOT NAME` looks for a name.',
  });
}
