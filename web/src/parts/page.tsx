import { useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';
import { placePage } from './scroll-memory.ts';
import styles from './page.module.css';

interface PageProps {
  /** Heading of the page and name of its tab. */
  readonly title: string;
  /** Where one step back leads, and how that place is called. */
  readonly back?: { readonly to: string; readonly label: string } | undefined;
  /** One sentence under the title. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Takes the whole width: galleries, conversations. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

let navigated = false;

/** What every page begins with: its title, which takes the focus when one comes from another page. */
export function Page({ title, back, lead, actions, wide = false, children }: PageProps) {
  const words = useWords(partsWords);
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    if (navigated) {
      placePage();
      heading.current?.focus({ preventScroll: true });
    }
    navigated = true;
  }, []);
  return (
    <div className={classes(styles.page, wide && styles.wide)}>
      <header className={styles.header}>
        {back && (
          <Link href={back.to} className={styles.back}>
            <Icon name="back" size={18} />
            <span className="unseen">{words.back}: </span>
            {back.label}
          </Link>
        )}
        <div className={styles.line}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
        {lead && <p className={styles.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}

/** Names the tab after the page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'Holdfast' : `${title} · Holdfast`;
  }, [title]);
}

interface SectionProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with a heading of its own. */
export function Section({ title, lead, actions, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <div className={styles.line}>
        <h2>{title}</h2>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
      {lead && <p className={styles.lead}>{lead}</p>}
      {children}
    </section>
  );
}
