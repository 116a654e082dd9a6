import type { Job } from '../../../../src/contract/index.ts';

const ENDED: ReadonlySet<Job['state']> = new Set<Job['state']>(['done', 'failed', 'cancelled', 'not-confirmed']);

export function hasEnded(job: Job): boolean {
  return ENDED.has(job.state);
}

/**
 * What the sheet shows: whatever runs, the one that asks for something first; and what ended since the page was opened,
 * until somebody puts it away.
 *
 * @param openedAt when the page was opened; what ended before is history.
 */
export function shownJobs(jobs: readonly Job[], dismissed: ReadonlySet<string>, openedAt: Date): Job[] {
  return jobs
    .filter((job) => !hasEnded(job) || (isNews(job, openedAt) && !dismissed.has(job.id)))
    .toSorted((a, b) => rank(a) - rank(b) || b.startedAt.localeCompare(a.startedAt));
}

function isNews(job: Job, openedAt: Date): boolean {
  return job.endedAt !== undefined && new Date(job.endedAt) >= openedAt;
}

function rank(job: Job): number {
  if (job.asksPasscode) return 0;
  if (job.state === 'running') return 1;
  return job.state === 'waiting' ? 2 : 3;
}
