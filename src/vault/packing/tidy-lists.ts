import { isAppError } from '../../shared/errors.ts';
import { isUnreadable } from '../lists/list-errors.ts';
import { basesOf, neededIn, packLists, type Bases, type PackingHost } from './pack-lists.ts';

/** A list of 100,000 files takes two tenths of a second: whoever prunes waits for no more, and the next prune goes on. */
const WRITTEN_AT_MOST = 2;

/**
 * Packs lists that are named, a few at a time, and removes those that nothing names. A base of which the own snapshots
 * are gone stays as long as something rests on it. Stopped anywhere, every named list can be read.
 *
 * The caller has the lock and sees to it that nothing is taken in meanwhile.
 *
 * @param named lists of snapshots and of unfinished backups.
 * @returns how many were removed.
 * @throws {AppError} SNAPSHOT_CORRUPT, STORAGE_FAILED; the reason of `signal`
 */
export async function tidyLists(
  host: PackingHost,
  named: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { lists } = host;
  const needed = neededIn(await packWithWholeBases(host, named, signal));
  const unneeded = lists.names().filter((sha256) => !named.has(sha256) && !needed.has(sha256));
  if (unneeded.length > 0) await lists.remove(unneeded);
  for (const sha256 of lists.bases.names().filter((each) => !needed.has(each))) {
    // Its own snapshots may be readable out of the second file only.
    if (!named.has(sha256) || (await lists.bases.mend(sha256))) lists.bases.release([sha256]);
  }
  return unneeded.length;
}

/** A list may have been read out of its second file only. It is made whole before it is packed, or others against it. */
async function packWithWholeBases(
  host: PackingHost,
  named: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Bases> {
  try {
    return await packWhereThereIsRoom(host, named, signal);
  } catch (error) {
    const { bases } = host.lists;
    const damaged = isUnreadable(error) ? bases.names().filter((sha256) => bases.damageOf(sha256) !== undefined) : [];
    let mended = 0;
    for (const sha256 of damaged) if (await bases.mend(sha256)) mended++;
    if (mended === 0) throw error;
    return await packWhereThereIsRoom(host, named, signal);
  }
}

/** On a disk without any room space is given back first; packing waits for the next time. */
async function packWhereThereIsRoom(
  host: PackingHost,
  named: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Bases> {
  try {
    return await packLists(host, basesOf(host.lists, named), { signal, atMost: WRITTEN_AT_MOST });
  } catch (error) {
    if (!isAppError(error, 'OUT_OF_SPACE')) throw error;
    return basesOf(host.lists, named);
  }
}
