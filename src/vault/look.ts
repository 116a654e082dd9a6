import { readdirSync, readFileSync } from 'node:fs';
import { systemErrorCode } from '../shared/errors.ts';
import { storageError } from './durability.ts';

/** The names in a folder; none where there is no such folder. @throws {AppError} STORAGE_FAILED */
export function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw storageError(error, 'look into', dir);
  }
}

/** What a file holds; undefined where there is none, or none any more. @throws {AppError} STORAGE_FAILED */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw storageError(error, 'read', path);
  }
}
