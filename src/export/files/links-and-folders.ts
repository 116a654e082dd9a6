import fs from 'node:fs';
import { systemErrorCode } from '../../shared/errors.ts';
import type { MbFile } from '../../snapshot/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import type { Place } from '../folder/name-space.ts';
import { exportStorageError } from '../folder/storage-error.ts';
import { safeLinkTarget } from './link-target.ts';

export interface PlacedDirectory {
  /** Absolute. */
  readonly path: string;
  /** Undefined leaves it as it was made: for its owner only. */
  readonly mode: number | undefined;
  readonly modifiedMs: number | undefined;
}

/** Answers of systems on which only some may make links, or nobody. */
const NO_LINKS = ['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * Makes a symbolic link where it stays within the folder of its domain; else a text file that says where it led.
 *
 * @param parts names as wished for, the domain first.
 */
export function writeLink(
  folder: ExportFolder,
  parts: readonly string[],
  { linkTarget = '', modifiedAt }: MbFile,
): { place: Place; isLink: boolean } {
  const parent = folder.claimDirectory(parts.slice(0, -1), { keepForm: true });
  const name = parts.at(-1) ?? '';
  // In a folder that has another name here, a way that goes up would come down elsewhere.
  const target = parent.asWished ? safeLinkTarget(`${parent.path}/${name}`, linkTarget) : undefined;
  if (target !== undefined) {
    const place = folder.claimFile(parts, { keepForm: true });
    if (makeLink(folder.partialPath(), place.absolutePath, target, modifiedAt)) return { place, isLink: true };
  }
  const place = folder.claimFile([...parts.slice(0, -1), `${name}.link.txt`], { keepForm: true });
  folder.fillNow(place, `On the device this was a link to:\n${linkTarget}\n`, modifiedAt && { modifiedAt });
  return { place, isLink: false };
}

/** @returns false where the system makes no links. */
function makeLink(partial: string, path: string, target: string, modifiedAt: Date | undefined): boolean {
  try {
    fs.symlinkSync(target, partial);
    if (modifiedAt !== undefined) fs.lutimesSync(partial, modifiedAt, modifiedAt);
    fs.renameSync(partial, path);
    return true;
  } catch (error) {
    fs.rmSync(partial, { force: true });
    if (NO_LINKS.includes(systemErrorCode(error) ?? '')) return false;
    throw exportStorageError(error, path);
  }
}

/** Gives folders their permissions and times, when nothing is written into them any more. */
export function finishDirectories(directories: readonly PlacedDirectory[]): void {
  for (const { path, mode, modifiedMs } of directories) {
    try {
      if (mode !== undefined) fs.chmodSync(path, (mode & 0o777) | 0o700);
      if (modifiedMs !== undefined) fs.utimesSync(path, modifiedMs / 1000, modifiedMs / 1000);
    } catch (error) {
      throw exportStorageError(error, path);
    }
  }
}
