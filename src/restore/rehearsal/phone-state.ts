import type { BackupDevice } from '../../backup/index.ts';
import { AfcClient, type DeviceFacts, type DeviceValues, factsFrom } from '../../device/index.ts';
import { booleanAt, numberAt } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';

/** What a device tells about itself that a restore depends on. Undefined is "it does not say". */
export interface PhoneState {
  readonly facts: DeviceFacts;
  /** Room for a backup. */
  readonly freeBytes: number | undefined;
  /** Whether somebody has gone through the setup, as far as the Home Screen. */
  readonly isSetUp: boolean | undefined;
  readonly findMyIsOn: boolean | undefined;
  readonly isSupervised: boolean | undefined;
}

const DOMAINS = [
  '',
  'com.apple.mobile.backup',
  'com.apple.mobile.battery',
  'com.apple.disk_usage',
  'com.apple.fmip',
  'com.apple.mobile.chaperone',
  // Which of the two it is depends on the version of iOS.
  'com.apple.purplebuddy',
  'com.apple.PurpleBuddy',
] as const;

/** @throws {AppError} CONNECTION_LOST, CANCELLED, DEVICE_NOT_TRUSTED; what the device declines to tell is undefined. */
export async function readPhoneState(device: BackupDevice): Promise<PhoneState> {
  const values = await device.values(DOMAINS);
  return {
    facts: factsFrom(device.udid, values),
    freeBytes: freeFor(values) ?? (await freeByFiles(device)),
    isSetUp: isSetUp(values),
    findMyIsOn: booleanAt(values.get('com.apple.fmip'), 'IsAssociated'),
    isSupervised: booleanAt(values.get('com.apple.mobile.chaperone'), 'DeviceIsChaperoned'),
  };
}

/** The device's own figure for a restore counts what it would clear away for it. */
function freeFor(values: DeviceValues): number | undefined {
  const usage = values.get('com.apple.disk_usage');
  return (
    numberAt(usage, 'AmountRestoreAvailable') ??
    numberAt(usage, 'TotalDataAvailable') ??
    numberAt(usage, 'AmountDataAvailable')
  );
}

async function freeByFiles(device: BackupDevice): Promise<number | undefined> {
  try {
    await using files = new AfcClient(await device.startService('com.apple.afc'));
    const { totalBytes, freeBytes } = await files.deviceInfo();
    return totalBytes === 0 ? undefined : freeBytes;
  } catch (error) {
    if (isAppError(error, 'DEVICE_REFUSED', 'DEVICE_LOCKED')) return undefined;
    throw error;
  }
}

function isSetUp(values: DeviceValues): boolean | undefined {
  for (const domain of ['com.apple.purplebuddy', 'com.apple.PurpleBuddy']) {
    const setup = values.get(domain);
    const done = booleanAt(setup, 'SetupDone') ?? booleanAt(setup, 'SetupFinishedAllSteps');
    if (done !== undefined) return done;
  }
  return undefined;
}
