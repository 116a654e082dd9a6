import { setImmediate } from 'node:timers/promises';
import { isUnreadable } from '../lists/list-errors.ts';
import type { ListStore } from '../lists/list-store.ts';

/**
 * Reads both files of every list that others are packed against, and the first of those that are still there twice.
 *
 * @param named the lists of snapshots.
 * @returns the names of those that are not there as they should be. While one of the two files is, all can be read.
 * @throws {AppError} STORAGE_FAILED; the reason of `signal`
 */
export async function damagedBases(
  lists: ListStore,
  named: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const damaged: string[] = [];
  const resting = Map.groupBy(named, (sha256) => readBaseOf(lists, sha256));
  for (const [base, each] of resting) {
    await setImmediate();
    signal?.throwIfAborted();
    if (base === undefined || lists.bases.damageOf(base) === undefined) continue;
    // A prune beside us packs lists against another base, and removes the old one.
    if (each.some((sha256) => readBaseOf(lists, sha256) === base)) damaged.push(base);
  }
  // Until a prune removes its second file, such a list is read out of that, and looks whole.
  for (const sha256 of named.filter((each) => lists.bases.has(each) && !resting.has(each))) {
    await setImmediate();
    signal?.throwIfAborted();
    if (!lists.isWhole(sha256) && lists.bases.has(sha256)) damaged.push(sha256);
  }
  return damaged;
}

/** Undefined, too, for a list that cannot be read, which is told elsewhere. */
function readBaseOf(lists: ListStore, sha256: string): string | undefined {
  try {
    return lists.baseOf(sha256);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return undefined;
  }
}
