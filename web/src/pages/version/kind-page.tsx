import type { ReactNode } from 'react';
import { classes } from '../../parts/classes.ts';
import { Page } from '../../parts/page.tsx';
import { useVersionTitle } from './version-title.ts';
import { useVersion } from './version.ts';
import styles from './kind-page.module.css';

interface KindPageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Where one step back leads; the shelf without it. */
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
  return (
    <div className={classes(styles.page, isInside && styles.inside)} data-inside={isInside || undefined}>
      <Page {...page} back={back ?? { to: base, label: title }}>
        {children}
      </Page>
    </div>
  );
}
