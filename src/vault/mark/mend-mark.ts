import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAppError } from '../../shared/errors.ts';
import { Disk } from '../durability.ts';
import { writeMark, type NewMark } from './mark.ts';
import { MARK_NAME } from './moved-mark.ts';

/**
 * Writes the mark of a vault anew where it has rotted: nothing else says what is in the folder, and all that it says is
 * known on this computer. What was there is kept beside it.
 *
 * @param facts of the vault that was last seen in this folder.
 * @param error what came of reading the mark.
 * @returns whether it was mended: not where the mark is whole or gone, where the folder does not hold what a vault
 * does, or where nothing can be written.
 */
export async function mendMark(
  dir: string,
  facts: Required<Pick<NewMark, 'id'>> & Pick<NewMark, 'copyOf'>,
  error: unknown,
): Promise<boolean> {
  if (!isAppError(error, 'VAULT_UNREADABLE') || error.details['damagedMark'] !== true || !holdsAVault(dir))
    return false;
  const path = join(dir, MARK_NAME);
  try {
    copyFileSync(path, `${path}.damaged`);
    await writeMark(dir, new Disk(), facts);
    return true;
  } catch {
    return false;
  }
}

function holdsAVault(dir: string): boolean {
  const has = (name: string): boolean => existsSync(join(dir, name));
  return has('snapshots') && has('lists') && (has('objects') || has('segments'));
}
