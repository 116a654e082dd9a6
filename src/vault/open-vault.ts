import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isAppError } from '../shared/errors.ts';
import { openCatalogue } from './catalogue/catalogue.ts';
import { sweepDrafts } from './drafts/open-draft.ts';
import { Disk } from './durability.ts';
import { Labels } from './labels/labels.ts';
import { ListStore } from './lists/list-store.ts';
import { VaultLock } from './lock.ts';
import { createMark, packsObjects, readAnyMark, readMark, type NewMark, type VaultMark } from './mark/mark.ts';
import { openObjectStore } from './objects/open-object-store.ts';
import { SnapshotStore } from './snapshots/snapshot-store.ts';
import { Vault, type VaultParts } from './vault.ts';

export interface OpenVaultOptions extends NewMark {
  /** Whether to make a vault where the folder is missing or empty. */
  readonly create?: boolean;
  /** What the vault is opened for, to be read by whoever finds it busy: "a backup of Ada's iPhone". */
  readonly purpose: string;
  /** `none` opens for reading, also beside a process that writes. */
  readonly lock?: 'write' | 'none';
}

/** What tests put in the place of the real thing. */
export type VaultSeams = Partial<
  Pick<VaultParts, 'disk' | 'now' | 'groupLimits' | 'afterCommitStep' | 'afterPruneStep'>
>;

/** `openVault` with some of its parts replaced. */
export async function openVaultWith(dir: string, options: OpenVaultOptions, seams: VaultSeams): Promise<Vault> {
  return new Vault(await openVaultParts(dir, options, seams));
}

/** What a vault is made of. Whoever asks for it closes it, best by making it a `Vault`. */
export async function openVaultParts(dir: string, options: OpenVaultOptions, seams: VaultSeams): Promise<VaultParts> {
  const absolute = resolve(dir);
  const disk = seams.disk ?? new Disk();
  const mark = await findOrMakeMark(absolute, options, disk);
  disk.stayOn(absolute);
  const isWriter = options.lock !== 'none';
  await using stack = new AsyncDisposableStack();
  const lock = isWriter ? stack.use(VaultLock.acquire(absolute, options.purpose)) : undefined;
  // Whoever had the lock before may have moved the vault away.
  if (isWriter) findMark(absolute, options);
  const catalogue = stack.use(openCatalogue(absolute, { readOnly: !isWriter }));
  const mode = isWriter ? 'write' : 'read';
  const now = seams.now ?? Date.now;
  const objects = stack.use(await openObjectStore(absolute, catalogue, { mode, packs: packsObjects(mark), disk, now }));
  const lists = new ListStore(absolute, disk);
  const snapshots = new SnapshotStore(absolute, disk);
  const labels = new Labels(absolute, disk, snapshots);
  if (isWriter) sweep(absolute, lists, snapshots);
  stack.move();
  return { ...seams, dir: absolute, mark, disk, catalogue, objects, lists, snapshots, labels, lock, now };
}

/** A vault that is just being moved here is opened only by what moves it. */
function findMark(dir: string, { arrivingFrom }: OpenVaultOptions): VaultMark {
  return arrivingFrom === undefined ? readMark(dir) : readAnyMark(dir);
}

async function findOrMakeMark(dir: string, options: OpenVaultOptions, disk: Disk): Promise<VaultMark> {
  try {
    return findMark(dir, options);
  } catch (error) {
    if (options.create !== true || !isAppError(error, 'VAULT_NOT_FOUND')) throw error;
    return createMark(dir, disk, options);
  }
}

/** Clears up after writes, commits and discards that were cut off. */
function sweep(dir: string, lists: ListStore, snapshots: SnapshotStore): void {
  for (const name of readdirSync(dir)) if (name.endsWith('.tmp')) rmSync(join(dir, name), { force: true });
  lists.sweep();
  snapshots.sweep();
  sweepDrafts(dir, () => new Set(snapshots.list().flatMap(({ draft }) => draft ?? [])));
}
