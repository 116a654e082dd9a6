import fs from 'node:fs';
import { dirname, sep } from 'node:path';
import { AppError, isAppError, systemErrorCode } from '../shared/errors.ts';
import { makeFolders } from '../shared/files/make-folders.ts';
import { hintOfRefusal } from '../shared/files/refused-by-disk.ts';

/**
 * The operations through which the vault touches the disk where a failure matters. Tests hand in a version of
 * `node:fs` in which one of them fails.
 */
export type FileOperations = Pick<
  typeof fs,
  | 'openSync'
  | 'closeSync'
  | 'readSync'
  | 'writeSync'
  | 'write'
  | 'fsync'
  | 'ftruncateSync'
  | 'fchmodSync'
  | 'renameSync'
  | 'unlinkSync'
  | 'mkdirSync'
>;

/** A directory cannot be synced on Windows and on some network file systems: names are as durable there as they get. */
const DIRECTORY_SYNC_UNSUPPORTED = ['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'];
/** What asks for no permission to write. */
const READING = new Set(['read', 'look at', 'look into']);
/** Answers of file systems that have no fsync. */
const SYNC_UNSUPPORTED = ['EINVAL', 'ENOTSUP', 'ENOSYS'];

/**
 * File operations with the vault's two promises: a write is whole or throws, and every failure is an AppError,
 * OUT_OF_SPACE or STORAGE_FAILED, that names the file.
 *
 * What `sync` reported as failed is lost: the kernel drops the dirty pages and a second fsync would succeed without
 * having written them. Nothing here retries, and no caller may.
 */
export class Disk {
  readonly #fs: FileOperations;
  #root: { readonly path: string; readonly device: number } | undefined;

  constructor(operations: FileOperations = fs) {
    this.#fs = operations;
  }

  /**
   * From now on nothing new is made below `root` unless the file system is there that is there now. Where a disk was
   * pulled out its mount point is left, an empty folder of another disk, which is not to be filled with backups.
   */
  stayOn(root: string): void {
    this.#root = { path: root, device: this.#guard('look at', root, () => fs.statSync(root).dev) };
  }

  /** Creates a file that must not exist yet, for reading and writing. */
  create(path: string, mode = 0o600): number {
    this.#assertThere(path);
    return this.#guard('create', path, () => this.#fs.openSync(path, 'wx+', mode));
  }

  openForWriting(path: string): number {
    return this.#guard('open', path, () => this.#fs.openSync(path, 'r+'));
  }

  /** Returns undefined when there is no such file. */
  openForReading(path: string): number | undefined {
    try {
      return this.#fs.openSync(path, 'r');
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw storageError(error, 'open', path);
    }
  }

  /** The size of a file, undefined when there is none. */
  sizeOf(path: string): number | undefined {
    return this.#guard('look at', path, () => fs.statSync(path, { throwIfNoEntry: false })?.size);
  }

  close(fd: number, path: string): void {
    this.#guard('close', path, () => this.#fs.closeSync(fd));
  }

