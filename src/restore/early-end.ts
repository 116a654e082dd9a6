import { isEndedByDevice } from '../device/index.ts';
import { AppError, isAppError, type ErrorCode } from '../shared/errors.ts';
import type { RestorePhase } from './events.ts';

/** How far a restore had come when it ended. */
export interface Reached {
  readonly phase: RestorePhase;
  readonly files: number;
  readonly bytes: number;
}

/**
 * The error a restore ends with, how far it had come, and what state the device is in. What is no expected failure is
 * passed on as it is.
 */
export function explainEnd(error: unknown, at: Reached): unknown {
  if (!isAppError(error)) return error;
  const isDamage = error.code === 'SNAPSHOT_CORRUPT' && typeof error.details['hash'] === 'string';
  const brokeOff = isEndedByDevice(error) || (BROKEN_OFF.has(error.code) && error.details['deviceCode'] === undefined);
  const hint = isDamage ? DAMAGED : brokeOff ? (hintFor(at) ?? error.hint) : (error.hint ?? HINTS[error.code]);
  return new AppError(error.code, isDamage ? 'a file of the backup is damaged on this computer' : error.message, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...error.details, phase: at.phase, filesSent: at.files, bytesSent: at.bytes },
    cause: error,
  });
}

/** The object of a vault that holds it is in the details. */
const DAMAGED =
  'What is on the device stays; restart it. `holdfast verify` tells which versions are affected: restore another one.';

/** Ends that say nothing of the device's state: the conversation just stopped. */
const BROKEN_OFF: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['CONNECTION_LOST', 'CANCELLED']);

/** A device puts a restore in place when it has all of it; before, it is as it was, with the remains of the attempt. */
function hintFor({ phase, files }: Reached): string | undefined {
  if (files === 0) return phase === 'connecting' ? undefined : 'Nothing on the device was changed; start again.';
  if (phase === 'applying' || phase === 'finishing') {
    return 'The device had everything already. If it restarts by itself and shows a bar, let it; else restart it and start again.';
  }
  return 'What is on the device stays until it has everything. Restart it, and start the restore again.';
}

/** For errors of layers that cannot know what a person could do about them. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  PROTOCOL_VIOLATION: 'Restart the device and start again; if it happens again, report it.',
  FORMAT_INVALID: 'Restart the device and start again; if it happens again, report it.',
};
