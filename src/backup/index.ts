/** Phone → draft → snapshot. */
export { backUp, type BackupOptions } from './backup.ts';
export type { BackupEvent, BackupPhase } from './events.ts';
export { converse, type Conversation } from './converse.ts';
export { type BackupDevice, deviceOfJob } from './backup-device.ts';
export { eventsOfJob } from './events-of-job.ts';
export { claimDevice } from './one-job-per-device.ts';
export { RateMeter } from './rate-meter.ts';
