/**
 * The error codes of a device's backup agent (MBErrorDomain) in words a person can act on: the one table that backups,
 * restores and password changes share, and that docs/device-errors.md shows. The agent's own English text goes into
 * the details beside the code.
 */
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import type { MobileBackupRequest } from './requests.ts';

/** What a code means to whoever ran the job. */
interface Meaning {
  readonly code: ErrorCode;
  /** What happened, as the beginning of a sentence. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly hint: string;
}

export interface DeviceErrorRow extends Meaning {
  readonly deviceCode: number;
  /** What the agent calls it. */
  readonly name: string;
  /** Where the same code means something else in a restore, or when the backup password is changed. */
  readonly inRestore?: Partial<Meaning>;
  readonly inPasswordChange?: Partial<Meaning>;
}

/**
 * The error for a response whose ErrorCode is not 0.
 *
 * @param job what the device was asked for; a backup unless told.
 */
export function deviceError(
  deviceCode: number,
  description: string,
  job: MobileBackupRequest['kind'] = 'backup',
): AppError {
  const row = ROWS.get(deviceCode) ?? (deviceCode >= 300 && deviceCode < 400 ? ICLOUD_ERROR : UNKNOWN_ERROR);
  const { code, message, hint } = meaningIn(row, job);
  return new AppError(code, message, { hint, details: { deviceCode, description: description.slice(0, 500) } });
}

/** What a code means in a job of this kind. */
export function meaningIn(row: DeviceErrorRow, job: MobileBackupRequest['kind']): Meaning {
  const special = job === 'restore' ? row.inRestore : job === 'change-password' ? row.inPasswordChange : undefined;
  return { code: row.code, message: row.message, hint: row.hint, ...special };
}

const REFUSED = 'DEVICE_REFUSED';
const CORRUPT = 'SNAPSHOT_CORRUPT';
const RESTART = 'Restart the device and try again.';
const BACK_UP_ANEW = 'Run `holdfast verify`; `holdfast backup --full` has the device send everything again.';
const CHOOSE_ANOTHER =
  'Run `holdfast verify --deep` on it; `holdfast snapshots` lists the other versions, any of which can be restored.';
const GOES_ON = 'Try again: it goes on where it stopped.';
const PASSWORD_UNTOUCHED = 'The password is as it was. Restart the device and try again.';

const ICLOUD_ERROR: DeviceErrorRow = {
  deviceCode: 300,
  name: 'an answer of iCloud',
  code: REFUSED,
  message: 'iCloud answered the device with an error',
  hint: 'It has nothing to do with this computer: try again later.',
};

const UNKNOWN_ERROR: DeviceErrorRow = {
  deviceCode: Number.NaN,
  name: 'any other',
  code: REFUSED,
  message: 'the device reported an error that is not known here',
  hint: `${RESTART} If it stays, report it with the number in the details.`,
};

/** A damaged backup on this computer: the device wants it for the next backup, or a restore reads it. */
function damaged(deviceCode: number, name: string, message: string): DeviceErrorRow {
  return {
    deviceCode,
    name,
    code: REFUSED,
    message,
    hint: BACK_UP_ANEW,
    inRestore: { code: CORRUPT, hint: CHOOSE_ANOTHER },
  };
}

