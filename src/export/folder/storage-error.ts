import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { hintOfRefusal } from '../../shared/files/refused-by-disk.ts';

/** A failure to write an export, as OUT_OF_SPACE or STORAGE_FAILED; what is not the file system's passes through. */
export function exportStorageError(error: unknown, path: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const options = { cause: error, details: { path, systemError: code } };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('OUT_OF_SPACE', `the disk is full: could not write ${path}`, {
      ...options,
      hint: 'Make room on the disk you are writing to, or choose a folder on another one.',
    });
  }
  return new AppError('STORAGE_FAILED', `could not write ${path} (${code})`, {
    ...options,
    hint: hintOfRefusal(code, path) ?? hintFor(code),
  });
}

function hintFor(code: string): string {
  if (code === 'EROFS') return 'The disk is mounted read-only: choose a folder on another one.';
  if (code === 'EACCES' || code === 'EPERM') return 'Choose a folder that you may write into.';
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'Choose a folder; there is a file of that name.';
  return 'Check that the disk is connected and healthy, then run this again.';
}
