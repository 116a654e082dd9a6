import { openDatabaseBytes, withWriteAheadLog } from '../../database/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import { bytesIfThere } from '../source/bytes-if-there.ts';
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
    const bytes = await bytesIfThere(backup, backup.find(place.domain, place.relativePath), MAX_BYTES);
    if (bytes === undefined) continue;
    const log = await bytesIfThere(backup, backup.find(place.domain, `${place.relativePath}-wal`), MAX_BYTES);
    const live = new ContentDatabase(place, openDatabaseBytes(log ? withWriteAheadLog(bytes, log) : bytes));
    return { bytes, log, live, [Symbol.dispose]: () => live[Symbol.dispose]() };
  }
  return undefined;
}
