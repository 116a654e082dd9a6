import { Link } from 'wouter';
import styles from './tabs.module.css';

export interface Tab {
  readonly to: string;
  readonly label: string;
}

interface TabsProps {
  /** What they are the parts of. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** The `to` of the one that is shown. */
  readonly current: string;
}

/** Parts of a page, each with an address of its own: they can be linked to, and the browser's back goes through them. */
export function Tabs({ label, tabs, current }: TabsProps) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.to} ref={tab.to === current ? showWhole : undefined}>
            <Link href={tab.to} aria-current={tab.to === current ? 'page' : undefined}>
              {tab.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** On a narrow window the one that is shown may lie beyond the edge. */
function showWhole(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
}
