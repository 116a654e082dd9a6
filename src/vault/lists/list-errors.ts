import { AppError, isAppError } from '../../shared/errors.ts';

/** The error for a list that cannot be read. */
export function corruptList(sha256: string, why: string, offset = 0): AppError {
  return new AppError('SNAPSHOT_CORRUPT', `the file list ${sha256.slice(0, 12)} is damaged: ${why}`, {
    hint: 'Snapshots that share this list cannot be read; restore the file from a copy of the vault, or back up again.',
    details: { list: sha256, offset },
  });
}

/** Whether a list cannot be had from a file: its bytes are not what they were, or the disk refuses to hand them out. */
export function isUnreadable(error: unknown): error is AppError {
  return isAppError(error, 'SNAPSHOT_CORRUPT') || (isAppError(error) && error.details['systemError'] === 'EIO');
}
