import type { Device } from '../device/index.ts';

/** What a backup needs of a device. */
export type BackupDevice = Pick<Device, 'udid' | 'lost' | 'facts' | 'values' | 'startService'>;
