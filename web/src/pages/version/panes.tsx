import type { ReactNode } from 'react';
import { classes } from '../../parts/classes.ts';
import styles from './panes.module.css';

interface PanesProps {
  readonly list: ReactNode;
  readonly listLabel: string;
  /** What was chosen from the list; a hint where nothing was. */
  readonly detail: ReactNode;
  readonly detailLabel: string;
  /** On a phone one of the two is shown: the detail where something was chosen. */
  readonly isChosen: boolean;
  /** The detail scrolls by itself. */
  readonly ownScroll?: boolean;
}

/** Two panes side by side as on a tablet; on a phone one after the other. */
export function Panes({ list, listLabel, detail, detailLabel, isChosen, ownScroll = false }: PanesProps) {
  return (
    <div className={classes(styles.panes, isChosen && styles.chosen)}>
      {/* What scrolls can be reached with the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.list} aria-label={listLabel} tabIndex={0}>
        {list}
      </section>
      {ownScroll ? (
        <section className={classes(styles.detail, styles.own)} aria-label={detailLabel}>
          {detail}
        </section>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <section className={styles.detail} aria-label={detailLabel} tabIndex={0}>
          {detail}
        </section>
      )}
    </div>
  );
}
