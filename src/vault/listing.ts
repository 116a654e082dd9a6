import { Disk } from './durability.ts';
import type { SnapshotLabels } from './labels/label-file.ts';
import { Labels } from './labels/labels.ts';
import { readMark } from './mark/mark.ts';
import type { SnapshotRecord } from './snapshots/record.ts';
import { SnapshotStore, type UnreadableRecord } from './snapshots/snapshot-store.ts';

/** What can be told of a vault by its records alone, without opening it. */
export interface VaultListing {
  /** Of the vault. */
  readonly id: string;
  /** Newest first. */
  readonly snapshots: readonly SnapshotRecord[];
  /** By the ids of snapshots. */
  readonly labels: ReadonlyMap<string, SnapshotLabels>;
  /** Records that are there but cannot be read. */
  readonly unreadable: readonly UnreadableRecord[];
}

/**
 * Reads the records and labels of the vault in a folder. Changes nothing, also beside a process that writes.
 *
 * @throws {AppError} VAULT_NOT_FOUND, VAULT_UNREADABLE, STORAGE_FAILED
 */
export function readListing(dir: string): VaultListing {
  const { id } = readMark(dir);
  const disk = new Disk();
  const store = new SnapshotStore(dir, disk);
  const snapshots = store.list();
  return { id, snapshots, labels: new Labels(dir, disk, store).all(), unreadable: store.unreadable };
}
