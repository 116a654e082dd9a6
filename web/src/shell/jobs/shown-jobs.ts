import type { Job } from '../../../../src/contract/index.ts';

const ENDED: ReadonlySet<Job['state']> = new Set<Job['state']>(['done', 'failed', 'cancelled', 'not-confirmed']);

export function hasEnded(job: Job): boolean {
  return ENDED.has(job.state);
}

/**
 * What the sheet shows: whatever runs, the one that asks for something first; and what has ended, until it is put away.
 *
 * @param putAway ids of what had ended when the page was opened, or was put away since.
 */
export function shownJobs(jobs: readonly Job[], putAway: ReadonlySet<string>): Job[] {
  return jobs
    .filter((job) => !hasEnded(job) || !putAway.has(job.id))
    .toSorted((a, b) => rank(a) - rank(b) || b.startedAt.localeCompare(a.startedAt));
}

/** What had ended when the first list came: that is history, and not told as news. */
export function endedIds(jobs: readonly Job[]): ReadonlySet<string> {
  return new Set(jobs.filter(hasEnded).map(({ id }) => id));
}

function rank(job: Job): number {
  if (job.asksPasscode) return 0;
  if (job.state === 'running') return 1;
  return job.state === 'waiting' ? 2 : 3;
}
