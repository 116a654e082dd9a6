import { useFormats } from '../telling/use-formats.ts';
import styles from './progress.module.css';

interface ProgressProps {
  /** Of the whole, 0 to 1; left out where it cannot be told. */
  readonly fraction?: number | undefined;
  /** What it is the progress of. */
  readonly label: string;
}

/** How far something is. Say beside it what is being done: a bar alone tells nobody anything. */
export function Progress({ fraction, label }: ProgressProps) {
  const format = useFormats();
  if (fraction === undefined) return <progress className={styles.progress} aria-label={label} />;
  // Rounded down: nothing is said to be complete before it is.
  const told = format.percent(Math.floor(fraction * 100));
  return <progress className={styles.progress} value={fraction} aria-label={label} aria-valuetext={told} />;
}
