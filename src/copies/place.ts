import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, isAbsolute } from 'node:path';
import { AppError, systemErrorCode } from '../shared/errors.ts';

/**
 * Two folders must not lie within each other, whatever links lead there.
 *
 * @param dir the place of a copy; it need not be there yet.
 * @param what the other holds, for the message: "the backups".
 * @throws {AppError} COPY_REFUSED
 */
export function assertApart(dir: string, other: string, what: string): void {
  const [place, taken] = [realPlace(resolve(dir)), realPlace(resolve(other))];
  if (!isWithin(place, taken) && !isWithin(taken, place)) return;
  const how =
    place === taken ? 'the folder of' : isWithin(place, taken) ? 'inside the folder of' : 'around the folder of';
  throw new AppError('COPY_REFUSED', `a copy cannot be in ${dir}: that is ${how} ${what}`, {
    hint: 'Choose a folder on another disk.',
    details: { dir },
  });
}

/** Whether a path is that of a folder or of something in it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way));
}

/** Where a path leads, its last parts perhaps not there yet. */
export function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) return path;
    return join(realPlace(dirname(path)), basename(path));
  }
}
