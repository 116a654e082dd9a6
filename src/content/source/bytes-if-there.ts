import { isNotFound } from '../../shared/target/backup-target.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';

/**
 * The whole content of a file that may be missing.
 *
 * @returns undefined where the backup has no such file, or lost its content.
 * @throws {FormatError} when it is larger than `maxBytes`, or cannot be decrypted.
 */
export async function bytesIfThere(
  backup: Backup,
  entry: ManifestEntry | undefined,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (entry?.kind !== 'file') return undefined;
  try {
    return await backup.bytes(entry, maxBytes);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
