/** Phone → draft → snapshot. */
export { backUp, type BackupOptions } from './backup.ts';
export type { BackupEvent } from './events.ts';
