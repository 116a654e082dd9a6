import { createHash, hash } from 'node:crypto';
import fs from 'node:fs';
import { isAppError, systemErrorCode } from '../../shared/errors.ts';
import type { DamageKind } from '../objects/object-damage.ts';
import { unpack } from '../objects/packed/packed-format.ts';
import { MAX_RUN_BYTES } from '../objects/runs.ts';

/** Small files whose bytes lie close together in a segment. Plain data, cheap to be handed to a thread. */
export interface RunTask {
  readonly kind: 'run';
  /** The segment, and the part of it to read. */
  readonly source: string;
  readonly offset: number;
  readonly length: number;
  /** Of each file: where it begins behind `offset`, and how long it is. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly sizes: Uint32Array<ArrayBuffer>;
  /** The files' SHA-256, 32 bytes each. */
  readonly hashes: Uint8Array<ArrayBuffer>;
  /** Separated by NUL. */
  readonly paths: string;
}

/** One large file to be cloned, copied or unpacked, and checked. */
export interface LargeFileTask {
  readonly kind: 'large';
  readonly source: string;
  readonly isPacked: boolean;
  readonly path: string;
  readonly sha256: string;
}

export type WriteTask = RunTask | LargeFileTask;

export interface WriteOutcome {
  /** What is wrong with the source of a large file. */
  readonly damage?: DamageKind;
  readonly isCloned?: boolean;
  /** The files of a run that were not written, because the segment does not have their bytes there. */
  readonly unread?: readonly number[];
  /** A failure to write, in plain data. */
  readonly failure?: { readonly code: string; readonly message: string; readonly path: string };
}

const HASH_BYTES = 32;
/** Thrown where the source cannot be read, to tell it from what cannot be written. */
const UNREADABLE = new Error('the source cannot be read');
/** For its owner only, like the vault. */
const FILE_MODE = 0o600;
/** Answers of file systems, and pairs of them, that cannot share blocks between files. */
const CANNOT_CLONE = ['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOSYS', 'EINVAL', 'ENOTTY'];

/** Writes files one after another; several of these work beside each other. */
export class FileWriter {
  /** Runs are no longer than this, unless one object is. */
  #buffer = Buffer.allocUnsafeSlow(MAX_RUN_BYTES);
  /** Set when the file system has once said that it cannot. */
  #canClone = true;

  /** Never throws what the disk can be blamed for: that is an outcome. */
  write(task: WriteTask): WriteOutcome {
    return task.kind === 'run' ? this.#writeRun(task) : this.#writeLarge(task);
  }

