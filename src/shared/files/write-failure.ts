import { AppError, systemErrorCode } from '../errors.ts';

/**
 * What a write failed with, as an error that a person can act on: OUT_OF_SPACE or STORAGE_FAILED. What is no error of the
 * system passes through.
 *
 * @param message what could not be written.
 * @param hint what to look at where there is room.
 */
export function writeFailure(
  cause: unknown,
  message: string,
  hint: string,
  hintWhenFull = 'Free some space on that disk.',
): unknown {
  const systemCode = systemErrorCode(cause);
  if (systemCode === undefined) return cause;
  const details = { systemCode };
  return systemCode === 'ENOSPC' || systemCode === 'EDQUOT'
    ? new AppError('OUT_OF_SPACE', message, { hint: hintWhenFull, details, cause })
    : new AppError('STORAGE_FAILED', message, { hint, details, cause });
}
