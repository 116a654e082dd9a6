import { AppError } from '../shared/errors.ts';
import { isInFolder, realPlace } from '../shared/files/real-place.ts';
import type { ResticEntry } from './registry.ts';

/** What is in the place of a copy has to be its repository. @throws {AppError} COPY_UNEXPECTED */
export function assertSameRepository(
  { name, repositoryId }: Pick<ResticEntry, 'name' | 'repositoryId'>,
  found: string,
): void {
  if (found === repositoryId) return;
  throw new AppError('COPY_UNEXPECTED', `another repository than that of the copy ${name} is in its place`, {
    hint: 'Connect the right disk, or check the address. Nothing was written there.',
    details: { copy: name, expectedId: repositoryId, foundId: found },
  });
}

/** Whether neither of two folders lies in the other, whatever links lead there. */
export function areApart(one: string, other: string): boolean {
  const [here, there] = [realPlace(one), realPlace(other)];
  return !isInFolder(here, there) && !isInFolder(there, here);
}

/**
 * Two folders must not lie within each other, whatever links lead there.
 *
 * @param dir the place of a copy; it need not be there yet.
 * @param what the other holds, for the message: "the backups".
 * @throws {AppError} COPY_REFUSED
 */
export function assertApart(dir: string, other: string, what: string): void {
  if (areApart(dir, other)) return;
  const [place, taken] = [realPlace(dir), realPlace(other)];
  const how =
    place === taken ? 'the folder of' : isInFolder(place, taken) ? 'inside the folder of' : 'around the folder of';
  throw new AppError('COPY_REFUSED', `a copy cannot be in ${dir}: that is ${how} ${what}`, {
    hint: 'Choose a folder on another disk.',
    details: { dir },
  });
}
