import { createHash, hash } from 'node:crypto';
import fs from 'node:fs';
import { decryptInPlace, FileDecryptor } from '../../keybag/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import { letGo } from '../../shared/flow/let-go.ts';

/** One file of a backup and where it goes. Plain data, cheap to be handed to a thread. */
export interface CopyFile {
  /** The file that holds its stored bytes, alone or among others. */
  readonly source: string;
  readonly offset: number;
  /** How many bytes; to the end of the file when left out. */
  readonly sizeBytes?: number;
  /** SHA-256 of the stored bytes in hex, where it is known. */
  readonly sha256?: string;
  /** 32 bytes; without it the bytes are not encrypted. */
  readonly key?: Uint8Array;
  readonly target: string;
  /** Permissions. */
  readonly mode: number;
  /** Unix time. */
  readonly modifiedMs?: number;
}

export interface CopyTask {
  readonly files: readonly CopyFile[];
  /** A path that nothing else uses, for a file that is not whole yet. */
  readonly partial: string;
  /** Holds one number, shared with whoever gave the task: once it is not 0, no other file is begun. */
  readonly stop: SharedArrayBuffer;
}

/** Why a file did not come out as it should: `damaged` has been written as far as it could be, the others have not. */
export type CopyProblem = 'missing' | 'unreadable' | 'changed' | 'damaged' | 'refused';

export interface CopyOutcome {
  /** Written, all files together. */
  readonly bytes: number;
  readonly problems: readonly { readonly index: number; readonly problem: CopyProblem }[];
  /** What stops everything: a full disk, one that fails. */
  readonly failure?: { readonly code: string; readonly message: string; readonly path: string };
}

/** What is read at a time: larger pieces are not faster, and do not fit the caches of processors. */
const CHUNK_BYTES = 256 * 1024;
/** Of the cipher: whole blocks without padding are not what a device writes. */
const BLOCK_BYTES = 16;
/** A link is not followed, and a pipe not waited for: whoever made the folder may have put anything into it. */
const READING = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);
/** What a file system answers that cannot hold just this file: its name, its size. */
const REFUSALS = ['ENAMETOOLONG', 'EILSEQ', 'EINVAL', 'EFBIG'];

interface Copied {
  readonly sizeBytes: number;
  readonly problem?: CopyProblem;
}

