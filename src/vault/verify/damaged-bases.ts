import { setImmediate } from 'node:timers/promises';
import { isUnreadable } from '../lists/list-errors.ts';
import type { ListStore } from '../lists/list-store.ts';

/**
 * Reads both files of every list that others are packed against.
 *
 * @param named the lists of snapshots.
 * @returns the names of those that are not there twice and whole. While one of the two files is, all can be read.
 * @throws {AppError} STORAGE_FAILED; the reason of `signal`
 */
export async function damagedBases(
  lists: ListStore,
  named: Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const damaged: string[] = [];
  for (const [base, resting] of Map.groupBy(named, (sha256) => readBaseOf(lists, sha256))) {
    await setImmediate();
    signal?.throwIfAborted();
    if (base === undefined || lists.bases.damageOf(base) === undefined) continue;
    // A prune beside us packs lists against another base, and removes the old one.
    if (resting.some((sha256) => readBaseOf(lists, sha256) === base)) damaged.push(base);
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
