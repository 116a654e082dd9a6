import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { systemErrorCode } from '../../shared/errors.ts';
import type { DamageKind } from '../objects/object-damage.ts';

/** Several small files whose bytes are at hand and have been checked. Plain data, to be handed to a thread. */
export interface SmallFilesTask {
  readonly kind: 'small';
  readonly paths: readonly string[];
  readonly sizes: readonly number[];
  /** The files' bytes, one after another. */
  readonly bytes: Uint8Array;
}

/** One large file to be cloned or copied, and checked. */
export interface LargeFileTask {
  readonly kind: 'large';
  readonly source: string;
  readonly path: string;
  readonly sha256: string;
}

export type WriteTask = SmallFilesTask | LargeFileTask;

export interface WriteOutcome {
  /** What is wrong with the source of a large file. */
  readonly damage?: DamageKind;
  readonly isCloned?: boolean;
  /** A failure to write, in plain data. */
  readonly failure?: { readonly code: string; readonly message: string; readonly path: string };
}

const COPY_BYTES = 1024 * 1024;
/** For its owner only, like the vault. */
const FILE_MODE = 0o600;
/** Answers of file systems, and pairs of them, that cannot share blocks between files. */
const CANNOT_CLONE = ['ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'ENOSYS', 'EINVAL', 'ENOTTY'];

/** Writes files one after another; several of these work beside each other. */
export class FileWriter {
  readonly #buffer = Buffer.allocUnsafe(COPY_BYTES);
  /** Set when the file system has once said that it cannot. */
  #canClone = true;

  /** Never throws what the disk can be blamed for: that is an outcome. */
  write(task: WriteTask): WriteOutcome {
    return task.kind === 'small' ? this.#writeSmall(task) : this.#writeLarge(task);
  }

  #writeSmall({ paths, sizes, bytes }: SmallFilesTask): WriteOutcome {
    let at = 0;
    for (const [index, path] of paths.entries()) {
      const end = at + (sizes[index] ?? 0);
      const failure = attempt(path, () => {
        const file = fs.openSync(path, 'wx', FILE_MODE);
        try {
          writeAll(file, bytes.subarray(at, end));
        } finally {
          fs.closeSync(file);
        }
      });
      if (failure !== undefined) return { failure };
      at = end;
    }
    return {};
  }

  #writeLarge({ source, path, sha256 }: LargeFileTask): WriteOutcome {
    const from = openSource(source);
    if (typeof from === 'string') return { damage: from };
    try {
      const isCloned = this.#clone(source, path);
      let actual: string | undefined;
      const failure = attempt(path, () => {
        actual = isCloned ? this.#hashOf(path) : this.#copy(from, path);
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

  #readThrough(file: number, use: (chunk: Uint8Array) => void): string | undefined {
    const hash = createHash('sha256');
    for (;;) {
      const count = tryReading(file, this.#buffer);
      if (count === undefined) return undefined;
      if (count === 0) return hash.digest('hex');
      const chunk = this.#buffer.subarray(0, count);
      hash.update(chunk);
      use(chunk);
    }
  }
}

function openSource(path: string): number | DamageKind {
  try {
    return fs.openSync(path, 'r');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return systemErrorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

function tryReading(file: number, into: Buffer): number | undefined {
  try {
    return fs.readSync(file, into, 0, into.length, null);
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