  /** Fills `into` from `position` on and returns how many bytes there were: fewer only at the end of the file. */
  read(fd: number, into: Uint8Array, position: number, path: string): number {
    return this.#guard('read', path, () => {
      let done = 0;
      while (done < into.length) {
        const count = this.#fs.readSync(fd, into, done, into.length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    });
  }

  write(fd: number, bytes: Uint8Array, position: number, path: string): void {
    this.#guard('write', path, () => {
      let done = 0;
      while (done < bytes.length) done += this.#fs.writeSync(fd, bytes, done, bytes.length - done, position + done);
    });
  }

  /** Writes in the thread pool. The caller leaves `bytes` alone until the promise settles. */
  writeLater(fd: number, bytes: Uint8Array, position: number, path: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const step = (done: number): void => {
      this.#fs.write(fd, bytes, done, bytes.length - done, position + done, (error, count) => {
        if (error) reject(storageError(error, 'write', path));
        else if (done + count < bytes.length) step(done + count);
        else resolve();
      });
    };
    step(0);
    return promise;
  }

  /** Makes the content and size of an open file durable. Its name needs `syncDirectory`. */
  sync(fd: number, path: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#fs.fsync(fd, (error) => {
      if (error && !SYNC_UNSUPPORTED.includes(error.code ?? '')) reject(storageError(error, 'make durable', path));
      else resolve();
    });
    return promise;
  }

  /** Makes the names in a directory durable. */
  async syncDirectory(path: string): Promise<void> {
    let fd: number;
    try {
      fd = this.#fs.openSync(path, 'r');
    } catch (error) {
      if (DIRECTORY_SYNC_UNSUPPORTED.includes(systemErrorCode(error) ?? '')) return;
      throw storageError(error, 'open', path);
    }
    try {
      await this.sync(fd, path);
    } catch (error) {
      const code = isAppError(error) ? systemErrorCode(error.cause) : undefined;
      if (!DIRECTORY_SYNC_UNSUPPORTED.includes(code ?? '')) throw error;
    } finally {
      this.#fs.closeSync(fd);
    }
  }

  rename(from: string, to: string): void {
    this.#guard('rename', from, () => this.#fs.renameSync(from, to));
  }

  /** Removes a file; succeeds when it is not there. */
  remove(path: string): void {
    this.#guard('remove', path, () => {
      try {
        this.#fs.unlinkSync(path);
      } catch (error) {
        if (systemErrorCode(error) !== 'ENOENT') throw error;
      }
    });
  }

  /** Makes a directory and those above it. Returns the first one made, undefined when it was there. */
  makeDirectory(path: string): string | undefined {
    this.#assertThere(path);
    return this.#guard('make', path, () => makeFolders(path, undefined, (one, mode) => this.#fs.mkdirSync(one, mode)));
  }

  truncate(fd: number, sizeBytes: number, path: string): void {
    this.#guard('truncate', path, () => this.#fs.ftruncateSync(fd, sizeBytes));
  }

  /** Takes the write permission away, where the file system has permissions. */
  makeReadOnly(fd: number): void {
    try {
      this.#fs.fchmodSync(fd, 0o444);
    } catch (error) {
      if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EINVAL'].includes(systemErrorCode(error) ?? '')) throw error;
    }
  }

  /**
   * Puts a whole file in place so that after a power cut either the old content or the new one is there, and when
   * this resolves the new one: a temporary file beside it, made durable, renamed, the directory made durable.
   */
  async writeFileDurably(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
    const temporary = `${path}.tmp`;
    this.remove(temporary);
    const fd = this.create(temporary, mode);
    try {
      this.write(fd, bytes, 0, temporary);
      await this.sync(fd, temporary);
    } finally {
      this.#fs.closeSync(fd);
    }
    this.rename(temporary, path);
    await this.syncDirectory(dirname(path));
  }

  #assertThere(path: string): void {
    const root = this.#root;
    if (root === undefined || !path.startsWith(`${root.path}${sep}`)) return;
    const found = this.#guard('look at', root.path, () => fs.statSync(root.path, { throwIfNoEntry: false }));
    if (found?.dev === root.device) return;
    throw new AppError('STORAGE_FAILED', 'the disk of the vault is gone', {
      hint: 'Connect it again, and start again: what was written to it is still there, and nothing was written elsewhere.',
      details: { path: root.path },
    });
  }

  #guard<T>(doing: string, path: string, operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw storageError(error, doing, path);
    }
  }
}

/**
 * Turns an error of `node:fs` into the AppError that a person can act on. AppErrors and bugs pass through unchanged.
 *
 * @param doing the verb for the message: "write", "make durable".
 */
export function storageError(error: unknown, doing: string, path: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const options = { cause: error, details: { path, systemError: code } };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('OUT_OF_SPACE', `the disk is full: could not ${doing} ${path}`, {
      ...options,
      hint: 'Free some space on the disk of the vault, or move the vault to a larger one, and run this again.',
    });
  }
  return new AppError('STORAGE_FAILED', `could not ${doing} ${path} (${code})`, {
    ...options,
    hint: hintOfRefusal(code, path) ?? hintFor(code, doing),
  });
}

function hintFor(code: string, doing: string): string {
  if (code === 'EROFS') return 'The disk is mounted read-only: mount it for writing, or check it for errors.';
  if (code === 'EACCES' || code === 'EPERM') {
    return READING.has(doing)
      ? 'Give the user that runs Holdfast permission to read it, or run this as the user that may.'
      : 'Give the user that runs Holdfast permission to write there.';
  }
  if (code === 'ENOENT' && doing === 'make')
    return 'Nothing can be made in the folder above it: check that its disk is connected, or name another one.';
  if (code === 'EIO')
    return 'The disk reports errors: look at its SMART values and its cable before writing to it again.';
  return 'Check that the disk of the vault is connected and healthy, then run this again.';
}
