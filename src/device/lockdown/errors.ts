/** What lockdownd's error strings mean to the person in front of the phone. */
import { AppError, type ErrorCode } from '../../shared/errors.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const UNTRUSTED: Meaning = {
  code: 'DEVICE_NOT_TRUSTED',
  message: 'the device does not trust this computer (any more)',
  hint: 'Pair it: connect it with a cable, unlock it, run “holdfast pair” and answer “Trust” on its screen.',
};

const MANAGED: Meaning = {
  code: 'DEVICE_REFUSED',
  message: 'the management profile of the device does not allow this',
  hint: 'Ask whoever manages the device to allow pairing and backups with this computer.',
};

/** Whoever keeps sessions opens another one. */
const SESSION_OVER: Meaning = {
  code: 'CONNECTION_LOST',
  message: 'the device has ended the session',
  hint: 'Try again; connect the device again if that does not help.',
};

/** Nobody has opened its keys yet, and neither can the escrow bag. */
const NOT_UNLOCKED_YET: Meaning = {
  code: 'DEVICE_LOCKED',
  message: 'the device has not been unlocked since it was restarted',
  hint: 'Unlock it once with its passcode; after that it may be locked again.',
};

const MEANINGS: Readonly<Record<string, Meaning>> = {
  PasswordProtected: {
    code: 'DEVICE_LOCKED',
    message: 'the device is locked',
    hint: 'Unlock it with its passcode and leave the screen on.',
  },
  PasscodeRequired: {
    code: 'DEVICE_LOCKED',
    message: 'the device asks for its passcode',
    hint: 'Unlock it with its passcode and leave the screen on.',
  },
  EscrowLocked: NOT_UNLOCKED_YET,
  SessionInactive: SESSION_OVER,
  InvalidSessionID: SESSION_OVER,
  InvalidHostID: UNTRUSTED,
  MissingHostID: UNTRUSTED,
  MissingPairRecord: UNTRUSTED,
  InvalidPairRecord: UNTRUSTED,
  SavePairRecordFailed: {
    code: 'DEVICE_REFUSED',
    message: 'the device could not store the pairing',
    hint: 'Restart the device and pair it again.',
  },
  UserDeniedPairing: {
    code: 'TRUST_REFUSED',
    message: 'somebody answered “Don’t Trust” on the device',
    hint: 'Unplug the device, plug it in again, and answer “Trust”.',
  },
  PairingDialogResponsePending: {
    code: 'DEVICE_NOT_TRUSTED',
    message: 'the device is asking whether to trust this computer',
    hint: 'Answer “Trust” on its screen and enter its passcode.',
  },
  PairingProhibitedOverThisConnection: {
    code: 'PAIRING_NEEDS_CABLE',
    message: 'the device accepts new computers over a cable only',
    hint: 'Connect it with a cable and pair it there once.',
  },
  FMiPProtected: {
    code: 'DEVICE_REFUSED',
    message: 'Find My protects the device',
    hint: 'Turn off Find My on the device: Settings, your name, Find My.',
  },
  MCProtected: MANAGED,
  MCChallengeRequired: MANAGED,
  InvalidService: {
    code: 'DEVICE_REFUSED',
    message: 'the device does not offer the service',
    hint: 'Unlock the device and try again; very old and managed devices lack some services.',
  },
  ServiceLimit: {
    code: 'DEVICE_REFUSED',
    message: 'too many programs use this service of the device at once',
    hint: 'Close other programs that talk to the device, or restart it.',
  },
  ServiceProhibited: {
    code: 'DEVICE_REFUSED',
    message: 'the device does not offer the service over this connection',
    hint: 'Connect the device with a cable.',
  },
  GetProhibited: {
    code: 'DEVICE_REFUSED',
    message: 'the device does not tell this without a trusted session',
    hint: 'Pair the device first.',
  },
};

/** The answers that mean "there is no such value", which is never a failure. */
const ABSENT = new Set(['MissingValue', 'MissingKey']);

/** Whether an error only says that a value does not exist. */
export function isAbsence(answer: string): boolean {
  return ABSENT.has(answer);
}

/**
 * @param answer the string under `Error`; kept in the details as `deviceCode`.
 * @param request what was asked ("StartSession", "StartService com.apple.afc").
 */
export function lockdownError(answer: string, request: string): AppError {
  const known = meaningOf(answer, request);
  const meaning = known ?? {
    code: 'DEVICE_REFUSED',
    message: `the device answered “${answer.slice(0, 100)}”`,
    hint: 'Unlock the device, connect it again and retry; restart it if that does not help.',
  };
  return new AppError(meaning.code, meaning.message, {
    hint: meaning.hint,
    details: { deviceCode: answer.slice(0, 100), request },
  });
}

function meaningOf(answer: string, request: string): Meaning | undefined {
  // What iOS is seen to answer to an escrow bag before it is unlocked for the first time (libimobiledevice #561, #1078).
  if (answer === 'MissingValue' && request.startsWith('StartService')) return NOT_UNLOCKED_YET;
  return Object.hasOwn(MEANINGS, answer) ? MEANINGS[answer] : undefined;
}
