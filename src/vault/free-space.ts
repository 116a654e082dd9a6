import { statfsSync } from 'node:fs';
import { storageError } from './durability.ts';

/** Space a backup leaves free: the computer the vault is in has to go on working. */
const RESERVE_FRACTION = 0.02;
const MAX_RESERVE_BYTES = 5e9;

/** What a disk has free, in bytes: all of it, and what of it backups may use. @throws {AppError} STORAGE_FAILED */
export function freeSpaceIn(dir: string): { readonly all: number; readonly forBackups: number } {
  try {
    const { bavail, bsize, blocks } = statfsSync(dir);
    const reserveBytes = Math.min(MAX_RESERVE_BYTES, blocks * bsize * RESERVE_FRACTION);
    return { all: bavail * bsize, forBackups: Math.max(0, Math.floor(bavail * bsize - reserveBytes)) };
  } catch (error) {
    throw storageError(error, 'ask for free space in', dir);
  }
}
