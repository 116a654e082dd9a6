import { AppError } from '../shared/errors.ts';
import { EventQueue } from './event-queue.ts';

/**
 * Runs a job and hands out what it tells, as it tells it. Leaving the iteration ends the job with CANCELLED, and waits
 * until it has ended.
 *
 * @param run gets `left`, which is aborted when the iteration is left.
 * @throws what the job fails with, after everything it told before.
 */
export async function* eventsOfJob<T extends { readonly event: string }>(
  run: (tell: (event: T) => void, left: AbortSignal) => Promise<void>,
): AsyncGenerator<T, void> {
  const events = new EventQueue<T>();
  const left = new AbortController();
  const job = run((event) => events.push(event), left.signal).then(
    () => events.end(),
    (error: unknown) => events.fail(error),
  );
  try {
    yield* events;
  } finally {
    left.abort(new AppError('CANCELLED', 'stopped'));
    await job;
  }
}
