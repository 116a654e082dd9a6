import { AppError } from '../../shared/errors.ts';

/** The error for a list that cannot be read. */
export function corruptList(sha256: string, why: string, offset = 0): AppError {
  return new AppError('SNAPSHOT_CORRUPT', `the file list ${sha256.slice(0, 12)} is damaged: ${why}`, {
    hint: 'Snapshots that share this list cannot be read; restore the file from a copy of the vault, or back up again.',
    details: { list: sha256, offset },
  });
}
