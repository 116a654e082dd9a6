/** What remains of a backup that was not finished, and what is said about it. */
import { isEndedByDevice } from '../device/index.ts';
import { TargetError } from '../shared/target/backup-target.ts';
import { AppError, isAppError, type ErrorCode } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { Draft } from '../vault/index.ts';

/** Keeps the draft for the next attempt, unless there is nothing in it yet. Never fails: the first error counts. */
export async function leaveDraft(draft: Draft, { received, log }: { received: boolean; log: Logger }): Promise<void> {
  try {
    if (draft.resumed || received) await draft.close();
    else await draft.discard();
  } catch (error) {
    if (!isAppError(error)) throw error;
    log.warn('the draft could not be closed in order; it is kept up to its last checkpoint', { code: error.code });
  }
}

export interface EndFacts {
  readonly phase: string;
  readonly files: number;
  readonly bytes: number;
  /** How long the computer was asleep meanwhile. */
  readonly sleptMs: number;
}

/** The error a backup ends with, and how far it had come. What is no expected failure is passed on as it is. */
export function explainEnd(error: unknown, at: EndFacts): unknown {
  const known = error instanceof TargetError ? storageFailure(error) : error;
  if (!isAppError(known)) return error;
  const isLost = known.code === 'CONNECTION_LOST';
  const slept = isLost && at.sleptMs > 0;
  const hint = slept
    ? STAY_AWAKE
    : isLost && at.files > 0 && !isAsleep(known)
      ? GO_ON
      : isEndedByDevice(known) && at.files > 0
        ? COME_BACK
        : (known.hint ?? HINTS[known.code]);
  return new AppError(known.code, slept ? 'the connection did not survive that this computer slept' : known.message, {
    ...(hint === undefined ? {} : { hint }),
    details: {
      ...known.details,
      ...(slept ? { sleptSeconds: Math.round(at.sleptMs / 1000) } : {}),
      phase: at.phase,
      filesReceived: at.files,
      bytesReceived: at.bytes,
    },
    cause: known,
  });
}

/** For errors of layers that cannot know what a person could do about them. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  PROTOCOL_VIOLATION: 'Restart the device and start again; if it happens again, report it.',
  FORMAT_INVALID: 'Restart the device and start again; if it happens again, report it.',
};

const GO_ON = 'Check the cable or the Wi-Fi and start again: the backup goes on where it stopped.';

const COME_BACK =
  'Unlock the device and start again: the backup goes on where it stopped. Restart the device if it does not.';

const STAY_AWAKE = 'Keep it awake until the backup is done, and start again: it goes on where it stopped.';

/** The device said so: what helps is not the same as for a broken link. */
function isAsleep(error: AppError): boolean {
  return error.details['asleep'] === true;
}

function storageFailure(error: TargetError): AppError {
  if (error.reason === 'no-space') {
    return new AppError('OUT_OF_SPACE', 'the disk of the vault is full', {
      hint: 'Free some space and start again: the backup goes on where it stopped.',
      cause: error,
    });
  }
  return new AppError('STORAGE_FAILED', 'the vault could not be written', {
    hint: 'Check that its disk is connected and in order, and start again.',
    details: { reason: error.message.slice(0, 200) },
    cause: error,
  });
}
