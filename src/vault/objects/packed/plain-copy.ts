import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { isAppError } from '../../../shared/errors.ts';
import type { PlainCopy } from '../../../shared/target/plain-copy.ts';
import type { Disk } from '../../durability.ts';
import type { ObjectLayout } from '../layout.ts';

/** What is smaller is as well read in memory. */
const WORTH_A_FILE_BYTES = 16 * 1024 * 1024;
const PREFIX = 'plain-';
/** What was written longer ago than this, nobody is about to open any more. */
const LEFT_BEHIND_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Unpacks an object beside the others, where it is as safe from other eyes as they are, for whoever needs a file. What a
 * process leaves there that was killed is swept when the vault is opened for writing a day later: sooner, a copy could be
 * one that somebody who reads beside is about to open.
 *
 * @param chunks of the object, checked as they come.
 * @returns undefined where it is small, or where there is no room for it or nothing can be written.
 * @throws {AppError} SNAPSHOT_CORRUPT, STORAGE_FAILED, as `chunks` does
 */
export async function makePlainCopy(
  disk: Disk,
  layout: ObjectLayout,
  sizeBytes: number,
  chunks: AsyncIterable<Uint8Array>,
): Promise<PlainCopy | undefined> {
  if (sizeBytes < WORTH_A_FILE_BYTES) return undefined;
  const path = `${layout.temporary}/${PREFIX}${process.pid}-${randomUUID()}`;
  const fd = unlessUnwritable(() => {
    disk.makeDirectory(layout.temporary);
    return disk.create(path);
  });
  if (fd === undefined) return undefined;
  const remove = (): void => unlessUnwritable(() => disk.remove(path));
  let isWhole = false;
  try {
    let position = 0;
    for await (const chunk of chunks) {
      const at = position;
      const isWritten = unlessUnwritable(() => {
        disk.write(fd, chunk, at, path);
        return true;
      });
      if (isWritten === undefined) return undefined;
      position += chunk.length;
    }
    isWhole = true;
  } finally {
    disk.close(fd, path);
    if (!isWhole) remove();
  }
  return { path, [Symbol.dispose]: remove };
}

/** Whether a temporary file is such a copy, and so young that somebody may need it. */
export function isCopyInUse(path: string): boolean {
  if (!basename(path).startsWith(PREFIX)) return false;
  const writtenMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Math.abs(Date.now() - writtenMs) < LEFT_BEHIND_AFTER_MS;
}

function unlessUnwritable<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch (error) {
    if (isAppError(error, 'OUT_OF_SPACE', 'STORAGE_FAILED')) return undefined;
    throw error;
  }
}
