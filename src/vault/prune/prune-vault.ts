import { AppError } from '../../shared/errors.ts';
import { draftRoots, removeDamagedDrafts } from '../drafts/open-draft.ts';
import type { Disk } from '../durability.ts';
import type { Labels } from '../labels/labels.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { Garbage, PruneResult, PruneStep } from '../objects/prune.ts';
import type { PackingHost } from '../packing/pack-lists.ts';
import { tidyLists } from '../packing/tidy-lists.ts';
import { PrefixTable } from '../references/prefix-table.ts';
import { referencesOf, type ListToRead } from '../references/references.ts';

export interface PruneVaultResult extends PruneResult {
  readonly removedLists: number;
}

export type PruneVaultProgress =
  | { readonly phase: 'reading-lists'; readonly done: number; readonly total: number }
  | { readonly phase: 'rewriting'; readonly doneBytes: number; readonly totalBytes: number };

/** The steps of pruning a vault, for tests that stop there. */
export type PruneVaultStep = 'read' | PruneStep | 'lists-removed';

export interface PruneVaultOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: PruneVaultProgress) => void;
}

export interface PruneHost extends PackingHost {
  readonly dir: string;
  readonly disk: Disk;
  readonly objects: ObjectStore;
  readonly labels: Labels;
  readonly afterPruneStep?: (step: PruneVaultStep) => void;
}

/**
 * Removes what no snapshot and no draft names any more: first the bytes, then the lists; and packs lists. The caller sees
 * to it that no draft is open.
 *
 * @param freeBytes how much the disk has free.
 * @throws {AppError} SNAPSHOT_CORRUPT when a record or a list cannot be read: what it names would be taken for
 * garbage. OUT_OF_SPACE, STORAGE_FAILED.
 */
export async function pruneVault(
  host: PruneHost,
  freeBytes: () => number,
  options: PruneVaultOptions,
): Promise<PruneVaultResult> {
  const { signal, onProgress } = options;
  const { dir, disk, snapshots, labels, objects, afterPruneStep } = host;
  // A record that is gone for us must not come back after a power cut, when its objects are gone.
  await snapshots.settle();
  await removeDamagedDrafts(dir, disk);
  const named = await readWhatIsNamed(host, options);
  afterPruneStep?.('read');
  const result = await objects.prune(named.objects, {
    signal,
    freeBytes,
    onProgress: (doneBytes, totalBytes) => onProgress?.({ phase: 'rewriting', doneBytes, totalBytes }),
    ...(afterPruneStep && { afterStep: afterPruneStep }),
  });
  const removedLists = await tidyLists(host, named.lists, signal);
  afterPruneStep?.('lists-removed');
  using _lock = await labels.lock();
  await labels.sweep();
  return { ...result, removedLists };
}

/**
 * What `pruneVault` would free, as far as can be told beside a writer.
 *
 * @throws {AppError} as `pruneVault`.
 */
export async function findVaultGarbage(host: PruneHost, options: PruneVaultOptions): Promise<Garbage> {
  const named = await readWhatIsNamed(host, options);
  return host.objects.findGarbage(named.objects);
}

interface Named {
  readonly objects: PrefixTable;
  readonly lists: ReadonlySet<string>;
}

async function readWhatIsNamed(host: PruneHost, { signal, onProgress }: PruneVaultOptions): Promise<Named> {
  const lists = listsInUse(host);
  const objects = new PrefixTable(lists.reduce((most, { files }) => Math.max(most, files), 0));
  let done = 0;
  onProgress?.({ phase: 'reading-lists', done, total: lists.length });
  for await (const { count, high, low } of referencesOf(lists, { signal })) {
    for (let at = 0; at < count; at++) objects.set(high[at] ?? 0, low[at] ?? 0, 0);
    onProgress?.({ phase: 'reading-lists', done: ++done, total: lists.length });
  }
  for (const roots of draftRoots(host.dir)) for (const { hash } of roots.objects) objects.addHash(hash);
  return { objects, lists: new Set(lists.map(({ sha256 }) => sha256)) };
}

/** The lists that snapshots and drafts name, those of a device one after another. */
function listsInUse({ dir, lists, snapshots }: PruneHost): ListToRead[] {
  const records = snapshots.list();
  const [unreadable] = snapshots.unreadable;
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
  const files = new Map<string, number>();
  for (const ofDevice of Map.groupBy(records, ({ udid }) => udid).values()) {
    for (const { list } of ofDevice) files.set(list.sha256, list.files);
  }
  for (const { list } of draftRoots(dir)) if (list !== undefined && !files.has(list)) files.set(list, 0);
  return Array.from(files, ([sha256, count]) => ({ path: lists.pathOf(sha256), sha256, files: count }));
}