/** Every code that is known, ascending. */
export const DEVICE_ERRORS: readonly DeviceErrorRow[] = [
  {
    deviceCode: 1,
    name: 'internal error',
    code: REFUSED,
    message: 'the device reported an internal error',
    hint: RESTART,
    inPasswordChange: { hint: PASSWORD_UNTOUCHED },
  },
  {
    deviceCode: 2,
    name: 'multiple errors',
    code: REFUSED,
    message: 'the device reported several errors at once',
    hint: GOES_ON,
    inRestore: { hint: `${RESTART} If it happens again, restore another version: \`holdfast snapshots\`.` },
    inPasswordChange: { hint: PASSWORD_UNTOUCHED },
  },
  {
    deviceCode: 3,
    name: 'exists',
    code: REFUSED,
    message: 'the device still holds the remains of an earlier attempt',
    hint: RESTART,
  },
  damaged(4, 'not found', 'the device did not find a file that belongs to the backup'),
  damaged(5, 'not a directory', 'the device found a file in the backup where a folder belongs'),
  damaged(6, 'is a directory', 'the device found a folder in the backup where a file belongs'),
  damaged(7, 'loop', 'the device was led in a circle by links in the backup'),
  {
    deviceCode: 8,
    name: 'not implemented',
    code: REFUSED,
    message: 'the device wanted something that this program does not know',
    hint: 'Update Holdfast.',
  },
  {
    deviceCode: 9,
    name: 'file modified',
    code: REFUSED,
    message: 'files changed on the device while it sent them',
    hint: 'Leave the device alone for a while and try again.',
    inRestore: { message: 'files changed on the device while it was being restored' },
  },
  damaged(11, 'malformed', 'the device cannot make sense of the lists of the backup on this computer'),
  {
    deviceCode: 14,
    name: 'busy',
    code: 'DEVICE_BUSY',
    message: 'the device is busy with another backup or restore',
    hint: 'Wait until it has finished and try again.',
  },
  {
    deviceCode: 22,
    name: 'not allowed',
    code: REFUSED,
    message: 'a management profile on the device forbids this',
    hint: 'Ask whoever manages the device (Settings › General › VPN & Device Management).',
    inPasswordChange: { message: 'a management profile on the device forbids to turn the encryption of backups off' },
  },
  {
    deviceCode: 25,
    name: 'restoring from iCloud',
    code: 'DEVICE_BUSY',
    message: 'the device is being restored from iCloud',
    hint: 'Wait until it has finished (Settings › your name › iCloud › iCloud Backup shows it) and try again.',
  },
  {
    deviceCode: 26,
    name: 'cross-device link',
    code: REFUSED,
    message: 'the device could not move a file within its own storage',
    hint: RESTART,
  },
  {
    deviceCode: 100,
    name: 'input or output',
    code: REFUSED,
    message: 'the device could not exchange data with this computer',
    hint: `Check the cable or the Wi-Fi. ${GOES_ON}`,
    inRestore: { hint: 'Check the cable or the Wi-Fi, restart the device and start the restore again.' },
    inPasswordChange: {
      hint: 'Check the cable or the Wi-Fi; `holdfast encryption check` tells which password counts.',
    },
  },
  {
    deviceCode: 101,
    name: 'device database',
    code: REFUSED,
    message: 'the device could not read its own list of files, or its keys',
    hint: `${RESTART} Unlock it once after the restart.`,
  },
  {
    deviceCode: 102,
    name: 'device snapshot or restore directory',
    code: REFUSED,
    message: 'the device could not prepare its storage',
    hint: RESTART,
    inRestore: { message: 'the device has not been restarted since an earlier restore' },
  },
  damaged(103, 'reading from the computer', 'the device could not read the backup on this computer'),
  {
    deviceCode: 104,
    name: 'writing to the computer',
    code: REFUSED,
    message: 'the device could not write its backup to this computer',
    hint: `Check that the disk has space and is in order. ${GOES_ON}`,
    inRestore: { message: 'the device could not write to this computer', hint: RESTART },
    inPasswordChange: {
      hint: 'Check that the disk has space and is in order; `holdfast encryption check` tells which password counts.',
    },
  },
  {
    deviceCode: 105,
    name: 'not enough space on the computer',
    code: 'OUT_OF_SPACE',
    message: 'there is not enough space on this computer for the backup',
    hint: 'Free some space, or keep the backups on a larger disk.',
    inRestore: {
      code: REFUSED,
      message: 'there is not enough space on the device for this backup',
      hint: 'Free some space on the device, or restore to one with more storage.',
    },
  },
  {
    deviceCode: 106,
    name: 'not enough space on the device',
    code: REFUSED,
    message: 'there is not enough space on the device',
    hint: 'Free some space on the device and try again.',
    inRestore: {
      message: 'there is not enough space on the device for this backup',
      hint: 'Free some space on the device, or restore to one with more storage.',
    },
  },
  {
    deviceCode: 202,
    name: 'cancelled',
    code: 'CANCELLED',
    message: 'the device cancelled',
    hint: 'Start again when it suits: it goes on where it stopped.',
    inRestore: { hint: 'Start again when it suits; restart the device first.' },
    inPasswordChange: { hint: 'The password is as it was. Start again when it suits.' },
  },
  {
    deviceCode: 203,
    name: 'unsupported version',
    code: REFUSED,
    message: 'the device does not understand the earlier backup on this computer: it is of another version of iOS',
    hint: 'Run `holdfast backup --full`: the device sends everything again.',
    inRestore: {
      message: 'the backup was made by a newer iOS than the device has, or by one too old',
      hint: 'Update the device (Settings › General › Software Update) and try again, or choose another version.',
    },
  },
  {
    deviceCode: 204,
    name: 'no backup',
    code: REFUSED,
    message: 'the device found no finished backup',
    hint: 'Run `holdfast backup --full`.',
    inRestore: {
      code: 'BACKUP_UNFINISHED',
      hint: 'This backup was never finished: choose another version (`holdfast snapshots`).',
    },
  },
  {
    deviceCode: 205,
    name: 'backup corrupt',
    code: REFUSED,
    message: 'the device found files missing from the backup',
    hint: 'Run `holdfast backup --full`; the versions before are not affected.',
    inRestore: {
      code: CORRUPT,
      message: 'the device found files of the backup missing or changed',
      hint: CHOOSE_ANOTHER,
    },
  },
  {
    deviceCode: 207,
    name: 'password',
    code: 'WRONG_PASSWORD',
    message: 'the device wants its backups encrypted, and its backup password is missing or cannot be used now',
    hint: 'Unlock the device; turn encryption on with `holdfast encryption on` where it is off.',
    inRestore: {
      message: 'the backup password is wrong or missing',
      hint: 'Enter the password that the device had when this backup was made.',
    },
    inPasswordChange: {
      message: 'the backup password is wrong',
      hint: 'Enter the password that was set when encryption was turned on for this device, or when it was changed last.',
    },
  },
  {
    deviceCode: 208,
    name: 'device locked',
    code: 'PASSCODE_NOT_ENTERED',
    message: 'the passcode was not entered on the device',
    hint: 'Start again, and enter the passcode on the device when it asks.',
  },
  {
    deviceCode: 210,
    name: 'no iCloud account',
    code: REFUSED,
    message: 'the device is not signed in to iCloud',
    hint: 'Sign in on the device, or leave iCloud Backup as it is.',
  },
  {
    deviceCode: 211,
    name: 'Find My',
    code: REFUSED,
    message: 'Find My must be turned off first',
    hint: 'Turn it off on the device: Settings › your name › Find My. With Stolen Device Protection that takes an hour.',
  },
  {
    deviceCode: 212,
    name: 'setup unfinished',
    code: REFUSED,
    message: 'the device has not been set up yet',
    hint: 'Finish the setup on the device, as far as the Home Screen, and try again.',
  },
  ICLOUD_ERROR,
];

const ROWS: ReadonlyMap<number, DeviceErrorRow> = new Map(DEVICE_ERRORS.map((row) => [row.deviceCode, row]));
