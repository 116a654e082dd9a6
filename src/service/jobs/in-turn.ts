import { isAppError } from '../../shared/errors.ts';
import { sentence } from '../../shared/text/sentence.ts';
import type { ServiceClock } from '../clock.ts';
import type { JobHandle } from './job-board.ts';

/** A command may take a minute, or two nights. */
const LOOK_AGAIN_MS = 15_000;

/**
 * Does the work of a job as soon as nobody else does the same: what a person has begun by a command comes to its end
 * first. Whatever the work has taken, it has given back while it waits.
 */
export async function inTurn<T>(
  handle: JobHandle,
  { clock }: { readonly clock: ServiceClock },
  work: () => Promise<T>,
): Promise<T> {
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error, 'ALREADY_RUNNING')) throw error;
      if (!isTold) handle.warn(`${sentence(error.message)} This begins when that has come to its end.`);
      handle.wait();
    }
    await clock.sleep(LOOK_AGAIN_MS, handle.signal);
  }
}
