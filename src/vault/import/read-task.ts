import fs from 'node:fs';
import { systemErrorCode } from '../../shared/errors.ts';
import { sameStamp, type FileStamp } from './scan-folder.ts';

/** Small files to be read into one buffer, one after another. Plain data, to be handed to a thread. */
export interface ReadTask {
  readonly paths: readonly string[];
  readonly stamps: readonly FileStamp[];
  /** Has room for all of them. Handed over, and back with the outcome. */
  readonly buffer: ArrayBuffer;
}

export interface ReadOutcome {
  readonly buffer: ArrayBuffer;
  /** The first file that could not be read as it was seen: the error's code, or "CHANGED". */
  readonly failure?: { readonly index: number; readonly code: string };
}

/** Links are not followed: a backup has none, and somebody else's could lead anywhere. */
export const READ_FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0);

/** Reads the files of a task. What the disk or a change can be blamed for is an outcome. */
export function readFiles({ paths, stamps, buffer }: ReadTask): ReadOutcome {
  const bytes = Buffer.from(buffer);
  let at = 0;
  for (const [index, stamp] of stamps.entries()) {
    const code = readFile(paths[index] ?? '', stamp, bytes.subarray(at, at + stamp.sizeBytes));
    if (code !== undefined) return { buffer, failure: { index, code } };
    at += stamp.sizeBytes;
  }
  return { buffer };
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
