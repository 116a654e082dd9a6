import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useLiveEvents } from '../api/use-live-events.ts';
import { shellWords } from '../words/shell.ts';
import { useWords } from '../words/words.ts';
import { Mark } from './mark.tsx';
import { JobSheet } from './jobs/job-sheet.tsx';
import { JobSheetContext } from './jobs/job-sheet-context.ts';
import { Navigation } from './navigation.tsx';
import { useSession } from './session.ts';
import { Shortcuts } from './shortcuts.tsx';
import styles from './frame.module.css';

/** What surrounds every page: the way to the others, whether the service is heard, and what is running. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const words = useWords(shellWords);
  const connected = useLiveEvents();
  const { demo } = useSession();
  const [jobsOpen, setJobsOpen] = useState(false);
  const toggleJobs = useCallback(() => setJobsOpen((open) => !open), []);
  const control = useMemo(() => ({ open: () => setJobsOpen(true) }), []);
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {words.skip}
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          <Link href="/" className={styles.name}>
            <Mark />
            Holdfast
          </Link>
          <Navigation />
        </div>
        <div role="status">{!connected && <p className={styles.lost}>{words.lost}</p>}</div>
        {demo && <p className={styles.demo}>{words.demo}</p>}
      </header>
      <main id="content" tabIndex={-1} className={styles.main}>
        <JobSheetContext value={control}>{children}</JobSheetContext>
      </main>
      <JobSheet open={jobsOpen} onOpenChange={setJobsOpen} />
      <Shortcuts onToggleJobs={toggleJobs} />
    </div>
  );
}
