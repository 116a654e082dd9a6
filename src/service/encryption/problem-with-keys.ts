import { isDatabase } from '../../database/index.ts';
import { decryptFileStart, type ClassKeys } from '../../keybag/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { unlockBackup, type BackupSource, type ManifestFacts } from '../../snapshot/index.ts';

const BLOCK_BYTES = 16;

/**
 * Why a keybag that a password opens is of no use all the same: when it is not the one that the files were encrypted
 * with. Reads the first block of the list of files, which may have a gigabyte.
 *
 * @returns undefined when it is as it should be.
 * @throws {AppError} WRONG_PASSWORD when it does not open.
 * @throws {TargetError} not-found when there is no list of files.
 */
export async function problemWithKeys(
  source: BackupSource,
  facts: ManifestFacts,
  password: string,
): Promise<string | undefined> {
  const classKeys = await unlockBackup(facts, password);
  if (facts.manifestKey === undefined) return undefined;
  const key = manifestKeyOf(classKeys, facts.manifestKey);
  if (key === undefined) return 'its keybag is not the one that its files were encrypted with';
  const file = await source.read('Manifest.db');
  for await (const chunk of file.chunks()) {
    const start = decryptFileStart(key, chunk.subarray(0, BLOCK_BYTES));
    return isDatabase(start) ? undefined : 'its list of files does not open with its own key';
  }
  return 'its list of files is empty';
}

function manifestKeyOf(classKeys: ClassKeys, wrapped: Buffer): Buffer | undefined {
  try {
    return classKeys.unwrapFileKey(wrapped);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}
