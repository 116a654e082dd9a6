import { type Device, untilAborted } from '../device/index.ts';

/** What a backup needs of a device. */
export type BackupDevice = Pick<Device, 'udid' | 'lost' | 'values' | 'startService'>;

/** The device as one job sees it: whatever it is asked ends with the job, also when the device does not answer. */
export function deviceOfJob(device: BackupDevice, signal: AbortSignal): BackupDevice {
  return {
    udid: device.udid,
    lost: device.lost,
    values: (domains) => untilAborted(device.values(domains), signal),
    startService: (name, options) =>
      untilAborted(device.startService(name, options), signal, (stream) => void stream.destroy()),
  };
}
