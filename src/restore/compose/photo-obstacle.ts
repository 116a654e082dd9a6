import { openPhotos } from '../../content/index.ts';
import type { Backup } from '../../snapshot/index.ts';

/**
 * Why the photo library of a backup can neither be exchanged nor given: with iCloud Photos the device holds a part of
 * a library that is kept elsewhere, and Apple leaves its pictures out of backups.
 *
 * @returns how a sentence goes on; undefined when nothing is in the way.
 * @throws {FormatError} when the library cannot be read.
 */
export async function photoObstacle(backup: Backup): Promise<string | undefined> {
  using photos = await openPhotos(backup);
  if (photos === undefined) return undefined;
  if (photos.cloud?.isOn === true) return 'uses iCloud Photos, which keeps the library in iCloud';
  const { smallerCopies, notDownloaded } = photos.count();
  const elsewhere = smallerCopies + notDownloaded;
  return elsewhere > 0 ? `has ${elsewhere} photos whose originals are in iCloud only` : undefined;
}
