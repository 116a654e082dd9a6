/** The vault in other places: a second vault on a disk, a restic repository anywhere; and the proof that it came through. */
export { hostOf, isOnThisComputer } from './address.ts';
export {
  addFolderCopy,
  addResticCopy,
  folderOf,
  type AddedCopy,
  type NewFolderCopy,
  type NewResticCopy,
} from './add-copy.ts';
export { changeCopy } from './change-copy.ts';
export { changeCopySecrets } from './change-secrets.ts';
export type { RestoreCopyEvent, RunEvent, VerifyCopyEvent } from './copy.ts';
export { whatLiesAt } from './connected.ts';
export { openUnlistedCopy, type UnlistedCopy } from './unlisted-copy.ts';
export { keptKeys, type CopiesContext, type CopySecrets } from './open-copy.ts';
export { copiesListPath, findEntry, isSameCopy, readRegistry, unlessUnreadable, type CopyEntry } from './registry.ts';
export { assertApart } from './place.ts';
export { assertNoCopyAt } from './room-for-vault.ts';
export { removeCopy } from './remove-copy.ts';
export { isInWindow } from './schedule.ts';
export { readCopies, type CopyStatus } from './status.ts';
export { repairFromCopies, restoreCopy, runCopy, verifyCopy, type RepairFromCopiesEvent } from './work.ts';
