import { Link, useLocation } from 'wouter';
import { useQuery } from '@tanstack/react-query';
import { overviewQuery } from '../api/queries.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useFormats } from '../telling/use-formats.ts';
import { shellWords } from '../words/shell.ts';
import { useWords } from '../words/words.ts';
import { useRole } from './session.ts';
import styles from './navigation.module.css';

interface Entry {
  readonly to: string;
  readonly icon: IconName;
  readonly label: string;
  readonly count?: number;
}

/** The way to the main pages; five at most, so that they fit under a thumb. */
export function Navigation() {
  const words = useWords(shellWords);
  const administrator = useRole('administrator');
  const { data: alarms = 0 } = useQuery({ ...overviewQuery, select: (overview) => overview.alarms.length });
  const entries: Entry[] = [
    { to: '/', icon: 'home', label: words.devices },
    { to: '/alarms', icon: 'bell', label: words.alarms, count: alarms },
    ...(administrator ? ([{ to: '/settings', icon: 'settings', label: words.settings }] as const) : []),
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
