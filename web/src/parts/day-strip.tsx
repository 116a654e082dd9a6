import type { DeviceOverview } from '../../../src/contract/index.ts';
import { writeDate } from '../telling/time.ts';
import { useFormats } from '../telling/use-formats.ts';
import { useLanguage } from '../words/language.ts';
import { dayStripWords } from '../words/day-strip.ts';
import { useWords } from '../words/words.ts';
import styles from './day-strip.module.css';

type Day = DeviceOverview['days'][number];

const STEP = 10;
const HEIGHT = 14;

/** The last days, a mark for each: a dot is a backup, a cross one that failed, a ring one nobody confirmed, a gap a gap. */
export function DayStrip({ days }: { readonly days: readonly Day[] }) {
  const words = useWords(dayStripWords);
  const language = useLanguage();
  const format = useFormats();
  const done = days.filter(({ state }) => state === 'done').length;
  return (
    <svg
      className={styles.strip}
      viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
      role="img"
      aria-label={words.summary(format.number(done), format.number(days.length))}
    >
      {days.map(({ day, state }, index) => (
        <g key={day} transform={`translate(${index * STEP + STEP / 2} ${HEIGHT / 2})`} className={styles[state]}>
          <title>{`${dateOf(day, language)}: ${words.states[state]}`}</title>
          {/* What the pointer meets, larger than the mark. */}
          <rect className={styles.field} x={-STEP / 2} y={-HEIGHT / 2} width={STEP} height={HEIGHT} />
          {MARKS[state]}
        </g>
      ))}
    </svg>
  );
}

const MARKS: Readonly<Record<Day['state'], React.ReactNode>> = {
  done: <circle r="3.2" />,
  failed: <path d="m-2.6-2.6 5.2 5.2M2.6-2.6-2.6 2.6" />,
  'not-confirmed': <circle r="2.7" />,
  none: <path d="M-1 0h2" />,
};

/** A day without a time of day is that day wherever it is read. */
function dateOf(day: string, language: 'en' | 'de'): string {
  return writeDate(new Date(`${day}T12:00:00Z`), language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
}
