import styles from './mark.module.css';

/** The mark of Holdfast: a knot that holds the tighter the more it is pulled. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg className={styles.mark} viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <path d="M2 11.5h11a4.5 4.5 0 0 1 0 9H9.5a4 4 0 0 1-4-4" />
      <path d="M30 20.5H19a4.5 4.5 0 0 1 0-9h3.5a4 4 0 0 1 4 4" />
    </svg>
  );
}
