import type { DeviceOverview } from '../../../../src/contract/index.ts';

export type StepName = 'cable' | 'trust' | 'encryption' | 'when' | 'backup';

/** What somebody chose to leave as it is. */
export interface Skipped {
  readonly encryption: boolean;
  readonly when: boolean;
}

export interface StepState {
  readonly name: StepName;
  readonly isDone: boolean;
}

/** The steps of setting a device up, and which of them the device itself shows to be done. */
export function stepsOf(device: DeviceOverview | undefined, skipped: Skipped): StepState[] {
  const hasBackup = device?.lastBackup !== undefined;
  const isTrusted = device?.trusted === true;
  return [
    { name: 'cable', isDone: device?.link !== undefined || hasBackup },
    { name: 'trust', isDone: isTrusted },
    { name: 'encryption', isDone: isTrusted && (device.encrypted === true || skipped.encryption) },
    { name: 'when', isDone: isTrusted && (skipped.when || hasBackup) },
    { name: 'backup', isDone: hasBackup },
  ];
}

/** Which device is being set up: the one that was chosen or begun with, else one that is here and has no backup yet. */
export function deviceToSetUp(devices: readonly DeviceOverview[], chosen: string | null): DeviceOverview | undefined {
  return devices.find(({ udid }) => udid === chosen) ?? devices.find(isNew);
}

function isNew({ link, trusted, snapshots }: DeviceOverview): boolean {
  return link !== undefined && (!trusted || snapshots === 0);
}
