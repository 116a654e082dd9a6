import type { ReactNode } from 'react';
import { Outside } from '../linked-text.tsx';
import styles from './safari-page.module.css';

interface SiteProps {
  readonly title: string | undefined;
  readonly url: string;
  /** Only where a browser may open it. */
  readonly link: string | undefined;
  readonly facts?: readonly ReactNode[];
}

/** A page of the web: its name, its address, and what else is known. */
export function Site({ title, url, link, facts = [] }: SiteProps) {
  const name = title === undefined || title === '' ? url : title;
  const shown = facts.filter((fact) => fact !== undefined && fact !== false);
  return (
    <li className={styles.site}>
      <span className={styles.name}>
        {link === undefined ? (
          <bdi>{name}</bdi>
        ) : (
          <Outside to={link}>
            <bdi>{name}</bdi>
          </Outside>
        )}
      </span>
      <span className={styles.url} dir="ltr">
        {url}
      </span>
      {shown.length > 0 && (
        <span className={styles.facts}>
          {shown.map((fact, index) => (
            <span key={index}>{fact}</span>
          ))}
        </span>
      )}
    </li>
  );
}
