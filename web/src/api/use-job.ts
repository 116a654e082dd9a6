import { useMutation, useQuery } from '@tanstack/react-query';
import type { Job } from '../../../src/contract/index.ts';
import { hasEnded } from '../shell/jobs/shown-jobs.ts';
import { ApiProblem } from './api.ts';
import { jobsQuery } from './queries.ts';

interface StartedJob {
  /** As it stands now; live events keep it fresh. Undefined until it was begun. */
  readonly job: Job | undefined;
  readonly start: () => void;
  readonly isRunning: boolean;
  /** Why it could not begin, or how it failed. */
  readonly error: Error | null;
}

/** A job that a page begins and follows to its end. */
export function useStartedJob(begin: () => Promise<Job>): StartedJob {
  const { mutate, data, isPending, error } = useMutation({ mutationFn: begin });
  const { data: jobs } = useQuery(jobsQuery);
  const job = jobs?.find(({ id }) => id === data?.id) ?? data;
  const problem = job?.problem === undefined ? null : new ApiProblem(0, job.problem);
  return {
    job,
    start: () => mutate(),
    isRunning: isPending || (job !== undefined && !hasEnded(job)),
    error: error ?? problem,
  };
}
