import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs';
import { FileDecryptor } from '../../keybag/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';

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

/** Large enough that reading, decrypting and writing cost nothing beside the bytes, small enough for a processor's cache. */
const CHUNK_BYTES = 1024 * 1024;
/** A link is not followed, and a pipe not waited for: whoever made the folder may have put anything into it. */
const READING = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);
/** What a file system answers that cannot hold just this file: its name, its size. */
const REFUSALS = ['ENAMETOOLONG', 'EILSEQ', 'EINVAL', 'EFBIG'];

/** Copies files one after another, decrypting where they are encrypted; several of these work beside each other. */
export class FileCopier {
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  /** Small files of a vault lie in a few large ones: the last stays open. */
  #shared: { readonly path: string; readonly fd: number } | undefined;

  /** Never throws what a disk can be blamed for: that is an outcome. */
  copy({ files, partial }: CopyTask): CopyOutcome {
    const problems: { index: number; problem: CopyProblem }[] = [];
    let bytes = 0;
    for (const [index, file] of files.entries()) {
      try {
        const { problem, sizeBytes } = this.#copyFile(file, partial);
        bytes += sizeBytes;
        if (problem !== undefined) problems.push({ index, problem });
      } catch (error) {
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
  #copyFile(file: CopyFile, partial: string): { sizeBytes: number; problem?: CopyProblem } {
    const source = this.#openSource(file);
    if (typeof source === 'string') return { sizeBytes: 0, problem: source };
    try {
      const target = fs.openSync(partial, 'wx', 0o600);
      let written: { sizeBytes: number; problem?: CopyProblem };
      try {
        written = this.#copyBytes(source, target, file);
        fs.fchmodSync(target, file.mode);
        if (file.modifiedMs !== undefined) fs.futimesSync(target, file.modifiedMs / 1000, file.modifiedMs / 1000);
      } finally {
        fs.closeSync(target);
      }
      if (written.problem === undefined || written.problem === 'damaged') fs.renameSync(partial, file.target);
      else fs.unlinkSync(partial);
      return written;
    } catch (error) {
      fs.rmSync(partial, { force: true });
      throw error;
    } finally {
      if (source !== this.#shared?.fd) fs.closeSync(source);
    }
  }

  #copyBytes(source: number, target: number, file: CopyFile): { sizeBytes: number; problem?: CopyProblem } {
    const hash = file.sha256 === undefined ? undefined : createHash('sha256');
    const decryptor = file.key && new FileDecryptor(file.key);
    let sizeBytes = 0;
    const write = (bytes: Uint8Array): void => {
      for (let done = 0; done < bytes.length;) done += fs.writeSync(target, bytes, done);
      sizeBytes += bytes.length;
    };
    const problem = this.#readThrough(source, file, (chunk) => {
      hash?.update(chunk);
      write(decryptor === undefined ? chunk : decryptor.update(chunk));
    });
    if (problem !== undefined) return { sizeBytes: 0, problem };
    if (hash !== undefined && !hasDigest(hash, file.sha256)) return { sizeBytes: 0, problem: 'changed' };
    if (decryptor === undefined) return { sizeBytes };
    const { content, paddingIntact } = decryptor.finish();
    write(content);
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
      if (count > 0) use(buffer.subarray(0, count));
      done += count;
      if (count > 0 && (count === buffer.length || sizeBytes !== Infinity)) continue;
      // A read that did not fill the buffer has come to the end of a file.
      return sizeBytes === Infinity ? undefined : 'changed';
    }
    return undefined;
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

function hasDigest(hash: Hash, sha256: string | undefined): boolean {
  return hash.digest('hex') === sha256;
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
