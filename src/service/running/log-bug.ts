import type { Logger } from '../../shared/logger.ts';

/** What is no AppError is a mistake of ours: the service goes on, and the log keeps the stack. */
export function logBug(logger: Logger, error: unknown): void {
  logger.error('something failed in a way it should not have', {
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
