import { hash } from 'node:crypto';
import fs from 'node:fs';
import { systemErrorCode } from '../../shared/errors.ts';
import { FileStamps, sameStamp, type FileStamp } from './scan-folder.ts';

const HASH_BYTES = 32;

/** Small files to be read into one buffer and hashed. Plain data, cheap to be handed to a thread. */
export interface ReadTask {
  /** Separated by NUL. */
  readonly paths: string;
  /** As `FileStamps` has them. */
  readonly stamps: Float64Array<ArrayBuffer>;
  /** Has room for `readBytes` of the files. Handed over, and back with the outcome. */
  readonly buffer: ArrayBuffer;
}

export interface ReadOutcome {
  /** The SHA-256 of every file, then every file's bytes, one after another. */
  readonly buffer: ArrayBuffer;
  /** The first file that could not be read as it was seen: the error's code, or "CHANGED". */
  readonly failure?: { readonly index: number; readonly code: string };
}

/** Links are not followed: a backup has none, and somebody else's could lead anywhere. */
export const READ_FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0);

/** What a task's buffer has to have room for. */
export function readBytes(files: number, bytes: number): number {
  return files * HASH_BYTES + bytes;
}

/** Reads and hashes the files of a task. What the disk or a change can be blamed for is an outcome. */
export function readFiles({ paths, stamps: numbers, buffer }: ReadTask): ReadOutcome {
  const bytes = Buffer.from(buffer);
  const stamps = new FileStamps(numbers);
  let at = readBytes(stamps.count, 0);
  for (const [index, path] of paths.split('\0').entries()) {
    const stamp = stamps.get(index);
    const content = bytes.subarray(at, at + stamp.sizeBytes);
    const code = readFile(path, stamp, content);
    if (code !== undefined) return { buffer, failure: { index, code } };
    // As text: a Buffer for every hash would take longer.
    bytes.write(hash('sha256', content, 'binary'), index * HASH_BYTES, 'binary');
    at += stamp.sizeBytes;
  }
  return { buffer };
}

/** The hash and the bytes of every file of an outcome, in order; views that are valid as long as its buffer. */
export function* filesRead(outcome: ReadOutcome, sizes: readonly number[]): Generator<{ hash: Buffer; bytes: Buffer }> {
  const all = Buffer.from(outcome.buffer);
  let at = readBytes(sizes.length, 0);
  for (const [index, sizeBytes] of sizes.entries()) {
    const hashAt = index * HASH_BYTES;
    yield { hash: all.subarray(hashAt, hashAt + HASH_BYTES), bytes: all.subarray(at, at + sizeBytes) };
    at += sizeBytes;
  }
}

/** @returns what went wrong. */
function readFile(path: string, stamp: FileStamp, into: Buffer): string | undefined {
  try {
    const file = fs.openSync(path, READ_FLAGS);
    try {
      for (let done = 0; done < into.length;) {
        const count = fs.readSync(file, into, done, into.length - done, done);
        if (count === 0) return 'CHANGED';
        done += count;
      }
      return isUnchanged(file, stamp) ? undefined : 'CHANGED';
    } finally {
      fs.closeSync(file);
    }
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return code;
  }
}

/** Whether an open file still is what the scan saw. */
export function isUnchanged(file: number, stamp: FileStamp): boolean {
  const { size, mtimeMs, ctimeMs, ino } = fs.fstatSync(file);
  return sameStamp(stamp, { sizeBytes: size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino });
}
