import { openDatabaseBytes, withWriteAheadLog } from '../../database/index.ts';
import { TargetError } from '../../shared/backup-target.ts';
import type { Backup, ManifestEntry } from '../../snapshot/index.ts';
import { ContentDatabase, type Place } from '../source/content-database.ts';

/** A database as its files are, and as it reads. */
export interface Leftovers extends Disposable {
  readonly bytes: Uint8Array;
  readonly log: Uint8Array | undefined;
  readonly live: ContentDatabase;
}

/** Larger ones are left alone: they are held in memory three times. */
const MAX_BYTES = 512 * 1024 * 1024;

export async function openLeftovers(backup: Backup, places: readonly Place[]): Promise<Leftovers | undefined> {
  for (const place of places) {
    const bytes = await bytesOf(backup, backup.find(place.domain, place.relativePath));
    if (bytes === undefined) continue;
    const log = await bytesOf(backup, backup.find(place.domain, `${place.relativePath}-wal`));
    const live = new ContentDatabase(place, openDatabaseBytes(log ? withWriteAheadLog(bytes, log) : bytes));
    return { bytes, log, live, [Symbol.dispose]: () => live[Symbol.dispose]() };
  }
  return undefined;
}

async function bytesOf(backup: Backup, entry: ManifestEntry | undefined): Promise<Buffer | undefined> {
  if (entry?.kind !== 'file') return undefined;
  try {
    return await backup.bytes(entry, MAX_BYTES);
  } catch (error) {
    if (error instanceof TargetError && error.reason === 'not-found') return undefined;
    throw error;
  }
}
