import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError } from '../durability.ts';

/** Any of these makes a folder worth looking at as a backup, if only to say what it lacks. */
const SIGNS = ['Manifest.plist', 'Manifest.db', 'Manifest.mbdb', 'Status.plist'];
/** iMazing keeps older versions below a folder of this name, which lies beside the backups. */
const VERSIONS_FOLDER = /^iMazing\.Versions$/i;
const VERSIONS_DEPTH = 3;

/**
 * Finds the backups in a folder: the folder itself, or those right below it, and the older versions iMazing keeps.
 * Links are followed here, because people put their backups elsewhere that way; inside a backup they are not.
 *
 * @returns real paths, sorted.
 * @throws {AppError} NOT_A_BACKUP when there is none, STORAGE_FAILED
 */
export function findBackups(folder: string): string[] {
  const root = realPath(folder);
  const found = isBackup(root) ? [root] : [...new Set(searchBelow(root, 1))].toSorted();
  if (found.length > 0) return found;
  throw new AppError('NOT_A_BACKUP', `there is no backup of a device in ${folder}`, {
    hint: 'Give the folder of one backup, the one that holds Manifest.plist, or the folder that such folders lie in.',
    details: { folder },
  });
}

function searchBelow(folder: string, depth: number): string[] {
  return directoriesIn(folder).flatMap(({ name, path }) => {
    if (isBackup(path)) return [path];
    if (VERSIONS_FOLDER.test(name)) return searchBelow(path, VERSIONS_DEPTH);
    return depth > 1 ? searchBelow(path, depth - 1) : [];
  });
}

function isBackup(folder: string): boolean {
  return SIGNS.some((name) => existsSync(join(folder, name)));
}

function directoriesIn(folder: string): { name: string; path: string }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    // A parent folder may hold others' folders that are not ours to look into.
    if (['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw storageError(error, 'look into', folder);
  }
  return names
    .map((name) => ({ name, path: join(folder, name) }))
    .filter(({ path }) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    .map(({ name, path }) => ({ name, path: realPath(path) }));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) throw storageError(error, 'look into', path);
    throw new AppError('NOT_A_BACKUP', `there is no folder ${path}`, {
      hint: 'Check the path, and that the disk it is on is connected.',
      details: { folder: path },
    });
  }
}
