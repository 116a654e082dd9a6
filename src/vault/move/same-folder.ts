import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import { TRIAL } from '../mark/mark.ts';

/**
 * Refuses to go on where two paths lead to one folder. That of a disk in the network, or of a program that shows one folder
 * in another place, has numbers of its own there, and locks taken one way need not show the other way: then only what is
 * made one way and seen the other way tells. An empty folder is made, as those who keep files back for a while pass on
 * folders at once; and both ways are tried, as one of them may show what it saw a while ago.
 *
 * @throws {AppError} USAGE; STORAGE_FAILED
 */
export function refuseSameFolder(disk: Disk, from: string, to: string): void {
  const isSame = isOneOnDisk(from, to) || showsIn(disk, to, from) || showsIn(disk, from, to);
  if (!isSame) return;
  throw new AppError('USAGE', `${from} and ${to} are the same folder, reached two ways; nothing was moved`, {
    hint: 'Choose another folder. Where only the way to it has changed, name the vault by the new one: --vault, or HOLDFAST_VAULT.',
    details: { from, to },
  });
}

/** As far as the numbers tell that a file system gives its folders. */
export function isOneOnDisk(one: string, other: string): boolean {
  const [here, there] = [one, other].map((dir) => statSync(dir, { throwIfNoEntry: false, bigint: true }));
  return here !== undefined && there !== undefined && here.dev === there.dev && here.ino === there.ino;
}

/** Whether what is made in one folder is in the other. A disk without room for it says nothing. */
function showsIn(disk: Disk, one: string, other: string): boolean {
  const name = `${TRIAL}${randomBytes(8).toString('hex')}`;
  try {
    disk.makeDirectory(join(one, name));
    return existsSync(join(other, name));
  } catch (error) {
    if (!isAppError(error, 'OUT_OF_SPACE')) throw error;
    return false;
  } finally {
    removeTrial(join(one, name));
  }
}

function removeTrial(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw storageError(error, 'remove', path);
  }
}
