import { AppError } from '../shared/errors.ts';
import { isInFolder, realPlace } from '../shared/real-place.ts';

/**
 * Two folders must not lie within each other, whatever links lead there.
 *
 * @param dir the place of a copy; it need not be there yet.
 * @param what the other holds, for the message: "the backups".
 * @throws {AppError} COPY_REFUSED
 */
export function assertApart(dir: string, other: string, what: string): void {
  const [place, taken] = [realPlace(dir), realPlace(other)];
  if (!isInFolder(place, taken) && !isInFolder(taken, place)) return;
  const how =
    place === taken ? 'the folder of' : isInFolder(place, taken) ? 'inside the folder of' : 'around the folder of';
  throw new AppError('COPY_REFUSED', `a copy cannot be in ${dir}: that is ${how} ${what}`, {
    hint: 'Choose a folder on another disk.',
    details: { dir },
  });
}
