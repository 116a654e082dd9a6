import type { Disk } from '../../durability.ts';
import { isPackedName, PACKED_SUFFIX, type ObjectLayout } from '../layout.ts';
import type { Place } from '../places/place-list.ts';
import { verifyOwnFile } from '../verify/verify-task.ts';
import { lookAt, pathsOnDisk, placeOf } from './own-file.ts';

/**
 * Moves the file of a damaged large object to `quarantine/`. Of one that lies there both as it is and packed, what is whole
 * stays where it is.
 *
 * @param options.onlyBesideWhole moves nothing where nothing whole stays.
 * @returns the place of what stays.
 */
export function takeOutOfUse(
  disk: Disk,
  layout: ObjectLayout,
  hash: Buffer,
  { onlyBesideWhole = false } = {},
): Place | undefined {
  const paths = pathsOnDisk(disk, layout, hash);
  const whole = paths.length < 2 ? undefined : paths.find((path) => verifyOwnFile(disk, path, hash) === undefined);
  if (whole === undefined && onlyBesideWhole) return undefined;
  for (const path of paths) {
    if (path === whole) continue;
    disk.makeDirectory(layout.quarantine);
    disk.rename(path, `${layout.quarantine}/${hash.toString('hex')}${isPackedName(path) ? PACKED_SUFFIX : ''}`);
  }
  const file = whole === undefined ? undefined : lookAt(disk, whole);
  return file && placeOf(file);
}
