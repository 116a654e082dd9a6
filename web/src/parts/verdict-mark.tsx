import type { Verdict } from '../../../src/contract/index.ts';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { classes } from './classes.ts';
import styles from './verdict-mark.module.css';

interface VerdictMarkProps {
  readonly verdict: Verdict;
  /** The word is always there for those who listen; it may stay unseen where a sentence beside it says the same. */
  readonly wordUnseen?: boolean;
  readonly size?: number;
}

/** How something stands: a shape of its own, a word, and only then a colour. */
export function VerdictMark({ verdict, wordUnseen = false, size = 20 }: VerdictMarkProps) {
  const { verdicts } = useWords(partsWords);
  return (
    <span className={classes(styles.mark, styles[verdict])}>
      <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        {SHAPES[verdict]}
      </svg>
      <span className={wordUnseen ? 'unseen' : undefined}>{verdicts[verdict]}</span>
    </span>
  );
}

/** A disc with a tick, a triangle, an octagon, a ring: to be told apart without any colour. */
const SHAPES: Readonly<Record<Verdict, React.ReactNode>> = {
  safe: (
    <>
      <circle cx="10" cy="10" r="9" />
      <path className={styles.sign} d="m6 10.3 2.7 2.7L14 7.6" />
    </>
  ),
  attention: (
    <>
      <path d="M10 1.2 19.2 18a.6.6 0 0 1-.5.9H1.3a.6.6 0 0 1-.5-.9Z" />
      <path className={styles.sign} d="M10 7.5v5M10 15.6v.01" />
    </>
  ),
  'at-risk': (
    <>
      <path d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3Z" />
      <path className={styles.sign} d="m6.8 6.8 6.4 6.4M13.2 6.8l-6.4 6.4" />
    </>
  ),
  unknown: (
    <>
      <circle className={styles.ring} cx="10" cy="10" r="8" />
      <path className={styles.sign} d="M7.7 7.8a2.3 2.3 0 1 1 3.4 2c-.8.5-1.1.9-1.1 1.7M10 14.3v.01" />
    </>
  ),
};
