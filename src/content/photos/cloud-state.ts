import { asDictionary, booleanAt, dateAt, decodePlist, dictionaryAt, numberAt } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import type { Backup } from '../../snapshot/index.ts';

/** What the phone knew of iCloud Photos. */
export interface CloudPhotosState {
  /** Whether iCloud Photos is in use. */
  readonly isOn: boolean | undefined;
  readonly lastSyncAt: Date | undefined;
  /** Photos and videos iCloud holds, by what the phone calls their types; undefined where it is not said. */
  readonly countByType: Readonly<Record<string, number>> | undefined;
}

const PATH = 'Media/PhotoData/CPL/syncstatus.plist';
const MAX_BYTES = 1024 * 1024;

/** From syncstatus.plist; undefined where there is none, or none that can be read. */
export async function readCloudState(backup: Backup, domain: string): Promise<CloudPhotosState | undefined> {
  const entry = backup.find(domain, PATH);
  if (entry?.kind !== 'file') return undefined;
  try {
    const list = asDictionary(decodePlist(await backup.bytes(entry, MAX_BYTES)));
    const counts = dictionaryAt(list, 'cloudAssetCountPerType');
    const countByType = Object.fromEntries(
      Object.keys(counts ?? {}).flatMap((type) => {
        const count = numberAt(counts, type);
        return count === undefined ? [] : [[type, count] as const];
      }),
    );
    return {
      isOn: booleanAt(list, 'iCloudLibraryExists'),
      lastSyncAt: dateAt(list, 'lastSyncDate'),
      countByType: counts && countByType,
    };
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID') || isNotFound(error)) return undefined;
    throw error;
  }
}
