import { AppError } from '../shared/errors.ts';
import { folderOf } from './add-copy.ts';
import { areApart } from './place.ts';
import { readRegistry, unlessUnreadable } from './registry.ts';

/**
 * A vault is not to be moved to where a copy lies, nor into it or around it: whoever removes one would remove the other. The
 * mount point of a copy whose disk is away is empty, and would be hidden as soon as that disk is there.
 *
 * @throws {AppError} COPY_REFUSED
 */
export async function assertNoCopyAt(stateDir: string, dir: string): Promise<void> {
  for (const entry of (await unlessUnreadable(readRegistry(stateDir))) ?? []) {
    const folder = entry.kind === 'folder' ? entry.dir : folderOf(entry.repository);
    if (folder === undefined || areApart(dir, folder)) continue;
    throw new AppError(
      'COPY_REFUSED',
      `the vault cannot be moved to ${dir}: the place of the copy ${entry.name} is ${folder}`,
      {
        hint: `Choose a folder beside it, best on another disk. If there is no such copy any more: \`holdfast copies remove ${entry.name}\`.`,
        details: { dir, copy: entry.name, folder },
      },
    );
  }
}
