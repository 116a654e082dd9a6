import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../shared/errors.ts';
import { parseObject } from '../../shared/json-shape.ts';
import { storageError, type Disk } from '../durability.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** Answers of file systems that have no hard links, and to one link too many. */
const CANNOT_LINK = ['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EACCES'];
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** The staged folder of one device: `<staging>/<UDID>/`, and beside it which list it holds. */
export class StagingFolder {
  readonly path: string;
  readonly #statePath: string;
  readonly #disk: Disk;
  readonly #made = new Set<string>();
  /** Set when the file system has once said that it cannot. */
  #canLink = true;

  constructor(stagingDir: string, udid: string, disk: Disk) {
    this.path = join(stagingDir, udid);
    this.#statePath = join(stagingDir, `${udid}.state`);
    this.#disk = disk;
  }

  /** The list that the folder holds exactly; undefined where it is missing or was left half changed. */
  get list(): string | undefined {
    try {
      const list = parseObject(fs.readFileSync(this.#statePath, 'utf8'))?.['list'];
      return typeof list === 'string' && fs.existsSync(this.path) ? list : undefined;
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw storageError(error, 'read', this.#statePath);
    }
  }

  /** From now on the folder is not what any list says, until `finish`. */
  begin(): void {
    this.#guard('remove', this.#statePath, () => fs.rmSync(this.#statePath, { force: true }));
    this.makeDirectory('');
  }

  /** The folder holds this list. Nothing is made durable: after a power cut the folder is made anew. */
  finish(list: string): void {
    this.#guard('write', this.#statePath, () =>
      fs.writeFileSync(this.#statePath, JSON.stringify({ list }), { mode: FILE_MODE }),
    );
  }

  makeDirectory(path: string): void {
    if (this.#made.has(path)) return;
    this.#made.add(path);
    const full = join(this.path, path);
    this.#guard('make', full, () => makeFolders(full, FOLDER_MODE));
  }

  write(path: string, bytes: Uint8Array): void {
    this.makeDirectory(parentOf(path));
    const full = join(this.path, path);
    this.#guard('write', full, () => fs.writeFileSync(full, bytes, { flag: 'wx', mode: FILE_MODE }));
  }

  /**
   * Makes a large object of the vault appear at `path`: as a hard link, where there are none as a clone or a copy.
   *
   * @returns whether it is a link.
   */
  link(path: string, object: string): boolean {
    this.makeDirectory(parentOf(path));
    const full = join(this.path, path);
    if (this.#canLink && this.#tryLinking(object, full)) return true;
    this.#guard('write', full, () =>
      fs.copyFileSync(object, full, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE),
    );
    return false;
  }

  /** Writes a file as its bytes come along. When they do not come to their end, it is not there. */
  async writeAll(path: string, chunks: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<void> {
    this.makeDirectory(parentOf(path));
    const full = join(this.path, path);
    const fd = this.#disk.create(full, FILE_MODE);
    let position = 0;
    let isWhole = false;
    try {
      for await (const chunk of chunks) {
        signal?.throwIfAborted();
        this.#disk.write(fd, chunk, position, full);
        position += chunk.length;
      }
      isWhole = true;
    } finally {
      this.#disk.close(fd, full);
      if (!isWhole) this.#disk.remove(full);
    }
  }

  removeFile(path: string): void {
    this.#disk.remove(join(this.path, path));
  }

  /** Removes a directory, and those above it, as far as they are empty. */
  removeEmpty(path: string): void {
    for (let each = path; each !== ''; each = parentOf(each)) {
      try {
        fs.rmdirSync(join(this.path, each));
      } catch (error) {
        const code = systemErrorCode(error);
        if (code === 'ENOTEMPTY' || code === 'EEXIST') return;
        if (code !== 'ENOENT') throw storageError(error, 'remove', join(this.path, each));
      }
      this.#made.delete(each);
    }
  }

  /** Removes the folder. What is linked into it stays in the vault. */
  remove(): void {
    this.#made.clear();
    this.#guard('remove', this.#statePath, () => fs.rmSync(this.#statePath, { force: true }));
    this.#guard('remove', this.path, () => fs.rmSync(this.path, { recursive: true, force: true }));
  }

  #tryLinking(object: string, path: string): boolean {
    try {
      fs.linkSync(object, path);
      return true;
    } catch (error) {
      const code = systemErrorCode(error) ?? '';
      if (!CANNOT_LINK.includes(code)) throw storageError(error, 'link', path);
      if (code !== 'EMLINK') this.#canLink = false;
      return false;
    }
  }

  #guard(doing: string, path: string, operation: () => void): void {
    try {
      operation();
    } catch (error) {
      throw storageError(error, doing, path);
    }
  }
}

function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === '.' ? '' : parent;
}
