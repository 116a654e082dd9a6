/**
 * The error codes of a device's backup agent (MBErrorDomain) in words a person can act on. The agent's own English
 * text goes into the details beside the code.
 */
import { AppError, type ErrorCode } from '../../shared/errors.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** The error for a response whose ErrorCode is not 0. */
export function deviceError(deviceCode: number, description: string): AppError {
  const meaning = MEANINGS.get(deviceCode) ?? UNKNOWN;
  return new AppError(meaning.code, meaning.message, {
    hint: meaning.hint,
    details: { deviceCode, description: description.slice(0, 500) },
  });
}

const REFUSED = 'DEVICE_REFUSED';
const RESTART = 'Restart the device and try again.';
const CHECK_BACKUP = 'Verify the backup; run a full backup if this happens again.';

const UNKNOWN: Meaning = { code: REFUSED, message: 'the device reported an error', hint: RESTART };

const DAMAGED: Meaning = {
  code: REFUSED,
  message: 'the device cannot make sense of the backup on this computer',
  hint: CHECK_BACKUP,
};

const MEANINGS = new Map<number, Meaning>([
  [1, { code: REFUSED, message: 'the device reported an internal error', hint: RESTART }],
  [
    2,
    {
      code: REFUSED,
      message: 'the device reported several errors at once',
      hint: 'Try again: it goes on where it stopped.',
    },
  ],
  [3, { code: REFUSED, message: 'the device still holds the remains of an earlier attempt', hint: RESTART }],
  [4, DAMAGED],
  [5, DAMAGED],
  [6, DAMAGED],
  [7, DAMAGED],
  [8, { code: REFUSED, message: 'the device wanted something this program does not know', hint: 'Update Holdfast.' }],
  [
    9,
    {
      code: REFUSED,
      message: 'files changed on the device while it sent them',
      hint: 'Leave the device alone for a while and try again.',
    },
  ],
  [11, DAMAGED],
  [
    14,
    {
      code: REFUSED,
      message: 'the device is busy with another backup or restore',
      hint: 'Wait until it has finished and try again.',
    },
  ],
  [
    22,
    {
      code: REFUSED,
      message: 'a profile on the device forbids this',
      hint: 'Ask whoever manages the device (Settings › General › VPN & Device Management).',
    },
  ],
  [
    25,
    {
      code: REFUSED,
      message: 'the device is being restored from iCloud',
      hint: 'Wait until it has finished and try again.',
    },
  ],
  [
    100,
    {
      code: REFUSED,
      message: 'the device could not exchange data with this computer',
      hint: 'Reconnect it and try again: it goes on where it stopped.',
    },
  ],
  [101, { code: REFUSED, message: 'the device could not read its own list of files', hint: RESTART }],
  [102, { code: REFUSED, message: 'the device could not prepare its storage', hint: RESTART }],
  [103, { code: REFUSED, message: 'the device could not read the backup on this computer', hint: CHECK_BACKUP }],
  [
    104,
    {
      code: REFUSED,
      message: 'the device could not write its backup to this computer',
      hint: 'Check that the disk has space and is in order, and try again: it goes on where it stopped.',
    },
  ],
  [
    105,
    {
      code: 'OUT_OF_SPACE',
      message: 'there is not enough space on this computer for the backup',
      hint: 'Free some space, or keep the backups on a larger disk.',
    },
  ],
  [
    106,
    {
      code: REFUSED,
      message: 'there is not enough space on the device',
      hint: 'Free some space on the device and try again.',
    },
  ],
  [
    202,
    {
      code: 'CANCELLED',
      message: 'the device cancelled',
      hint: 'Start again when it suits: it goes on where it stopped.',
    },
  ],
  [
    203,
    {
      code: REFUSED,
      message: 'the backup was made by a newer iOS than the device has',
      hint: 'Update the device and try again.',
    },
  ],
  [204, { code: REFUSED, message: 'the device found no finished backup', hint: 'Choose another backup.' }],
  [205, { code: REFUSED, message: 'the device found files missing from the backup', hint: CHECK_BACKUP }],
  [
    207,
    {
      code: 'WRONG_PASSWORD',
      message: 'the backup password is wrong or missing',
      hint: 'Enter the password that was set when encryption was turned on for this device.',
    },
  ],
  [
    208,
    {
      code: 'PASSCODE_NOT_ENTERED',
      message: 'the passcode was not entered on the device',
      hint: 'Start again, and enter the passcode on the device when it asks.',
    },
  ],
  [
    210,
    {
      code: REFUSED,
      message: 'the device is not signed in to iCloud',
      hint: 'Sign in on the device, or leave iCloud Backup as it is.',
    },
  ],
  [
    211,
    {
      code: REFUSED,
      message: 'Find My must be turned off first',
      hint: 'Turn it off on the device: Settings › your name › Find My.',
    },
  ],
  [
    212,
    {
      code: REFUSED,
      message: 'the device has not been set up yet',
      hint: 'Finish the setup on the device and try again.',
    },
  ],
]);
