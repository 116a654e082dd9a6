import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isFileId } from './file-id.ts';
import type { Manifest } from './manifest.ts';

/**
 * Which contents a manifest names that are not there. Both sequences ascend and are walked once, side by side, so
 * memory does not grow with the backup.
 *
 * @param expected `manifest.contentIds()`
 * @param present ids of the contents that are there; others between them do no harm.
 * @throws {RangeError} when a sequence turns out not to ascend.
 */
export function* missingFiles(expected: Iterable<string>, present: Iterable<string>): Generator<string, undefined> {
  const there = ascending(present)[Symbol.iterator]();
  let next = there.next();
  for (const id of ascending(expected)) {
    while (next.done !== true && next.value < id) next = there.next();
    if (next.done === true || next.value !== id) yield id;
  }
}

/** The ids of the contents in a backup folder, ascending. Anything else in it is passed over, links to contents too. */
export function* contentIdsInFolder(dir: string, format: Manifest['format']): Generator<string, undefined> {
  if (format === 'mbdb') {
    yield* fileIdsIn(dir);
    return;
  }
  for (const shard of namesIn(dir, (entry) => entry.isDirectory())) {
    if (/^[0-9a-f]{2}$/.test(shard)) yield* fileIdsIn(join(dir, shard)).filter((id) => id.startsWith(shard));
  }
}

function fileIdsIn(dir: string): string[] {
  return namesIn(dir, (entry) => entry.isFile()).filter(isFileId);
}

function namesIn(dir: string, isWanted: (entry: Dirent) => boolean): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter(isWanted)
    .map(({ name }) => name)
    .toSorted();
}

function* ascending(ids: Iterable<string>): Generator<string, undefined> {
  let last = '';
  for (const id of ids) {
    if (id < last) throw new RangeError('ids must come in ascending order');
    last = id;
    yield id;
  }
}
