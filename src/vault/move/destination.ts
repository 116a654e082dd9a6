import { AppError, isAppError } from '../../shared/errors.ts';
import { isInFolder, realPlace } from '../../shared/files/real-place.ts';
import { isPlaceForVault, readAnyMark } from '../mark/mark.ts';
import type { VaultMark } from '../mark/mark.ts';
import { isOneOnDisk } from './same-folder.ts';

/**
 * What lies where a vault is to go: nothing; what a move that was cut off has brought there; or all of it, where that
 * move was cut off just before its end.
 */
export type Destination = 'empty' | 'begun' | 'arrived';

/**
 * Looks whether a vault may be moved to a folder. Nothing is changed.
 *
 * @throws {AppError} USAGE where one folder is in the other, FOLDER_NOT_EMPTY
 */
export function lookAtDestination(from: string, to: string, { id }: Pick<VaultMark, 'id'>): Destination {
  const [here, there] = [realPlace(from), realPlace(to)];
  if (here === there || isOneOnDisk(here, there)) throw new AppError('USAGE', `the vault is in ${to} already`);
  if (isInFolder(here, there) || isInFolder(there, here)) {
    throw new AppError('USAGE', 'a vault cannot be moved into itself, nor into a folder that it lies in', {
      hint: 'Choose a folder beside it, best on another disk.',
      details: { from, to },
    });
  }
  const mark = markIn(to);
  if (mark === undefined) {
    if (isPlaceForVault(to)) return 'empty';
    throw notEmpty(to, `there is something else in ${to}`);
  }
  if (mark.id === id) return mark.arrivingFrom === undefined ? 'arrived' : 'begun';
  const what = mark.copyOf === id ? 'a copy of this vault' : 'another vault';
  throw notEmpty(to, `${what} lies in ${to}`);
}

/** Undefined where there is no vault: also where there was one that went elsewhere and left nothing. */
function markIn(dir: string): VaultMark | undefined {
  try {
    return readAnyMark(dir);
  } catch (error) {
    if (isAppError(error, 'VAULT_NOT_FOUND', 'VAULT_MOVED')) return undefined;
    throw error;
  }
}

function notEmpty(to: string, message: string): AppError {
  return new AppError('FOLDER_NOT_EMPTY', `${message}; nothing was changed`, {
    hint: 'Choose a new or empty folder.',
    details: { to },
  });
}
