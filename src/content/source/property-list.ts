import { decodePlist, type PlistValue } from '../../formats/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import { bytesIfThere } from './bytes-if-there.ts';
import type { Place } from './content-database.ts';

/** Settings are kilobytes; the largest lists heard of, of icons and keychains, a few megabytes. */
const MAX_LIST_BYTES = 256 * 1024 ** 2;

/**
 * The content of a small file.
 *
 * @returns undefined when the backup lacks the file, or lost its content.
 * @throws {FormatError} when it is too large to be what it should, or cannot be decrypted.
 */
export async function readPlace(backup: Backup, place: Place): Promise<Buffer | undefined> {
  return bytesIfThere(backup, backup.find(place.domain, place.relativePath), MAX_LIST_BYTES);
}

/** A property list. @throws {FormatError} as `readPlace`, and when it is none. */
export async function readPlistAt(backup: Backup, place: Place): Promise<PlistValue | undefined> {
  const bytes = await readPlace(backup, place);
  return bytes && bytes.length > 0 ? decodePlist(bytes) : undefined;
}
