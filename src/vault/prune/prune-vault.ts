import { AppError } from '../../shared/errors.ts';
import { draftRoots } from '../drafts/open-draft.ts';
import type { ListStore } from '../lists/list-store.ts';
import type { PruneResult } from '../objects/prune.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';

export interface PruneVaultResult extends PruneResult {
  readonly removedLists: number;
}

export interface PruneHost {
  readonly dir: string;
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
}

/**
 * Removes what no snapshot and no draft names any more: first the bytes, then the lists. The caller sees to it that
 * no draft is open.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when a record or a list cannot be read: what it names would be taken for
 * garbage. OUT_OF_SPACE, STORAGE_FAILED.
 */
export async function pruneVault(host: PruneHost, signal?: AbortSignal): Promise<PruneVaultResult> {
  const records = host.snapshots.list();
  const [unreadable] = host.snapshots.unreadable;
  if (unreadable !== undefined) {
    throw new AppError(
      'SNAPSHOT_CORRUPT',
      `the record ${unreadable.path} is damaged, so nothing can be removed safely`,
      {
        hint: 'Restore the record from a copy of the vault, or remove its file if the snapshot is not needed.',
        details: { ...unreadable },
      },
    );
  }
  const lists = new Set(records.map(({ list }) => list.sha256));
  for (const { list } of draftRoots(host.dir)) if (list !== undefined) lists.add(list);
  const result = await host.objects.prune(namedObjects(host, lists), signal === undefined ? {} : { signal });
  const unnamed = host.lists.names().filter((sha256) => !lists.has(sha256));
  if (unnamed.length > 0) await host.lists.remove(unnamed);
  return { ...result, removedLists: unnamed.length };
}

function* namedObjects({ dir, lists }: PruneHost, names: Iterable<string>): Generator<Uint8Array> {
  for (const sha256 of names) {
    using list = lists.open(sha256);
    for (const { entry } of list.entries()) if (entry.kind === 'file') yield Buffer.from(entry.sha256, 'hex');
  }
  for (const { objects } of draftRoots(dir)) yield* objects;
}
