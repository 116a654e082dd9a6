import type { ReactNode } from 'react';
import { classes } from '../../parts/classes.ts';
import styles from './recording-item.module.css';
import { useLength } from './use-length.ts';
import { useWanted } from './use-wanted.ts';
import { When } from './when.tsx';

interface RecordingItemProps {
  readonly title: string;
  readonly at: string | undefined;
  readonly durationSeconds: number | undefined;
  /** What else is known of it, behind when and how long. */
  readonly facts: ReactNode;
  readonly player: ReactNode;
  /** What was said. */
  readonly children: ReactNode;
  /** Brought into sight and marked: somebody looked for it. */
  readonly isWanted?: boolean;
}

/** One recording in a list of them: what it is, its player beside that, what was said below. */
export function RecordingItem(props: RecordingItemProps) {
  const { title, at, durationSeconds, facts, player, children, isWanted = false } = props;
  const length = useLength();
  const element = useWanted<HTMLLIElement>(isWanted);
  return (
    <li ref={element} className={classes(styles.item, isWanted && styles.wanted)} aria-current={isWanted || undefined}>
      <div className={styles.head}>
        <h2 dir="auto">{title}</h2>
        <RecordingNote>
          {at !== undefined && <When at={at} />}
          {durationSeconds !== undefined && <span>{length(durationSeconds)}</span>}
          {facts}
        </RecordingNote>
      </div>
      <div className={styles.player}>{player}</div>
      <div className={styles.said}>{children}</div>
    </li>
  );
}

/** What is told of a recording, or in its place. */
export function RecordingNote({ children }: { readonly children: ReactNode }) {
  return <p className={styles.note}>{children}</p>;
}
