import { createHash } from 'node:crypto';
import fs, { readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import { unlessFailed } from '../../shared/flow/unless-failed.ts';
import { storageError, type Disk } from '../durability.ts';
import { joinPath } from '../lists/list-path.ts';
import type { ListFile } from '../lists/list-file.ts';
import type { ListStore } from '../lists/list-store.ts';
import { VaultLock } from '../lock.ts';
import { damagedObject } from '../objects/object-damage.ts';
import { hashBytes, SMALL_LIMIT_BYTES } from '../objects/object-ref.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { differencesOf } from './list-difference.ts';
import { StagingFolder } from './staging-folder.ts';

/** Files asked of the object store together, to be read in the order of the disk. */
const BATCH_FILES = 16_384;
const CHUNK_BYTES = 1024 * 1024;
/** After so many bytes whatever else there is to do gets its turn. */
const TURN_BYTES = 4 * 1024 * 1024;
/** Below this share of the disk free, staged folders are removed rather than kept for the next time. */
const KEEP_FREE_SHARE = 0.1;

/** What the names of folders begin with that things are fetched into. */
const FETCHED = 'fetched-';

export interface StagingHost {
  readonly dir: string;
  readonly disk: Disk;
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
}

export interface StagedSnapshot {
  /** The folder that both names lie in. */
  readonly dir: string;
  /** The backup folder, named by the UDID as every tool expects it. */
  readonly folder: string;
  /** A file with the snapshot's record, byte for byte. */
  readonly record: string;
  /** How many files had to be written or linked; the others were there. */
  readonly changedFiles: number;
  /** Files and bytes of both together. */
  readonly files: number;
  readonly bytes: number;
}

export interface StageOptions {
  /**
   * The list of a snapshot whose files the reader has read already, and does not read again where name, size, time and
   * inode are the same. Everything else is compared with its hash before it is handed out.
   */
  readonly alreadyRead?: string | undefined;
  readonly onProgress?: (files: number) => void;
  readonly signal?: AbortSignal | undefined;
}

interface FileToStage {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Whether it has to be compared with its hash before it is handed out. */
  readonly isToBeRead: boolean;
}

/**
 * `<vault>/staging/`: snapshots as plain backup folders, for programs that only read. One folder per device, at the
 * same place every time; from one snapshot to the next only what differs is touched, so that whoever looks at names,
 * sizes, times and inodes sees what has changed.
 *
 * Large files are hard links to objects of the vault. That is safe only because nobody writes here: a folder for
 * anybody else is an export.
 */
export class Staging implements Disposable {
  readonly dir: string;
  readonly #host: StagingHost;
  readonly #lock: VaultLock;

  /**
   * Takes the staging area, which one process at a time may change. The vault's own lock is not needed.
   *
   * @throws {AppError} VAULT_BUSY, STORAGE_FAILED
   */
  constructor(host: StagingHost, purpose: string) {
    this.#host = host;
    this.dir = join(host.dir, 'staging');
    host.disk.makeDirectory(this.dir);
    fs.chmodSync(this.dir, 0o700);
    this.#lock = VaultLock.acquire(this.dir, purpose);
    this.#sweep();
  }

  /**
   * Makes the folder of a device what a snapshot was. Every byte that is new there is compared with its hash.
   *
   * @throws {AppError} SNAPSHOT_CORRUPT when the vault does not have all of it; OUT_OF_SPACE, STORAGE_FAILED; the
   * reason of the signal when it aborts. The folder is then made anew the next time.
   */
  async stage(record: SnapshotRecord, options: StageOptions = {}): Promise<StagedSnapshot> {
    const { lists, snapshots, disk } = this.#host;
    const { udid, list: wanted } = record;
    const folder = new StagingFolder(this.dir, udid, disk);
    using after = lists.open(wanted.sha256);
    using before = this.#openBefore(folder);
    if (before === undefined) folder.remove();
    folder.begin();
    const changedFiles = await this.#change(folder, before, after, options);
    folder.finish(wanted.sha256);
    const recordBytes = snapshots.bytesOf(record);
    const recordName = `${udid}.snapshot.json`;
    writeWhole(join(this.dir, recordName), recordBytes);
    return {
      dir: this.dir,
      folder: udid,
      record: recordName,
      changedFiles,
      files: wanted.files + 1,
      bytes: wanted.bytes + recordBytes.length,
    };
  }

  /** Removes everything staged where the disk is nearly full; otherwise it stays, and makes the next time short. */
  tidy(): void {
    const { bavail, blocks } = statfsSync(this.dir);
    if (bavail < blocks * KEEP_FREE_SHARE) this.clear();
  }

  /** Makes an empty folder for what is fetched from elsewhere. Whoever takes the area next removes it. */
  makeTemporary(): string {
    try {
      return fs.mkdtempSync(join(this.dir, FETCHED));
    } catch (error) {
      throw storageError(error, 'make a folder in', this.dir);
    }
  }

  /** Removes everything staged. */
  clear(): void {
    const names = readdirSync(this.dir).filter((name) => !name.startsWith('lock.'));
    // Said first: what is half removed must not be taken for whole.
    names.sort((a, b) => Number(b.endsWith('.state')) - Number(a.endsWith('.state')));
    for (const name of names) {
      try {
        rmSync(join(this.dir, name), { recursive: true, force: true });
      } catch (error) {
        throw storageError(error, 'remove', join(this.dir, name));
      }
    }
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }

  /** What was being fetched by a process that was killed can be as large as the vault, and nobody else removes it. */
  #sweep(): void {
    for (const name of readdirSync(this.dir)) {
      if (!name.startsWith(FETCHED)) continue;
      unlessFailed(() => rmSync(join(this.dir, name), { recursive: true, force: true }));
    }
  }

  #openBefore(folder: StagingFolder): ListFile | undefined {
    const { list } = folder;
    if (list === undefined) return undefined;
    try {
      const before = this.#host.lists.open(list);
      before.verify();
      return before;
    } catch (error) {
      if (isAppError(error, 'SNAPSHOT_CORRUPT')) return undefined;
      throw error;
    }
  }

  async #change(
    folder: StagingFolder,
    before: ListFile | undefined,
    after: ListFile,
    options: StageOptions,
  ): Promise<number> {
    removeGone(folder, before, after);
    using read = options.alreadyRead === undefined ? undefined : this.#openRead(options.alreadyRead);
    const staged = new Set<string>();
    const stage = async (batch: readonly FileToStage[]): Promise<void> => {
      await this.#write(folder, batch, options.signal);
      for (const { path } of batch) staged.add(path);
      options.onProgress?.(staged.size);
    };
    for (const batch of this.#batchesOf(folder, before, after, read)) await stage(batch);
    // What has been staged before was whole then. Before it is read for the first time, that is looked at again.
    for (const batch of this.#batchesOf(folder, read, after, undefined)) {
      await stage(await spoiltAmong(folder, batch, staged, options.signal));
    }
    return staged.size;
  }

  /** The files of `after` that `before` does not have, some at a time. Empty directories are made in passing. */
  *#batchesOf(
    folder: StagingFolder,
    before: ListFile | undefined,
    after: ListFile,
    read: ListFile | undefined,
  ): Generator<FileToStage[], undefined> {
    let batch: FileToStage[] = [];
    for (const { after: is } of differencesOf(before, after)) {
      if (is === undefined) continue;
      const path = joinPath(is.directory, is.entry.name);
      if (is.entry.kind === 'directory') {
        folder.makeDirectory(path);
        continue;
      }
      const { sha256, sizeBytes } = is.entry;
      batch.push({ path, sha256, sizeBytes, isToBeRead: shaAt(read, path) !== sha256 });
      if (batch.length < BATCH_FILES) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }

  async #write(folder: StagingFolder, files: readonly FileToStage[], signal: AbortSignal | undefined): Promise<void> {
    let turnBytes = 0;
    for (const item of this.#host.objects.readMany(hashesOf(files))) {
      signal?.throwIfAborted();
      const file = files[item.index];
      if (file === undefined) continue;
      if (item.kind === 'file') await this.#link(folder, file, signal);
      else if (item.kind === 'bytes') folder.write(file.path, item.bytes);
      else throw damagedObject(Buffer.from(file.sha256, 'hex'), item.kind);
      turnBytes += item.kind === 'bytes' ? item.bytes.length : 0;
      if (turnBytes < TURN_BYTES) continue;
      turnBytes = 0;
      await setImmediate();
    }
  }

  async #link(folder: StagingFolder, file: FileToStage, signal: AbortSignal | undefined): Promise<void> {
    const hash = Buffer.from(file.sha256, 'hex');
    const location = this.#host.objects.locate(hash);
    if (location === undefined) throw damagedObject(hash, 'missing');
    if (location.isPacked) {
      await folder.writeAll(file.path, this.#host.objects.read(hash), signal);
      return;
    }
    const isLinked = folder.link(file.path, location.path);
    // A link to what the reader has read is known to it by its inode; a copy is not, and is read again.
    if (isLinked && !file.isToBeRead) return;
    if (await isWhole(join(folder.path, file.path), file, signal)) return;
    folder.removeFile(file.path);
    throw damagedObject(hash, 'changed');
  }

  #openRead(sha256: string): ListFile | undefined {
    try {
      return this.#host.lists.open(sha256);
    } catch (error) {
      if (isAppError(error, 'SNAPSHOT_CORRUPT')) return undefined;
      throw error;
    }
  }
}

