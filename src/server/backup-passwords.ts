import type { Job } from '../contract/index.ts';
import { isAppError } from '../shared/errors.ts';
import type { Attempt } from './accounts/attempts.ts';
import type { ServerContext } from './context.ts';
import type { Principal } from './principal.ts';

/** Who tries, and where that is counted: what a route is called with. */
interface Asked {
  readonly principal: Principal;
  readonly context: Pick<ServerContext, 'accounts' | 'service'>;
}

/**
 * Tries the backup password of a device. Unlocking, printing, restoring and checking share one limit for each account and
 * device: whoever guesses gains nothing by guessing elsewhere.
 *
 * @param proves whether what came of it shows that the password was right, not only that none was needed.
 * @throws {AppError} TOO_MANY_TRIES, and what `tryIt` throws; a WRONG_PASSWORD of it counts.
 */
export async function tryBackupPassword<T>(
  asked: Asked,
  udid: string,
  tryIt: () => Promise<T>,
  proves: (outcome: T) => boolean,
): Promise<T> {
  const attempt = begin(asked, udid);
  try {
    const outcome = await tryIt();
    if (proves(outcome)) attempt.right();
    else attempt.untried();
    return outcome;
  } catch (error) {
    if (!isAppError(error, 'WRONG_PASSWORD')) attempt.untried();
    throw error;
  }
}

/**
 * The same where a job tries it: it counts until the job is over, and from then on if it was wrong. That it was right is
 * not proven by a job that succeeds: its keys may have been known, or not needed.
 *
 * @param udids of the devices whose passwords were given.
 */
export async function tryBackupPasswordsInJob(
  asked: Asked,
  udids: Iterable<string>,
  start: () => Promise<Job>,
): Promise<Job> {
  const attempts = [...new Set(udids)].map((udid) => begin(asked, udid));
  const end = (code: string | undefined): void => {
    if (code !== 'WRONG_PASSWORD') for (const attempt of attempts) attempt.untried();
  };
  let job: Job;
  try {
    job = await start();
  } catch (error) {
    end(isAppError(error) ? error.code : undefined);
    throw error;
  }
  if (attempts.length > 0) void asked.context.service.waitForJob(job.id).then((ended) => end(ended?.problem?.code));
  return job;
}

const begin = ({ context, principal }: Asked, udid: string): Attempt =>
  context.accounts.countTry(`backup password of ${udid}`, principal);
