/** Phone → draft → snapshot. */
export { backUp, type BackupOptions } from './backup.ts';
export type { BackupEvent, BackupPhase, BackupProgress } from './events.ts';
export { FolderTarget, openFolderTarget } from './folder-target.ts';
export { claimDevice } from './one-job-per-device.ts';
