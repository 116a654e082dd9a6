import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';

/** A file for the time of one restore. */
export interface WorkFile extends Disposable {
  /** @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED */
  write(bytes: Uint8Array): void;
  /** Closing twice is harmless. */
  close(): void;
}

/** Makes a file that only its owner can read, and that must not be there yet. @throws as `write` does */
export function createWorkFile(path: string): WorkFile {
  let descriptor: number | undefined = saying(path, () => openSync(path, 'wx', 0o600));
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  };
  return {
    write: (bytes) => {
      const fd = descriptor;
      if (fd === undefined) throw new Error(`${path} is closed`);
      saying(path, () => {
        for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      });
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** A new folder that only its owner can look into, in a folder that is made where it is missing. */
export function makeWorkFolder(parent: string): string {
  return saying(parent, () => {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    return mkdtempSync(join(parent, 'composed-'));
  });
}

export function removeWorkFolder(path: string): void {
  saying(path, () => rmSync(path, { recursive: true, force: true }));
}

function saying<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === undefined) throw cause;
    const isFull = systemCode === 'ENOSPC' || systemCode === 'EDQUOT';
    throw new AppError(isFull ? 'OUT_OF_SPACE' : 'STORAGE_FAILED', `${path} could not be written`, {
      hint: isFull
        ? 'Make room there: the list of the files is written to it, nothing else.'
        : 'Check the disk, and who may write to it.',
      details: { path, systemCode },
      cause,
    });
  }
}
