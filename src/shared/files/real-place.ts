import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { systemErrorCode } from '../errors.ts';

/** Where a path leads: of what is there already of it, every link followed. */
export function realPlace(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' || dirname(absolute) === absolute) return absolute;
    return join(realPlace(dirname(absolute)), basename(absolute));
  }
}

/** Whether a path is that of a folder or of something in it. Both are absolute; links are not followed. */
export function isInFolder(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way));
}
