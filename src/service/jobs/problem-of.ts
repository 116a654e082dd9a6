import type { Problem } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';

const BUG: Problem = {
  code: 'BUG',
  message: 'Holdfast failed in a way it should not have',
  hint: 'Please report this with what the log of the service says.',
};

/** How an error is told outside. What is no AppError is a bug, and says nothing of what it was about. */
export function problemOf(error: unknown): Problem {
  if (!isAppError(error)) return BUG;
  const { code, message, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
