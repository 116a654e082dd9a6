import { truncateSync } from 'node:fs';
import { isAppError } from '../shared/errors.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open.ts';

/**
 * Takes a lock that the operating system takes back when the process dies, however it dies: an exclusive transaction
 * on an SQLite file, which is a lock of the kernel on every platform. Nothing is ever written to the file. It is
 * never to be opened by other means in the process that holds the lock: on POSIX systems closing any descriptor of it
 * would release the lock.
 *
 * A file that has rotted is emptied where it is: the lock is one on the file, not on what is in it, so that whoever has
 * it meanwhile keeps it.
 *
 * @param path of the file, in a folder that is there.
 * @param busyTimeoutMs how long to wait, with the whole process, for whoever has it.
 * @throws {AppError} VAULT_BUSY when another process has it, STORAGE_FAILED
 */
export function lockFile(path: string, busyTimeoutMs = 0): Disposable {
  try {
    return tryLocking(path, busyTimeoutMs);
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    truncateSync(path);
    return tryLocking(path, busyTimeoutMs);
  }
}

function tryLocking(path: string, busyTimeoutMs: number): Database {
  const database = openDatabase(path, { create: true, busyTimeoutMs });
  try {
    // SQLite begins a journal also for nothing: in memory, so that it works on a full disk.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
