import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '../../../../src/contract/index.ts';
import { overviewQuery } from '../../api/queries.ts';
import { jobWords } from '../../words/jobs.ts';
import { useWords } from '../../words/words.ts';
import { nameOfJob } from './name-of-job.ts';

/** Reads out what changes: that something began, asks for the passcode, or ended. Progress is not read out. */
export function JobNews({ jobs }: { readonly jobs: readonly Job[] }) {
  const words = useWords(jobWords);
  const { data: overview } = useQuery(overviewQuery);
  const told = useRef<ReadonlyMap<string, string> | undefined>(undefined);
  const [news, setNews] = useState('');
  useEffect(() => {
    const now = new Map(jobs.map((job) => [job.id, `${job.state} ${job.asksPasscode}`]));
    const before = told.current;
    const changed = before && jobs.find((job) => before.get(job.id) !== now.get(job.id));
    told.current = now;
    if (!changed) return;
    const name = overview?.devices.find(({ udid }) => udid === changed.udid)?.name ?? words.thisDevice;
    setNews(
      changed.asksPasscode
        ? words.askTitle(name)
        : `${nameOfJob(changed, overview, words)}: ${words.states[changed.state]}`,
    );
  }, [jobs, overview, words]);
  return (
    <p className="unseen" role="status" aria-live="polite">
      {news}
    </p>
  );
}
