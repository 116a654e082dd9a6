import { TargetError } from '../../shared/target/backup-target.ts';
import { parseTargetPath } from '../../shared/target/target-path.ts';

/** Nearly every path there is, told at a glance: plain names of ASCII letters and digits that do not begin with a dot. */
const USUAL_PLACE = /^[0-9A-Za-z_-][0-9A-Za-z_.-]{0,63}(?:\/[0-9A-Za-z_-][0-9A-Za-z_.-]{0,63}){0,4}$/;

/**
 * Reads a path of the wire as a place below `<UDID>/`.
 *
 * @returns the path relative to the backup folder, '' for the folder itself.
 * @throws {TargetError} invalid-path for whatever lies outside, and for names that no UTF-8 says.
 */
export function placeInBackup(path: string, udid: string): string {
  if (path.startsWith(udid) && path.startsWith('/', udid.length)) {
    const place = path.slice(udid.length + 1);
    if (USUAL_PLACE.test(place)) return place;
  }
  const names = parseTargetPath(path);
  if (names[0] !== udid || !path.isWellFormed()) {
    throw new TargetError('invalid-path', `${JSON.stringify(path.slice(0, 200))} is not in the backup of ${udid}`);
  }
  return names.slice(1).join('/');
}
