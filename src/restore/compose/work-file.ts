import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

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

const FOLDER = /^composed-(\d+)-/;

/**
 * A new folder that only its owner can look into, in a folder that is made where it is missing. What processes that
 * were killed have left there goes.
 */
export function makeWorkFolder(parent: string): string {
  return saying(parent, () => {
    makeFolders(parent, 0o700);
    for (const name of readdirSync(parent)) {
      const owner = FOLDER.exec(name)?.[1];
      if (owner !== undefined && !isRunning(Number(owner))) removeWorkFolder(join(parent, name));
    }
    return mkdtempSync(join(parent, `composed-${process.pid}-`));
  });
}

export function removeWorkFolder(path: string): void {
  saying(path, () => rmSync(path, { recursive: true, force: true }));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
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