  #writeRun({ source, offset, length, starts, sizes, hashes, paths }: RunTask): WriteOutcome {
    const buffer = this.#bufferOf(length);
    const isRead = readRun(source, offset, buffer);
    const expected = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length);
    const unread: number[] = [];
    for (const [index, path] of paths.split('\0').entries()) {
      const start = starts[index] ?? 0;
      const bytes = buffer.subarray(start, start + (sizes[index] ?? 0));
      if (!isRead || !hasHash(bytes, expected, index)) {
        unread.push(index);
        continue;
      }
      const { failure } = writeFile(path, bytes);
      if (failure !== undefined) return { failure };
    }
    return { unread };
  }

  #writeLarge({ source, isPacked, path, sha256 }: LargeFileTask): WriteOutcome {
    const from = openSource(source);
    if (typeof from === 'string') return { damage: from };
    try {
      const isCloned = !isPacked && this.#clone(source, path);
      let actual: string | undefined;
      const failure = attempt(path, () => {
        if (isPacked) actual = unpackTo(from, path, Buffer.from(sha256, 'hex'));
        else actual = isCloned ? this.#hashOf(path) : this.#copy(from, path);
      });
      if (failure !== undefined) return { failure };
      return actual === sha256 ? { isCloned } : { damage: actual === undefined ? 'unreadable' : 'changed' };
    } finally {
      fs.closeSync(from);
    }
  }

  /** Makes `path` share the blocks of the source: no space, no time, and as separate as a copy when either changes. */
  #clone(source: string, path: string): boolean {
    if (!this.#canClone) return false;
    try {
      fs.copyFileSync(source, path, fs.constants.COPYFILE_FICLONE_FORCE | fs.constants.COPYFILE_EXCL);
      fs.chmodSync(path, FILE_MODE);
      return true;
    } catch (error) {
      if (CANNOT_CLONE.includes(systemErrorCode(error) ?? '')) this.#canClone = false;
      fs.rmSync(path, { force: true });
      return false;
    }
  }

  /** @returns the hash of what was copied, undefined when the source could not be read to its end. */
  #copy(from: number, path: string): string | undefined {
    const to = fs.openSync(path, 'wx', FILE_MODE);
    try {
      return this.#readThrough(from, (chunk) => writeAll(to, chunk));
    } finally {
      fs.closeSync(to);
    }
  }

  #hashOf(path: string): string | undefined {
    const file = fs.openSync(path, 'r');
    try {
      return this.#readThrough(file, () => undefined);
    } finally {
      fs.closeSync(file);
    }
  }

  #bufferOf(length: number): Buffer {
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(length);
    return this.#buffer.subarray(0, length);
  }

  #readThrough(file: number, use: (chunk: Uint8Array) => void): string | undefined {
    const actual = createHash('sha256');
    for (;;) {
      const count = tryReading(file, this.#buffer);
      if (count === undefined) return undefined;
      if (count === 0) return actual.digest('hex');
      const chunk = this.#buffer.subarray(0, count);
      actual.update(chunk);
      use(chunk);
    }
  }
}

/** Writes a small file whose bytes have been checked. */
export function writeFile(path: string, bytes: Uint8Array): WriteOutcome {
  const failure = attempt(path, () => {
    const file = fs.openSync(path, 'wx', FILE_MODE);
    try {
      writeAll(file, bytes);
    } finally {
      fs.closeSync(file);
    }
  });
  return failure === undefined ? {} : { failure };
}

/** Whether `into` could be filled. */
function readRun(source: string, offset: number, into: Buffer): boolean {
  const file = openSource(source);
  if (typeof file === 'string') return false;
  try {
    for (let done = 0; done < into.length;) {
      const count = fs.readSync(file, into, done, into.length - done, offset + done);
      if (count === 0) return false;
      done += count;
    }
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  } finally {
    fs.closeSync(file);
  }
}

function hasHash(bytes: Uint8Array, hashes: Buffer, index: number): boolean {
  return hash('sha256', bytes, 'binary') === hashes.toString('binary', index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

/** @returns the hash of what was unpacked, of which nothing is said where it is damaged, undefined where it cannot be read. */
function unpackTo(from: number, path: string, expected: Buffer): string | undefined {
  const to = fs.openSync(path, 'wx', FILE_MODE);
  const actual = createHash('sha256');
  try {
    for (const part of unpack(expected, (into, position) => readAt(from, into, position), fs.fstatSync(from).size)) {
      actual.update(part);
      writeAll(to, part);
    }
    return actual.digest('hex');
  } catch (error) {
    if (isAppError(error, 'SNAPSHOT_CORRUPT')) return '';
    if (error === UNREADABLE) return undefined;
    throw error;
  } finally {
    fs.closeSync(to);
  }
}

function readAt(file: number, into: Buffer, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = tryReading(file, into.subarray(done), position + done);
    if (count === undefined) throw UNREADABLE;
    if (count === 0) break;
    done += count;
  }
  return done;
}

function openSource(path: string): number | DamageKind {
  try {
    return fs.openSync(path, 'r');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return systemErrorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

function tryReading(file: number, into: Buffer, position: number | null = null): number | undefined {
  try {
    return fs.readSync(file, into, 0, into.length, position);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done);
}

function attempt(path: string, operation: () => void): WriteOutcome['failure'] {
  try {
    operation();
    return undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    return { code, message: error.message, path };
  }
}
