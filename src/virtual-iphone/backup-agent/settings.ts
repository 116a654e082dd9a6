import { type PhoneSettings, SETTINGS } from '../context.ts';

/** Settings of the phone that the backup agent looks at. */
export const AGENT_SETTINGS = {
  findMy: SETTINGS.findMy,
  /** boolean: signed in to iCloud. Not unless set. */
  cloudAccount: 'cloudAccount',
  /** boolean: whether iCloud Backup is on. */
  cloudBackup: 'cloudBackup',
  /** boolean: restored, and not restarted since. */
  awaitsReboot: 'restore.awaitsReboot',
  /** string[]: bundle ids of the apps a computer wanted installed again with the last restore. */
  restoredApplications: 'restore.applications',
} as const;

/** To be called when the phone starts: a restore counts as finished once the phone was restarted. */
export function finishRestart(settings: PhoneSettings): void {
  settings.delete(AGENT_SETTINGS.awaitsReboot);
}
