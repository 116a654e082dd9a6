import { isAppError } from '../errors.ts';

/**
 * What went wrong first, where closing things afterwards failed as well: a full disk also keeps a vault from being
 * closed in order, and nobody is helped by hearing it twice. A mistake of ours in closing stays to be seen.
 */
export function firstError(error: unknown): unknown {
  let first = error;
  while (first instanceof SuppressedError && isAppError(first.error)) first = first.suppressed;
  return first;
}
