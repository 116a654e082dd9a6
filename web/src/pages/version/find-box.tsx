import styles from './find-box.module.css';

interface FindBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (typed: string) => void;
}

/** Above a list, for those of it that hold a word. */
export function FindBox({ label, value, onChange }: FindBoxProps) {
  return (
    <input
      type="search"
      className={styles.find}
      value={value}
      maxLength={100}
      aria-label={label}
      placeholder={label}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
