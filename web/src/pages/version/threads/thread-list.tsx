import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { writeDate } from '../../../telling/time.ts';
import { useNow } from '../../../telling/use-now.ts';
import { useLanguage, type Language } from '../../../words/language.ts';
import { classes } from '../../../parts/classes.ts';
import link from '../../../parts/list-link.module.css';
import styles from './thread-list.module.css';

interface ListedThread {
  readonly id: string;
  readonly address: string;
  readonly title: string;
  readonly at?: string | undefined;
  /** What was said last. */
  readonly line: string;
  readonly isChosen: boolean;
}

/** Conversations, the latest first. */
export function ThreadList({ threads }: { readonly threads: readonly ListedThread[] }) {
  const language = useLanguage();
  const now = useNow();
  return (
    <ul className={styles.list}>
      {threads.map(({ id, address, title, at, line, isChosen }) => (
        <li key={id}>
          <Link
            href={address}
            className={classes(link.link, styles.thread)}
            aria-current={isChosen ? 'page' : undefined}
          >
            <span className={link.title} dir="auto">
              {title}
            </span>
            {at !== undefined && (
              <time className={styles.time} dateTime={at}>
                {shortDay(new Date(at), now, language)}
              </time>
            )}
            <span className={classes(link.line, styles.line)} dir="auto">
              {line}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** The time today, the day this year, the date before. */
function shortDay(at: Date, now: Date, language: Language): string {
  if (at.toDateString() === now.toDateString()) return writeDate(at, language, { timeStyle: 'short' });
  if (at.getFullYear() === now.getFullYear()) return writeDate(at, language, { day: 'numeric', month: 'short' });
  return writeDate(at, language, { dateStyle: 'short' });
}

interface HeaderProps {
  readonly title: string;
  readonly facts: readonly string[];
  readonly actions?: ReactNode;
}

/** Above the messages of one conversation. */
export function ThreadHeader({ title, facts, actions }: HeaderProps) {
  return (
    <header className={styles.header}>
      <div className={styles.headWords}>
        <h2 dir="auto">{title}</h2>
        <p>{facts.join(' · ')}</p>
      </div>
      <div className={styles.actions}>{actions}</div>
    </header>
  );
}
