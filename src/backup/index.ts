/** Phone → draft → snapshot. */
export { backUp, type BackupOptions } from './backup.ts';
export type { BackupEvent, BackupPhase } from './events.ts';
