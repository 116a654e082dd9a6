import type { BackupPhase } from '../../service/index.ts';

/** What a backup is doing, for whoever watches it. */
export const BACKUP_PHASES: Readonly<Record<BackupPhase, string>> = {
  connecting: 'Connecting',
  'waiting-for-passcode': 'Enter the passcode on the device',
  preparing: 'The device is preparing',
  receiving: 'Receiving',
  moving: 'Putting in place',
  removing: 'Clearing up',
  verifying: 'The device is checking',
  finishing: 'Finishing',
};
