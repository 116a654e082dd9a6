import { isAppError } from '../shared/errors.ts';
import { readMark } from '../vault/index.ts';
import type { CopyEntry, FolderEntry } from './registry.ts';

/**
 * What lies in the folder of a copy: itself, as far as can be told; another copy of the list; something else; nothing; or
 * what nobody can look at.
 */
export type InPlace = 'itself' | 'another' | 'unknown' | 'unreadable' | 'nothing';

/**
 * Tells by the mark. Disks that take turns in one place have the same folder, and where none is connected, an empty mount
 * point looks like the folder of a copy.
 */
export function whatLiesAt({ dir, copyId }: FolderEntry, entries: readonly CopyEntry[]): InPlace {
  try {
    const { id } = readMark(dir);
    if (id === copyId) return 'itself';
    return entries.some((entry) => entry.kind === 'folder' && entry.copyId === id) ? 'another' : 'unknown';
  } catch (error) {
    if (isAppError(error, 'VAULT_NOT_FOUND')) return 'nothing';
    if (isAppError(error, 'VAULT_UNREADABLE')) return 'itself';
    if (isAppError(error, 'VAULT_MOVED')) return 'unknown';
    if (isAppError(error, 'STORAGE_FAILED')) return 'unreadable';
    throw error;
  }
}
