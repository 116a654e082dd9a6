import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '../../../../src/contract/index.ts';
import { jobsQuery, overviewQuery } from '../../api/queries.ts';
import { Icon } from '../../parts/icon.tsx';
import { Progress } from '../../parts/progress.tsx';
import { useFormats } from '../../telling/use-formats.ts';
import { jobWords } from '../../words/jobs.ts';
import { useWords } from '../../words/words.ts';
import { JobCard } from './job-card.tsx';
import { JobNews } from './job-news.tsx';
import { nameOfJob } from './name-of-job.ts';
import { endedIds, shownJobs } from './shown-jobs.ts';
import styles from './job-sheet.module.css';

interface JobSheetProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** What is running, on every page: folded up to one line, or open. It opens by itself when a device asks for its passcode. */
export function JobSheet({ open, onOpenChange }: JobSheetProps) {
  const words = useWords(jobWords);
  const [putAway, setPutAway] = useState<ReadonlySet<string>>();
  const { data } = useQuery(jobsQuery);
  if (data !== undefined && putAway === undefined) setPutAway(endedIds(data));
  const jobs = data ?? [];
  const shown = shownJobs(jobs, putAway ?? new Set());
  const asking = shown.find(({ asksPasscode }) => asksPasscode)?.id;
  useEffect(() => {
    if (asking !== undefined) onOpenChange(true);
  }, [asking, onOpenChange]);
  const dismiss = (id: string): void => setPutAway(new Set([...(putAway ?? []), id]));
  return (
    <>
      <JobNews jobs={jobs} />
      {shown.length > 0 && (
        <aside className={styles.sheet} aria-label={words.title}>
          <Handle jobs={shown} open={open} onToggle={() => onOpenChange(!open)} />
          {open && (
            <ul className={styles.jobs} id="jobs">
              {shown.map((job) => (
                <li key={job.id}>
                  <JobCard job={job} onDismiss={() => dismiss(job.id)} />
                </li>
              ))}
            </ul>
          )}
        </aside>
      )}
    </>
  );
}

interface HandleProps {
  readonly jobs: readonly Job[];
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** The line that is always there: what runs and how far it is. */
function Handle({ jobs, open, onToggle }: HandleProps) {
  const words = useWords(jobWords);
  const format = useFormats();
  const { data: overview } = useQuery(overviewQuery);
  const [first] = jobs;
  if (!first) return null;
  const name = nameOfJob(first, overview, words);
  const fraction = first.progress?.fraction;
  return (
    <button type="button" className={styles.handle} aria-expanded={open} aria-controls="jobs" onClick={onToggle}>
      <span className={styles.line}>
        <span className={styles.what}>
          {open ? words.title : jobs.length > 1 ? words.several(format.number(jobs.length)) : name}
        </span>
        {!open && jobs.length === 1 && (
          <span>
            {first.state === 'running' && fraction !== undefined && fraction > 0
              ? format.percent(Math.floor(fraction * 100))
              : words.states[first.state]}
          </span>
        )}
        <span className={open ? styles.opened : styles.folded}>
          <Icon name="down" />
        </span>
        <span className="unseen">{open ? words.fold : words.open}</span>
      </span>
      {!open && first.state === 'running' && <Progress fraction={fraction} label={name} />}
    </button>
  );
}
