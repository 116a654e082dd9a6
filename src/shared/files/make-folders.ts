import fs from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../errors.ts';

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` tries for ever where a folder is there and
 * yet says that what would be made in it has no place, as /proc does.
 *
 * @param mode of every folder that is made.
 * @returns the first folder that was made, undefined when all were there
 * @throws the system error of the folder that cannot be made
 */
export function makeFolders(path: string, mode?: number, mkdir: MakeFolder = fs.mkdirSync): string | undefined {
  // Most are there, and an error that nobody is told costs more than a look.
  if (isFolder(path)) return undefined;
  try {
    mkdir(path, mode);
    return path;
  } catch (error) {
    // Another process may have made it meanwhile.
    if (isFolder(path)) return undefined;
    if (systemErrorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
  }
  const first = makeFolders(dirname(path), mode, mkdir);
  try {
    mkdir(path, mode);
    return first ?? path;
  } catch (error) {
    if (isFolder(path)) return first;
    throw error;
  }
}

type MakeFolder = (path: string, mode?: number) => unknown;

function isFolder(path: string): boolean {
  try {
    return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
