/** Phone → draft → snapshot. */
export { backUp, type BackupOptions } from './backup.ts';
export type { BackupEvent, BackupPhase, BackupProgress } from './events.ts';
