import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../shared/errors.ts';

/** Any of these makes a folder a backup, if only one to be told what it lacks. */
const SIGNS = ['Manifest.plist', 'Manifest.db', 'Manifest.mbdb'];

/**
 * The backup that a person means by naming a folder: the folder itself, or the only backup right below it.
 *
 * @throws {AppError} NOT_A_BACKUP when there is none or there are several; STORAGE_FAILED when it cannot be looked into.
 */
export function backupFolderAt(path: string): string {
  if (isBackupFolder(path)) return path;
  const [found, ...others] = foldersIn(path).filter(isBackupFolder);
  if (found === undefined) {
    throw new AppError('NOT_A_BACKUP', `there is no backup of a device in ${path}`, {
      hint: 'Give the folder of one backup, the one that holds Manifest.plist.',
      details: { folder: path },
    });
  }
  if (others.length === 0) return found;
  throw new AppError('NOT_A_BACKUP', `there are ${others.length + 1} backups in ${path}`, {
    hint: `Give the folder of one of them: ${[found, ...others].slice(0, 5).join(', ')}${others.length > 4 ? ', …' : ''}.`,
    details: { folder: path, backups: others.length + 1 },
  });
}

function isBackupFolder(path: string): boolean {
  return SIGNS.some((name) => existsSync(join(path, name)));
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path)
      .toSorted()
      .map((name) => join(path, name))
      .filter((each) => statSync(each, { throwIfNoEntry: false })?.isDirectory() === true);
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === undefined) throw cause;
    if (systemCode === 'ENOENT' || systemCode === 'ENOTDIR') {
      throw new AppError('NOT_A_BACKUP', `there is no folder ${path}`, {
        hint: 'Check the path, and that the disk it is on is connected.',
        details: { folder: path },
        cause,
      });
    }
    throw new AppError('STORAGE_FAILED', `${path} could not be looked into`, {
      hint: 'Check that its disk is connected and healthy, and who may read it, then run this again.',
      details: { folder: path, systemCode },
      cause,
    });
  }
}
