import { createHash, hash } from 'node:crypto';
import fs from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { NameSpace, type Place, type PlaceOptions } from './name-space.ts';
import { exportStorageError } from './storage-error.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** A hidden folder by which an export is known as ours; it also holds what is not whole yet. */
const MARK = '.holdfast-export';
const BATCH_BYTES = 256 * 1024;
/** The owner may read and write whatever was taken out; nothing gets to run as somebody else. */
const OWNER_READ_WRITE = 0o600;
const PERMISSIONS = 0o777;

export interface WrittenFile {
  /** Relative to the folder, with "/": "Messages/Anna.html". */
  readonly path: string;
  readonly sizeBytes: number;
  /** 64 lowercase hex digits. */
  readonly sha256: string;
}

export interface ExportFolderOptions {
  /** Writes into the folder of an earlier export: files of the same names are replaced, all others stay. */
  readonly overwrite?: boolean;
}

export interface WriteOptions {
  readonly modifiedAt?: Date;
  /** Permissions as POSIX has them; without it only the owner may read and write. */
  readonly mode?: number;
}

export type FileContent = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * The folder that content is taken out to. Whatever names are wished for, nothing is written outside of it, nothing is
 * written through a symbolic link, and no file takes another's place within one export. A file appears when it is
 * whole.
 */
export class ExportFolder {
  /** Absolute. */
  readonly dir: string;
  readonly #names: NameSpace;
  readonly #files: WrittenFile[] = [];
  readonly #usedBefore: boolean;
  readonly #outer: { readonly folder: ExportFolder; readonly path: string } | undefined;
  #serial = 0;

  private constructor(dir: string, usedBefore: boolean, outer?: { folder: ExportFolder; path: string }) {
    this.dir = dir;
    this.#usedBefore = usedBefore;
    this.#outer = outer;
    this.#names = new NameSpace(dir, outer === undefined ? [MARK] : [], usedBefore);
  }

  /**
   * Takes a folder that does not exist or is empty. With `overwrite` also one that an export has been written to.
   *
   * @throws {AppError} FOLDER_NOT_EMPTY, OUT_OF_SPACE, STORAGE_FAILED
   */
  static async create(dir: string, { overwrite = false }: ExportFolderOptions = {}): Promise<ExportFolder> {
    const path = resolve(dir);
    const mark = join(path, MARK);
    try {
      makeFolders(path, 0o700);
      const names = fs.readdirSync(path);
      if (!names.includes(MARK)) {
        if (names.length > 0) throw foreign(dir);
      } else if (!overwrite) throw takenOutBefore(dir);
      // The mark of an earlier export goes first: what it holds is what that did not finish.
      fs.rmSync(mark, { recursive: true, force: true });
      fs.mkdirSync(mark, { mode: 0o700 });
    } catch (error) {
      throw exportStorageError(error, path);
    }
    return new ExportFolder(path, overwrite);
  }

  /**
   * A folder in this one, as a folder of its own: paths are relative to it, and what is written to it counts here too.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  within(name: string): ExportFolder {
    const { path, absolutePath } = this.claimDirectory([name]);
    return new ExportFolder(absolutePath, this.#usedBefore, { folder: this, path });
  }

  /** What `write` has written so far, in that order. */
  get files(): readonly WrittenFile[] {
    return this.#files;
  }

  /**
   * Writes one file. It has its name when it is whole; a failure leaves nothing of it.
   *
   * @param parts names of folders and of the file, as wished for: they are made safe, and unique where that name was
   * given away already. The path it got is in what is returned.
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED, and whatever reading the content throws.
   */
  async write(parts: readonly string[], content: FileContent, options: WriteOptions = {}): Promise<WrittenFile> {
    const file = await this.fill(this.claimFile(parts), content, options);
    this.#record(file);
    return file;
  }

  /** Writes the file of a place that was claimed before, as `write` does. It is not among `files`. */
  async fill(place: Place, content: FileContent, options: WriteOptions = {}): Promise<WrittenFile> {
    if (isOnePiece(content)) return this.fillNow(place, content, options);
    const partial = this.partialPath();
    try {
      const written = await writeStream(partial, content, options);
      fs.renameSync(partial, place.absolutePath);
      return { path: place.path, ...written };
    } catch (error) {
      throw failed(error, place, partial);
    }
  }

  /** The same for a file that is there in one piece: without waiting, which takes longer than writing a small one. */
  fillNow(place: Place, content: string | Uint8Array, options: WriteOptions = {}): WrittenFile {
    const partial = this.partialPath();
    try {
      const written = writeWhole(partial, content, options);
      fs.renameSync(partial, place.absolutePath);
      return { path: place.path, ...written };
    } catch (error) {
      throw failed(error, place, partial);
    }
  }

