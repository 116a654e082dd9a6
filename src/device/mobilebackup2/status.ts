/** What went wrong on our side, in the words DeviceLink has for it. */
import type { PlistDictionary } from '../../formats/index.ts';
import { TargetError, type TargetErrorReason } from '../../shared/target/backup-target.ts';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import { DL_STATUS, encodeStatusResponse } from '../devicelink/messages.ts';

export interface Failure {
  /** A DL_STATUS, negative. */
  readonly status: number;
  readonly text: string;
}

/** The answer to an operation that did what was asked. */
export const OK_ANSWER = (): Buffer => encodeStatusResponse(DL_STATUS.ok);

/**
 * The status for an error a target threw.
 *
 * @throws `error` itself when it is no failure of storage but a bug, or the end of the job.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof TargetError) return { status: REASONS[error.reason], text: error.message };
  if (isAppError(error, 'OUT_OF_SPACE')) return { status: DL_STATUS.noSpace, text: error.message };
  if (isAppError(error, 'STORAGE_FAILED', 'SNAPSHOT_CORRUPT', 'FORMAT_INVALID')) {
    return { status: DL_STATUS.io, text: error.message };
  }
  const code = systemErrorCode(error);
  if (code === undefined || code.startsWith('ERR_')) throw error;
  return { status: SYSTEM_CODES[code] ?? DL_STATUS.io, text: code };
}

/** The answer to an operation on one item that failed. */
export function encodeFailure(failure: Failure): Buffer {
  return encodeStatusResponse(failure.status, failure.text);
}

/**
 * The answer to an operation on many items, by the path as the device spelled it. A disk that is full is told alone:
 * the device makes "not enough space" of it, and "several errors" of a list. Without any failure the list is empty,
 * not absent, as in the answers of every host that is known to work.
 */
export function encodeFailures(failures: ReadonlyMap<string, Failure>): Buffer {
  if (failures.size === 0) return encodeStatusResponse(DL_STATUS.ok, '', {});
  for (const failure of failures.values()) {
    if (failure.status === DL_STATUS.noSpace) return encodeFailure(failure);
  }
  const entries = [...failures].map(([path, { status, text }]): [string, PlistDictionary] => [
    path,
    { DLFileErrorCode: status, DLFileErrorString: text },
  ]);
  return encodeStatusResponse(DL_STATUS.multiStatus, 'Multi status', Object.fromEntries(entries));
}

/**
 * What kept this computer's side from doing its part, if anything did: the reason behind the error that a device
 * reports afterwards.
 */
export class HostTrouble {
  #error: AppError | undefined;

  get error(): AppError | undefined {
    return this.#error;
  }

  /** A full disk outweighs any other failure; otherwise the first one counts. */
  note(error: unknown, failure: Failure): void {
    if (failure.status === DL_STATUS.noSpace) {
      if (this.#error?.code !== 'OUT_OF_SPACE') this.#error = outOfSpace(error);
    } else if (failure.status === DL_STATUS.io) {
      this.#error ??= appErrorIn(error) ?? storageFailed(error, failure);
    }
  }
}

/** What the target itself says it is, where it says more than that reading or writing failed. */
function appErrorIn(error: unknown): AppError | undefined {
  if (isAppError(error)) return error;
  return error instanceof TargetError && isAppError(error.cause) ? error.cause : undefined;
}

function outOfSpace(error: unknown): AppError {
  if (isAppError(error)) return error;
  return new AppError('OUT_OF_SPACE', 'the disk is full', {
    hint: 'Free some space and start again: the backup goes on where it stopped.',
    cause: error,
  });
}

function storageFailed(error: unknown, failure: Failure): AppError {
  return new AppError('STORAGE_FAILED', 'the disk answered with an error', {
    hint: 'Check that the disk is connected and in order, and start again.',
    details: { reason: failure.text.slice(0, 200) },
    cause: error,
  });
}

const REASONS: Readonly<Record<TargetErrorReason, number>> = {
  'not-found': DL_STATUS.notFound,
  exists: DL_STATUS.exists,
  'not-a-directory': DL_STATUS.notADirectory,
  'is-a-directory': DL_STATUS.isADirectory,
  'invalid-path': DL_STATUS.invalidArgument,
  unsupported: DL_STATUS.unimplemented,
  'no-space': DL_STATUS.noSpace,
  io: DL_STATUS.io,
};

const SYSTEM_CODES: Readonly<Record<string, number>> = {
  ENOENT: DL_STATUS.notFound,
  EEXIST: DL_STATUS.exists,
  ENOTDIR: DL_STATUS.notADirectory,
  EISDIR: DL_STATUS.isADirectory,
  ELOOP: DL_STATUS.loop,
  ENOSPC: DL_STATUS.noSpace,
  EDQUOT: DL_STATUS.noSpace,
};
