import type { ClockAlarm, Formats } from '../../../../../src/contract/index.ts';
import { writeDate } from '../../../telling/time.ts';
import type { Language } from '../../../words/language.ts';

type Days = NonNullable<ClockAlarm['repeats']>;

const WEEK: Days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

interface DayWords {
  readonly once: string;
  readonly daily: string;
  readonly weekdays: string;
  readonly weekends: string;
}

/** On which days an alarm rings: "on weekdays", "Mon, Wed and Sun". */
export function tellDays(days: Days, words: DayWords, language: Language, format: Pick<Formats, 'list'>): string {
  const chosen = WEEK.filter((day) => days.includes(day));
  const isAll = (wanted: Days): boolean => chosen.join() === wanted.join();
  if (chosen.length === 0) return words.once;
  if (isAll(WEEK)) return words.daily;
  if (isAll(WEEK.slice(0, 5))) return words.weekdays;
  if (isAll(WEEK.slice(5))) return words.weekends;
  return format.list(chosen.map((day) => nameOf(day, language)));
}

/** The first of January 2024 was a Monday. */
const nameOf = (day: Days[number], language: Language): string =>
  writeDate(new Date(2024, 0, 1 + WEEK.indexOf(day), 12), language, { weekday: 'short' });
