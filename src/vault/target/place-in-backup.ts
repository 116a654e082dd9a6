import { TargetError } from '../../shared/backup-target.ts';
import { parseTargetPath } from '../../shared/target-path.ts';

/** A place in the backup folder of a device. The folder itself has directory '' and name ''. */
export interface PlaceInBackup {
  /** Relative to the backup folder, without the last name. */
  readonly directory: string;
  readonly name: string;
  /** `directory` and `name` together. */
  readonly inner: string;
}

/**
 * Reads a path of the wire as a place below `<UDID>/`.
 *
 * @throws {TargetError} invalid-path for whatever lies outside, and for names that no UTF-8 says.
 */
export function placeInBackup(path: string, udid: string): PlaceInBackup {
  const names = parseTargetPath(path);
  if (names[0] !== udid || !path.isWellFormed()) {
    throw new TargetError('invalid-path', `${JSON.stringify(path.slice(0, 200))} is not in the backup of ${udid}`);
  }
  const directory = names.length > 2 ? names.slice(1, -1).join('/') : '';
  const name = names.length > 1 ? (names.at(-1) ?? '') : '';
  return { directory, name, inner: directory === '' ? name : `${directory}/${name}` };
}
