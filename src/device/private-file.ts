/** Small files that nobody else on the computer may read, replaced as a whole or not at all. */
import { randomBytes } from 'node:crypto';
import { chmod, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../shared/errors.ts';
import { writeFailure } from '../shared/files/write-failure.ts';
import { makeFolders } from '../shared/files/make-folders.ts';

/** @returns undefined when there is no such file. @throws {AppError} STORAGE_FAILED */
export async function readPrivateFile(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw storageFailed('read', path, error);
  }
}

/**
 * Replaces the file durably: after a power cut it holds the old bytes or the new ones. Its directory is made when
 * missing and closed to others; the file is 0600 from its first byte on.
 *
 * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE
 */
export async function writePrivateFile(path: string, bytes: Uint8Array): Promise<void> {
  const directory = dirname(path);
  const draft = join(directory, `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    makeFolders(directory, 0o700);
    await chmod(directory, 0o700);
    try {
      await using file = await open(draft, 'wx', 0o600);
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await rename(draft, path);
    await syncDirectory(directory);
  } catch (error) {
    throw storageFailed('write', path, error);
  }
}

/** @returns undefined when there is no such file. @throws {AppError} STORAGE_FAILED */
export async function changedAt(path: string): Promise<Date | undefined> {
  try {
    return (await stat(path)).mtime;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw storageFailed('read', path, error);
  }
}

/** The names in a folder; none when there is no such folder. @throws {AppError} STORAGE_FAILED */
export async function listPrivateFiles(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw storageFailed('read', directory, error);
  }
}

/** Removing what is not there succeeds. @throws {AppError} STORAGE_FAILED */
export async function removePrivateFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw storageFailed('remove', path, error);
  }
}

/** A rename is only durable once its directory is. Windows cannot open directories and needs no such thing. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using directory = await open(path, 'r');
  await directory.sync();
}

function storageFailed(what: 'read' | 'write' | 'remove', path: string, cause: unknown): unknown {
  const hint = 'Check who owns that file and its folder, and whether the disk is writable.';
  return writeFailure(cause, `could not ${what} ${path}`, hint);
}