/** Removes what is not in `after`, or not the same there: a name may have been a file and become a directory. */
function removeGone(folder: StagingFolder, before: ListFile | undefined, after: ListFile): void {
  const emptied = new Set<string>();
  for (const { before: was } of before === undefined ? [] : differencesOf(before, after)) {
    if (was === undefined) continue;
    const path = joinPath(was.directory, was.entry.name);
    if (was.entry.kind === 'file') folder.removeFile(path);
    emptied.add(was.entry.kind === 'file' ? was.directory : path);
  }
  for (const directory of emptied) folder.removeEmpty(directory);
}

/** Those whose bytes in the folder are not what they should be; they are removed there. */
async function spoiltAmong(
  folder: StagingFolder,
  files: readonly FileToStage[],
  known: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<FileToStage[]> {
  const spoilt: FileToStage[] = [];
  for (const file of files) {
    if (known.has(file.path) || (await isWhole(join(folder.path, file.path), file, signal))) continue;
    folder.removeFile(file.path);
    spoilt.push(file);
  }
  return spoilt;
}

/** Reads a file and compares it with its hash. */
async function isWhole(
  path: string,
  { sha256, sizeBytes }: FileToStage,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  signal?.throwIfAborted();
  try {
    if (sizeBytes <= SMALL_LIMIT_BYTES) return hashBytes(fs.readFileSync(path)).toString('hex') === sha256;
    const actual = createHash('sha256');
    for await (const chunk of fs.createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      signal?.throwIfAborted();
      actual.update(chunk as Buffer);
    }
    return actual.digest('hex') === sha256;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

function* hashesOf(files: readonly FileToStage[]): Generator<Buffer> {
  for (const { sha256 } of files) yield Buffer.from(sha256, 'hex');
}

function shaAt(list: ListFile | undefined, path: string): string | undefined {
  const entry = list?.find(path);
  return entry?.kind === 'file' ? entry.sha256 : undefined;
}

/** Leaves the file alone where it holds these bytes, so that its times stay. */
function writeWhole(path: string, bytes: Buffer): void {
  try {
    if (fs.existsSync(path) && fs.readFileSync(path).equals(bytes)) return;
    fs.writeFileSync(path, bytes, { mode: 0o600 });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw storageError(error, 'write', path);
  }
}
