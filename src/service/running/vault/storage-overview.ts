import { statfs } from 'node:fs/promises';
import type { StorageOverview } from '../../../contract/index.ts';
import { systemErrorCode } from '../../../shared/errors.ts';
import { forecastFull, type SnapshotRecord } from '../../../vault/index.ts';

/** The disk of the vault, and when it is going to be full. Undefined where it is not there. */
export async function storageOverview(
  vaultDir: string,
  growing?: { readonly newestFirst: readonly SnapshotRecord[]; readonly now: Date },
): Promise<StorageOverview | undefined> {
  try {
    const { bavail, bfree, blocks, bsize } = await statfs(vaultDir);
    const freeBytes = bavail * bsize;
    const fullOn = growing && forecastFull(growing.newestFirst, freeBytes, growing.now);
    const day = fullOn?.toISOString().slice(0, 10);
    return { usedBytes: (blocks - bfree) * bsize, freeBytes, ...(day === undefined ? {} : { fullOn: day }) };
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
