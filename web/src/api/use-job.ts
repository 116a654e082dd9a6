import { useQuery } from '@tanstack/react-query';
import type { Job } from '../../../src/contract/index.ts';
import { jobsQuery } from './queries.ts';

/** A job as it stands now; live events keep it fresh. Undefined where there is none. */
export function useJob(id: string | undefined): Job | undefined {
  const { data } = useQuery(jobsQuery);
  return id === undefined ? undefined : data?.find((job) => job.id === id);
}
