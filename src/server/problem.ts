import { z } from 'zod';
import type { Problem } from '../contract/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { firstError } from '../shared/flow/first-error.ts';
import type { Logger } from '../shared/logger.ts';

export interface Failure {
  readonly status: number;
  readonly problem: Problem;
  /** For 429 and 503. */
  readonly retryAfterSeconds: number | undefined;
}

/** Nobody reads it: whatever went wrong did so because the client is no longer there. */
const GONE = new AppError('CANCELLED', 'the client went away');

const BUG: Problem = {
  code: 'BUG',
  message: 'Holdfast failed in a way it should not have',
  hint: 'The log of the service says more. Please report it.',
};

/** What a thrown thing is outside the process. Bugs go into the log with their stack and tell nothing to the client. */
export function failureOf(
  thrown: unknown,
  log: Logger,
  facts: { method: string; path: string; isGone: boolean },
): Failure {
  const error = facts.isGone ? GONE : firstError(thrown);
  if (isAppError(error))
    return { status: error.httpStatus, problem: problemOf(error), retryAfterSeconds: retryAfter(error) };
  log.error('a request failed with a bug', {
    method: facts.method,
    path: facts.path,
    stack: error instanceof Error ? error.stack : String(error),
  });
  return { status: 500, problem: BUG, retryAfterSeconds: undefined };
}

function problemOf(error: AppError): Problem {
  const problem: Problem = { code: error.code, message: error.message };
  if (error.hint !== undefined) problem.hint = error.hint;
  if (Object.keys(error.details).length > 0) problem.details = { ...error.details };
  return problem;
}

function retryAfter({ code, details }: AppError): number | undefined {
  const seconds = details['retryAfterSeconds'];
  return code === 'TOO_MANY_TRIES' && typeof seconds === 'number' ? seconds : undefined;
}

/**
 * What a client sent, read by its schema.
 *
 * @throws {AppError} USAGE naming the first thing that is wrong. Values are not repeated: they may be secrets.
 */
export function readAs(schema: z.ZodType, value: unknown, where: 'path' | 'query' | 'body'): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? where : `${where}: ${issue.path.join('.')}`;
  throw new AppError('USAGE', `what was sent is not understood (${at}: ${issue?.message ?? 'not as expected'})`, {
    hint: '/api/v1/openapi.json says what is taken.',
  });
}
