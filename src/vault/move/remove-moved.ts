import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import { namesIn } from '../look.ts';
import { VaultLock } from '../lock.ts';
import { readMark, TRIAL } from '../mark/mark.ts';
import { readMovedMark } from '../mark/moved-mark.ts';
import { refuseSameFolder } from './same-folder.ts';

/** Everything that a vault is made of but its mark. What else is in the folder is not ours. */
const FOLDERS = [
  'staging',
  'drafts',
  'snapshots',
  'labels',
  'lists',
  'segments',
  'objects',
  'quarantine',
  'tmp',
] as const;
const FILES =
  /^(?:snapshots\.cache|catalogue\.db|catalogue\.db-(?:wal|shm|journal)|catalogue\.damaged|generation|holdfast\.json\.(?:old|damaged)|.*\.tmp)$/;
const LOCKS = ['lock.json', 'lock.db', 'lock.db-journal'];
/** After so many files whatever else there is to do gets its turn. */
const TURN_FILES = 256;

/** Whether a vault that was moved away has left something that is still to be removed. */
export function hasLeftovers(dir: string): boolean {
  const moved = readMovedMark(dir);
  return moved !== undefined && !moved.kept && namesIn(dir).some((name) => isOurs(name) || LOCKS.includes(name));
}

/**
 * Removes what is left of a vault where it was, all but the note that says where it went. Stopped anywhere, it is gone
 * on with the next time.
 *
 * @throws {AppError} VAULT_NOT_FOUND and the like where the vault is not where it went: then nothing is removed.
 */
export async function* removeMoved(
  dir: string,
  disk: Disk,
  signal?: AbortSignal,
): AsyncGenerator<{ files: number; totalFiles: number }, undefined> {
  const moved = readMovedMark(dir);
  if (moved === undefined || moved.kept) return;
  if (readMark(moved.movedTo).id !== moved.id) {
    throw new AppError('VAULT_NOT_FOUND', `the vault that was moved to ${moved.movedTo} is not there`, {
      hint: `Connect its disk. What is left in ${dir} stays until then.`,
      details: { dir, movedTo: moved.movedTo },
    });
  }
  {
    using _lock = VaultLock.acquire(dir, `a move to ${moved.movedTo}`);
    refuseSameFolder(disk, dir, moved.movedTo);
    const files = namesIn(dir)
      .filter(isOurs)
      .flatMap((name) => filesBelow(join(dir, name)));
    for (const [done, path] of files.entries()) {
      if (done % TURN_FILES === 0) {
        signal?.throwIfAborted();
        yield { files: done, totalFiles: files.length };
      }
      disk.remove(path);
    }
    const trials = namesIn(dir).filter((name) => name.startsWith(TRIAL));
    for (const name of [...FOLDERS, ...trials]) removeFolder(join(dir, name));
    yield { files: files.length, totalFiles: files.length };
  }
  for (const name of LOCKS) disk.remove(join(dir, name));
}

function isOurs(name: string): boolean {
  return FOLDERS.some((each) => each === name) || FILES.test(name);
}

function filesBelow(path: string): string[] {
  if (!lstatSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw storageError(error, 'remove', path);
  }
}
