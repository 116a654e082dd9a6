import { sortKey } from '../lists/list-entry.ts';
import type { ListFile, PlacedEntry } from '../lists/list-file.ts';
import { compareUtf8, joinPath } from '../lists/list-path.ts';

/** One path at which two lists differ. */
export interface Difference {
  /** What the first list has there, undefined for nothing. */
  readonly before: PlacedEntry | undefined;
  readonly after: PlacedEntry | undefined;
}

/**
 * Where two lists differ, in the order of the paths. A file that became an empty directory is told as two.
 *
 * @param before undefined for an empty tree.
 * @throws {AppError} SNAPSHOT_CORRUPT when either cannot be read to its end.
 */
export function* differencesOf(before: ListFile | undefined, after: ListFile): Generator<Difference, undefined> {
  const old = (before?.entries() ?? [].values())[Symbol.iterator]();
  const wanted = after.entries();
  let left = old.next();
  let right = wanted.next();
  while (left.done !== true || right.done !== true) {
    const order =
      left.done === true ? 1 : right.done === true ? -1 : compareUtf8(keyOf(left.value), keyOf(right.value));
    const was: PlacedEntry | undefined = order <= 0 && left.done !== true ? left.value : undefined;
    const is: PlacedEntry | undefined = order >= 0 && right.done !== true ? right.value : undefined;
    if (was === undefined || is === undefined || !isSame(was, is)) yield { before: was, after: is };
    if (was !== undefined) left = old.next();
    if (is !== undefined) right = wanted.next();
  }
}

const keyOf = ({ directory, entry }: PlacedEntry): string => joinPath(directory, sortKey(entry));

/** Both lie at the same path. */
function isSame({ entry: a }: PlacedEntry, { entry: b }: PlacedEntry): boolean {
  return a.kind === 'directory' ? b.kind === 'directory' : b.kind === 'file' && a.sha256 === b.sha256;
}
