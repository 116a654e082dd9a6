import type { Catalogue } from '../catalogue/catalogue.ts';
import { Disk } from '../durability.ts';
import { objectLayout } from './layout.ts';
import { ObjectStore, type ObjectStoreOptions } from './object-store.ts';
import { reconcile } from './reconcile.ts';

/**
 * Opens the objects of a vault. For writing, the caller holds the vault's lock: what a crash left is cleared up
 * first, and the catalogue is completed where it is behind the disk.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
 */
export async function openObjectStore(
  vaultDir: string,
  catalogue: Catalogue,
  { mode = 'write', packs = false, disk = new Disk(), now = Date.now }: ObjectStoreOptions = {},
): Promise<ObjectStore> {
  const lastSegment = mode === 'write' ? await reconcile(objectLayout(vaultDir), catalogue, disk) : 0;
  return new ObjectStore(vaultDir, catalogue, lastSegment, { mode, packs, disk, now });
}
