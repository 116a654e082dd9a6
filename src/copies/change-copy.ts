import type { CopyPatch } from '../contract/index.ts';
import type { CopiesContext } from './open-copy.ts';
import { editEntry, type CopyEntry } from './registry.ts';

/**
 * Changes when a copy runs, how fast, what it keeps and whether it counts as elsewhere. Where it is stays.
 *
 * @param patch `null` takes away: no window, no limit, everything kept.
 * @throws {AppError} COPY_NOT_FOUND, STORAGE_FAILED, OUT_OF_SPACE
 */
export async function changeCopy(
  { stateDir }: Pick<CopiesContext, 'stateDir'>,
  name: string,
  patch: CopyPatch,
): Promise<void> {
  editEntry(stateDir, name, (entry) => patched(entry, patch));
}

function patched({ window, bytesPerSecond, keep, ...entry }: CopyEntry, patch: CopyPatch): CopyEntry {
  const changed = {
    window: patch.window === undefined ? window : (patch.window ?? undefined),
    bytesPerSecond: patch.bytesPerSecond === undefined ? bytesPerSecond : (patch.bytesPerSecond ?? undefined),
    keep: patch.keep === undefined ? keep : (patch.keep ?? undefined),
  };
  return {
    ...entry,
    everyHours: patch.everyHours ?? entry.everyHours,
    offSite: patch.offSite ?? entry.offSite,
    ...(changed.window !== undefined && { window: changed.window }),
    ...(changed.bytesPerSecond !== undefined && { bytesPerSecond: changed.bytesPerSecond }),
    ...(changed.keep !== undefined && { keep: changed.keep }),
  };
}
