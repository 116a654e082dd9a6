import { statSync } from 'node:fs';
import type { Disk } from '../durability.ts';
import type { ListStore } from '../lists/list-store.ts';
import { upgradeMark, type VaultMark } from '../mark/mark.ts';
import { basesOf, packLists, type PackingHost, type PackOptions } from './pack-lists.ts';

export interface UpgradeHost extends PackingHost {
  readonly dir: string;
  readonly disk: Disk;
}

/** Progress is told in lists. */
export type UpgradeOptions = Pick<PackOptions, 'signal' | 'onProgress'>;

export interface Upgraded {
  /** The version of the format that the vault was of. */
  readonly from: number;
  readonly mark: VaultMark;
  /** What all lists took, and take now. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Makes a vault one of the newest format. What an older format holds a newer one may hold, too, so the rename of the mark
 * is all of it; afterwards lists are packed, each read back before it takes the place of the old one. Stopped anywhere
 * the vault is whole, and the next time goes on.
 *
 * The caller has the lock and sees to it that nothing is taken in or pruned meanwhile.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when a list cannot be read, OUT_OF_SPACE, STORAGE_FAILED; the reason of `signal`
 */
export async function upgradeVault(host: UpgradeHost, options: UpgradeOptions): Promise<Upgraded> {
  const { dir, disk, lists, snapshots } = host;
  const bytesBefore = bytesOf(lists);
  const mark = await upgradeMark(dir, disk);
  const named = snapshots.list().map(({ list }) => list.sha256);
  await packLists({ lists, snapshots, mark }, basesOf(lists, named), options);
  return { from: host.mark.version, mark, bytesBefore, bytesAfter: bytesOf(lists) };
}

function bytesOf(lists: ListStore): number {
  const paths = [
    ...lists.names().map((name) => lists.pathOf(name)),
    ...lists.bases.names().map((name) => lists.bases.secondOf(name)),
  ];
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
