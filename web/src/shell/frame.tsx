import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../api/queries.ts';
import { useLiveEvents } from '../api/use-live-events.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useFormats } from '../telling/use-formats.ts';
import { shellWords } from '../words/shell.ts';
import { useWords } from '../words/words.ts';
import { Mark } from './mark.tsx';
import { JobSheet } from './jobs/job-sheet.tsx';
import { JobSheetContext } from './jobs/job-sheet-context.ts';
import { useRole, useSession } from './session.ts';
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

interface Entry {
  readonly to: string;
  readonly icon: IconName;
  readonly label: string;
  readonly count?: number;
}

function Navigation() {
  const words = useWords(shellWords);
  const administrator = useRole('administrator');
  const { data: alarms = 0 } = useQuery({ ...overviewQuery, select: (overview) => overview.alarms.length });
  const entries: Entry[] = [
    { to: '/', icon: 'home', label: words.devices },
    { to: '/alarms', icon: 'bell', label: words.alarms, count: alarms },
    ...(administrator ? ([{ to: '/settings', icon: 'settings', label: words.settings }] as const) : []),
    ...(administrator ? ([{ to: '/accounts', icon: 'people', label: words.accounts }] as const) : []),
    { to: '/you', icon: 'person', label: words.you },
  ];
  return (
    <nav className={styles.navigation} aria-label={words.navigation}>
      <ul>
        {entries.map((entry) => (
          <li key={entry.to}>
            <NavigationLink {...entry} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function NavigationLink({ to, icon, label, count = 0 }: Entry) {
  const words = useWords(shellWords);
  const format = useFormats();
  const [location] = useLocation();
  const current = to === '/' ? location === '/' || location.startsWith('/devices') : location.startsWith(to);
  return (
    <Link href={to} className={styles.link} aria-current={current ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{label}</span>
      {count > 0 && (
        <span className={styles.count}>
          {format.number(count)}
          <span className="unseen"> {words.open}</span>
        </span>
      )}
    </Link>
  );
}
