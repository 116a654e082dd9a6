import { useSyncExternalStore, type ReactNode } from 'react';
import { classes } from '../../parts/classes.ts';
import { Page } from '../../parts/page.tsx';
import { useVersionTitle } from './version-title.ts';
import { useVersion } from './version.ts';
import styles from './kind-page.module.css';

interface KindPageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Where one step back leads on a phone, where the list is a page of its own; else it is the shelf. */
  readonly back?: { readonly to: string; readonly label: string } | undefined;
  readonly wide?: boolean;
  /** Something was chosen from a list: on a phone it gets the whole window, and its own heading stands for the page's. */
  readonly isInside?: boolean;
  readonly children: ReactNode;
}

/** A page of a version: one step back is the shelf, named by the device and the day. */
export function KindPage({ back, isInside = false, children, ...page }: KindPageProps) {
  const { base, summary } = useVersion();
  const title = useVersionTitle(summary);
  const isNarrow = useNarrow();
  return (
    <div className={classes(styles.page, isInside && styles.inside)} data-inside={isInside || undefined}>
      <Page {...page} back={(isNarrow ? back : undefined) ?? { to: base, label: title }}>
        {children}
      </Page>
    </div>
  );
}

/** As the panes have it: panes.module.css. */
const NARROW = matchMedia('(width < 48rem)');

function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      NARROW.addEventListener('change', listener);
      return () => NARROW.removeEventListener('change', listener);
    },
    () => NARROW.matches,
  );
}
