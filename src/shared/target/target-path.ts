import { TargetError } from './backup-target.ts';

/** Longest path a phone may name, in UTF-16 units. Real ones are under 100. */
const MAX_PATH_LENGTH = 1024;
/** Longest single name file systems take. */
const MAX_NAME_LENGTH = 255;

/**
 * Splits a path that came from a phone into its names, refusing everything that could leave the backup's directory
 * on any file system: absolute paths, `..`, backslashes, drive letters, NUL and other control characters.
 *
 * Empty names and `.` are dropped ("U//x", "U/./x"); an empty path is refused.
 *
 * @throws {TargetError} invalid-path
 */
export function parseTargetPath(path: string): string[] {
  if (path.length > MAX_PATH_LENGTH || path.startsWith('/') || hasForbiddenCharacter(path)) refuse(path);
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.length === 0 || names.some((name) => name === '..' || name.length > MAX_NAME_LENGTH)) refuse(path);
  return names;
}

/** Backslash and colon are separators on Windows; control characters are never in Apple's names. */
function hasForbiddenCharacter(path: string): boolean {
  for (let i = 0; i < path.length; i++) {
    const unit = path.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f || unit === 0x5c || unit === 0x3a) return true;
  }
  return false;
}

function refuse(path: string): never {
  throw new TargetError('invalid-path', `the path ${JSON.stringify(path.slice(0, 200))} is not allowed`);
}
