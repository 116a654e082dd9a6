import type { ReactNode } from 'react';
import { Icon } from '../../../parts/icon.tsx';
import styles from './save-link.module.css';

interface SaveLinkProps {
  readonly url: string;
  readonly name: string;
  readonly onSaved: () => void;
  readonly children: ReactNode;
}

/** What was put together, for the browser to save; it can be fetched once. */
export function SaveLink({ url, name, onSaved, children }: SaveLinkProps) {
  return (
    <a className={styles.save} href={url} download={name} onClick={onSaved}>
      <Icon name="download" />
      {children}
    </a>
  );
}