  /**
   * A place for a file that somebody else writes: to `partialPath()` first, then renamed. Its directories exist.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  claimFile(parts: readonly string[], options?: PlaceOptions): Place {
    return this.#placing(() => this.#names.claimFile(parts, options));
  }

  /** The place of a directory, which exists afterwards. @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED */
  claimDirectory(parts: readonly string[], options?: PlaceOptions): Place {
    return this.#placing(() => this.#names.claimDirectory(parts, options));
  }

  /** A new path on the same file system for a file that is not whole yet. Absolute. */
  partialPath(): string {
    if (this.#outer !== undefined) return this.#outer.folder.partialPath();
    return join(this.dir, MARK, `${++this.#serial}.part`);
  }

  /** Removes what was not finished, where somebody else wrote it and was stopped. A disk that is gone has none of it. */
  clearPartials(): void {
    try {
      for (const name of fs.readdirSync(join(this.dir, MARK))) fs.rmSync(join(this.dir, MARK, name), { force: true });
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
    }
  }

  #record(file: WrittenFile): void {
    this.#files.push(file);
    const outer = this.#outer;
    if (outer !== undefined) outer.folder.#record({ ...file, path: `${outer.path}/${file.path}` });
  }

  #placing(find: () => Place): Place {
    try {
      return find();
    } catch (error) {
      throw exportStorageError(error, this.dir);
    }
  }
}

interface Written {
  readonly sizeBytes: number;
  readonly sha256: string;
}

function isOnePiece(content: FileContent): content is string | Uint8Array {
  return typeof content === 'string' || content instanceof Uint8Array;
}

function failed(error: unknown, place: Place, partial: string): unknown {
  fs.rmSync(partial, { force: true });
  return exportStorageError(error, place.absolutePath);
}

function writeWhole(path: string, content: string | Uint8Array, options: WriteOptions): Written {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const fd = fs.openSync(path, 'wx', OWNER_READ_WRITE);
  try {
    for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done);
    setAttributes(fd, options);
  } finally {
    fs.closeSync(fd);
  }
  return { sizeBytes: bytes.length, sha256: hash('sha256', bytes) };
}

async function writeStream(
  path: string,
  content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  options: WriteOptions,
): Promise<Written> {
  await using handle = await fs.promises.open(path, 'wx', OWNER_READ_WRITE);
  const sha256 = createHash('sha256');
  let sizeBytes = 0;
  for await (const batch of batches(content)) {
    sha256.update(batch);
    sizeBytes += batch.length;
    await writeAll(handle, batch);
  }
  setAttributes(handle.fd, options);
  return { sizeBytes, sha256: sha256.digest('hex') };
}

/** Many small pieces as few larger ones. A batch is good until the next. */
async function* batches(
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  const buffer = Buffer.allocUnsafe(BATCH_BYTES);
  let filled = 0;
  // Waiting for a value that is there already costs more than to look whether it is.
  const isAsync = Symbol.asyncIterator in pieces;
  const iterator = isAsync ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  try {
    for (;;) {
      const next = iterator.next();
      const { done, value } = next instanceof Promise ? await next : next;
      if (done === true) break;
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      if (filled + bytes.length > buffer.length) {
        yield buffer.subarray(0, filled);
        filled = 0;
      }
      if (bytes.length > buffer.length) yield bytes;
      else {
        buffer.set(bytes, filled);
        filled += bytes.length;
      }
    }
    if (filled > 0) yield buffer.subarray(0, filled);
  } finally {
    await iterator.return?.();
  }
}

async function writeAll(handle: fs.promises.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

function setAttributes(fd: number, { modifiedAt, mode }: WriteOptions): void {
  if (mode !== undefined) fs.fchmodSync(fd, (mode & PERMISSIONS) | OWNER_READ_WRITE);
  if (modifiedAt !== undefined && !Number.isNaN(modifiedAt.getTime())) fs.futimesSync(fd, modifiedAt, modifiedAt);
}

function foreign(dir: string): AppError {
  return new AppError('FOLDER_NOT_EMPTY', `the folder ${dir} holds something that was not taken out by Holdfast`, {
    hint: 'Choose a new or an empty folder.',
    details: { dir },
  });
}

function takenOutBefore(dir: string): AppError {
  return new AppError('FOLDER_NOT_EMPTY', `the folder ${dir} holds what was taken out before`, {
    hint: 'Choose a new folder, or add --overwrite to replace files of the same names in it.',
    details: { dir },
  });
}
