import { randomUUID } from 'node:crypto';
import { isAppError } from '../../../shared/errors.ts';
import type { Disk } from '../../durability.ts';
import type { ObjectLayout } from '../layout.ts';

/** What is smaller is as well read in memory. */
const WORTH_A_FILE_BYTES = 16 * 1024 * 1024;

/** A file with the bytes of a packed object, which is gone after use. Who has it open may let it go at once. */
export interface PlainCopy extends Disposable {
  readonly path: string;
}

/**
 * Unpacks an object beside the others, where it is as safe from other eyes as they are, for whoever needs a file. What a
 * process leaves there that was killed is swept when the vault is next opened for writing.
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
  const path = `${layout.temporary}/plain-${process.pid}-${randomUUID()}`;
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

function unlessUnwritable<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch (error) {
    if (isAppError(error, 'OUT_OF_SPACE', 'STORAGE_FAILED')) return undefined;
    throw error;
  }
}
