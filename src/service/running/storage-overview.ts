import { statfs } from 'node:fs/promises';
import type { StorageOverview } from '../../contract/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';

/** The disk of the vault. Undefined where it is not there. */
export async function storageOverview(vaultDir: string): Promise<StorageOverview | undefined> {
  try {
    const { bavail, bfree, blocks, bsize } = await statfs(vaultDir);
    return { usedBytes: (blocks - bfree) * bsize, freeBytes: bavail * bsize };
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
