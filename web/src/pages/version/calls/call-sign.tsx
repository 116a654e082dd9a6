import type { Call } from '../../../../../src/contract/index.ts';
import styles from './calls-page.module.css';

const PATHS: Readonly<Record<Call['outcome'], string>> = {
  answered: 'M18 6 7 17M7 9v8h8',
  connected: 'M6 18 17 7M9 7h8v8',
  missed: 'M4 8l8 8 8-8M4 13V8h5',
  'not-reached': 'M6 18 17 7M9 7h8v8M5 5l4 4M9 5 5 9',
  blocked: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM6.5 6.5l11 11',
};

/** Which way a call went, as a shape; the word stands beside it. */
export function CallSign({ outcome }: Pick<Call, 'outcome'>) {
  return (
    <svg className={styles.drawn} width={20} height={20} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[outcome]} />
    </svg>
  );
}