/** Copies files one after another, decrypting where they are encrypted; several of these work beside each other. */
export class FileCopier {
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** Small files of a vault lie in a few large ones: the last stays open. */
  #shared: { readonly path: string; readonly fd: number } | undefined;
  #stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  /** Never throws what a disk can be blamed for: that is an outcome. */
  copy({ files, partial, stop }: CopyTask): CopyOutcome {
    const problems: { index: number; problem: CopyProblem }[] = [];
    this.#stop = new Int32Array(stop);
    let bytes = 0;
    for (const [index, file] of files.entries()) {
      if (this.#isStopped()) break;
      try {
        const { problem, sizeBytes } = this.#copyFile(file, partial);
        bytes += sizeBytes;
        if (problem !== undefined) problems.push({ index, problem });
      } catch (error) {
        if (error instanceof Stopped) break;
        const code = systemErrorCode(error);
        if (code === undefined || !(error instanceof Error)) throw error;
        if (!REFUSALS.includes(code)) {
          return { bytes, problems, failure: { code, message: error.message, path: file.target } };
        }
        problems.push({ index, problem: 'refused' });
      }
    }
    return { bytes, problems };
  }

  /** Failures of the source are outcomes, those of the target are thrown. */
  #copyFile(file: CopyFile, partial: string): Copied {
    const source = this.#openSource(file);
    if (typeof source === 'string') return nothing(source);
    try {
      const wanted = Math.min(this.#buffer.length, file.sizeBytes ?? Infinity);
      const count = tryReading(source, this.#buffer, wanted, file.offset);
      if (count === undefined) return nothing('unreadable');
      // A read that does not fill the buffer has come to the end of a file.
      const isAll = count < this.#buffer.length || count === file.sizeBytes;
      return isAll ? copySmall(this.#buffer.subarray(0, count), file, partial) : this.#copyLarge(source, file, partial);
    } finally {
      if (source !== this.#shared?.fd) fs.closeSync(source);
    }
  }

  /** Beside its place first, so that nobody takes a part of it for all. */
  #copyLarge(source: number, file: CopyFile, partial: string): Copied {
    const copied = createFile(partial, file, (target) => this.#copyBytes(source, target, file));
    if (copied.problem === undefined || copied.problem === 'damaged') fs.renameSync(partial, file.target);
    else fs.unlinkSync(partial);
    return copied;
  }

  #copyBytes(source: number, target: number, file: CopyFile): Copied {
    const digest = file.sha256 === undefined ? undefined : createHash('sha256');
    const decryptor = file.key && new FileDecryptor(file.key);
    let sizeBytes = 0;
    const problem = this.#readThrough(source, file, (chunk) => {
      digest?.update(chunk);
      const plain = decryptor?.update(chunk);
      sizeBytes += writeAll(target, plain ?? chunk);
      if (plain !== undefined) letGo(plain);
    });
    if (problem !== undefined) return nothing(problem);
    if (digest !== undefined && digest.digest('hex') !== file.sha256) return nothing('changed');
    if (decryptor === undefined) return { sizeBytes };
    const { content, paddingIntact } = decryptor.finish();
    sizeBytes += writeAll(target, content);
    return paddingIntact ? { sizeBytes } : { sizeBytes, problem: 'damaged' };
  }

  /** Reads to the end, or as many bytes as the file has where it lies among others. */
  #readThrough(
    source: number,
    { offset, sizeBytes = Infinity }: CopyFile,
    use: (chunk: Uint8Array) => void,
  ): CopyProblem | undefined {
    const buffer = this.#buffer;
    for (let done = 0; done < sizeBytes;) {
      const count = tryReading(source, buffer, Math.min(buffer.length, sizeBytes - done), offset + done);
      if (count === undefined) return 'unreadable';
      if (count === 0) return sizeBytes === Infinity ? undefined : 'changed';
      if (this.#isStopped()) throw new Stopped();
      use(buffer.subarray(0, count));
      done += count;
    }
    return undefined;
  }

  #isStopped(): boolean {
    return Atomics.load(this.#stop, 0) !== 0;
  }

  #openSource({ source, sizeBytes }: CopyFile): number | CopyProblem {
    if (this.#shared?.path === source) return this.#shared.fd;
    try {
      const fd = fs.openSync(source, READING);
      if (sizeBytes !== undefined) {
        if (this.#shared !== undefined) fs.closeSync(this.#shared.fd);
        this.#shared = { path: source, fd };
      }
      return fd;
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
    }
  }
}

/** Nobody wants the rest. */
class Stopped extends Error {}

/**
 * Writes a file in one step, in its place at once: half of the work of a small file is to get its name. Only a computer
 * or a process that is ended in the middle of that step could leave a part of it.
 */
function copySmall(stored: Buffer, file: CopyFile, partial: string): Copied {
  const { sha256, key } = file;
  if (file.sizeBytes !== undefined && stored.length < file.sizeBytes) return nothing('changed');
  if (sha256 !== undefined && hash('sha256', stored) !== sha256) return nothing('changed');
  const content = key === undefined ? stored : decryptInPlace(key, stored);
  const isDamaged = key !== undefined && content.length === stored.length - (stored.length % BLOCK_BYTES);
  const write = (target: number): number => writeAll(target, content);
  try {
    createFile(file.target, file, write);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    // From an earlier export, and to be replaced; or a link, which is not to be written through.
    createFile(partial, file, write);
    fs.renameSync(partial, file.target);
  }
  return isDamaged ? { sizeBytes: content.length, problem: 'damaged' } : { sizeBytes: content.length };
}

const nothing = (problem: CopyProblem): Copied => ({ sizeBytes: 0, problem });

/** Makes a file that must not exist yet. Nothing of it is left when writing fails. */
function createFile<T>(path: string, { mode, modifiedMs }: CopyFile, write: (fd: number) => T): T {
  const fd = fs.openSync(path, 'wx', OWNER_ONLY);
  let isWhole = false;
  try {
    const result = write(fd);
    if (mode !== OWNER_ONLY) fs.fchmodSync(fd, mode);
    if (modifiedMs !== undefined) fs.futimesSync(fd, modifiedMs / 1000, modifiedMs / 1000);
    isWhole = true;
    return result;
  } finally {
    fs.closeSync(fd);
    if (!isWhole) fs.unlinkSync(path);
  }
}

const OWNER_ONLY = 0o600;

function writeAll(fd: number, bytes: Uint8Array): number {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done);
  return bytes.length;
}

/** How many bytes were read, undefined when they cannot be. */
function tryReading(file: number, into: Buffer, length: number, position: number): number | undefined {
  try {
    return fs.readSync(file, into, 0, length, position);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
