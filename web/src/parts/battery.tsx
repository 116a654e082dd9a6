import { useFormats } from '../telling/use-formats.ts';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { Icon } from './icon.tsx';
import styles from './battery.module.css';

interface BatteryProps {
  readonly percent: number;
  readonly onPower?: boolean | undefined;
}

/** How full it is, and whether it is being charged. */
export function Battery({ percent, onPower = false }: BatteryProps) {
  const words = useWords(partsWords);
  const format = useFormats();
  return (
    <span className={styles.battery}>
      <svg width="24" height="14" viewBox="0 0 24 14" aria-hidden="true" focusable="false">
        <rect className={styles.case} x="0.75" y="0.75" width="20" height="12.5" rx="3" />
        <path className={styles.case} d="M23 5v4" />
        <rect x="2.75" y="2.75" width={(16 * percent) / 100} height="8.5" rx="1.4" />
      </svg>
      <span className="unseen">{words.battery} </span>
      {format.percent(percent)}
      {onPower && (
        <>
          <Icon name="bolt" size={14} />
          <span className="unseen">{words.onPower}</span>
        </>
      )}
    </span>
  );
}
