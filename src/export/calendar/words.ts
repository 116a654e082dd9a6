/** Times and rules as people say them. */
import { WEEKDAYS, type CalendarTime, type RecurrenceRule, type Weekday } from '../../content/index.ts';
import { wallClock, wallClockWithOffset } from '../../shared/time/time-zone.ts';
import { MONTHS } from '../text/times.ts';

const DAY_NAMES: Readonly<Record<Weekday, string>> = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
};
const UNITS = { daily: 'day', weekly: 'week', monthly: 'month', yearly: 'year' } as const;
const EVERY = { daily: 'every day', weekly: 'every week', monthly: 'every month', yearly: 'every year' } as const;

/** For tables and other programs: "2026-05-01", "2026-05-01T09:30:00" or "2026-05-01T09:30:00+02:00". */
export function isoTime(time: CalendarTime | null | undefined, timeZone: string): string | null | undefined {
  if (!time) return time;
  if (time.kind === 'date') return time.date;
  return time.kind === 'floating' ? time.local : wallClockWithOffset(time.timeZone ?? timeZone, time.at);
}

/** Where the time stands on the clocks of the reader: "2026-05-01T09:30:00", or the day alone. */
export function readersTime(time: CalendarTime, timeZone: string): string {
  if (time.kind === 'date') return time.date;
  return time.kind === 'floating' ? time.local : wallClock(timeZone, time.at);
}

/** "Friday, 1 May" */
export function dayTitle(date: string): string {
  const at = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  const weekday = DAY_NAMES[WEEKDAYS[(at.getUTCDay() + 6) % 7] ?? 'MO'];
  return `${weekday}, ${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
}

/** "1 May 2026" */
export function dayAndYear(date: string): string {
  const at = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${Number(date.slice(0, 4))}`;
}

export const monthTitle = (month: string): string =>
  `${MONTHS[Number(month.slice(5, 7)) - 1]} ${Number(month.slice(0, 4))}`;

/** "every 2 weeks on Monday and Friday, 10 times" */
export function ruleWords(rule: RecurrenceRule): string {
  const days = rule.byDay.map(({ weekday, ordinal }) =>
    ordinal === undefined || ordinal === 0 ? DAY_NAMES[weekday] : `the ${ordinalWords(ordinal)} ${DAY_NAMES[weekday]}`,
  );
  const positions = rule.bySetPosition.map(ordinalWords);
  const parts = [
    rule.interval === 1 ? EVERY[rule.frequency] : `every ${rule.interval} ${UNITS[rule.frequency]}s`,
    days.length > 0 && (positions.length > 0 ? `on the ${and(positions)} of ${and(days)}` : `on ${and(days)}`),
    rule.byMonthDay.length > 0 &&
      `on day ${and(rule.byMonthDay.map((day) => (day < 0 ? `${-day} from the end` : String(day))))}`,
    rule.byMonth.length > 0 && `in ${and(rule.byMonth.map((month) => MONTHS[Math.abs(month) - 1] ?? ''))}`,
    rule.byWeekNumber.length > 0 && `in week ${and(rule.byWeekNumber.map(String))}`,
    rule.byYearDay.length > 0 && `on day ${and(rule.byYearDay.map(String))} of the year`,
  ];
  const end =
    rule.count !== undefined
      ? `, ${rule.count} times`
      : rule.until
        ? `, until ${dayAndYear(wallClock('UTC', rule.until))}`
        : '';
  return `${parts.filter(Boolean).join(' ')}${end}`;
}

function ordinalWords(ordinal: number): string {
  const words = ['first', 'second', 'third', 'fourth', 'fifth'];
  if (ordinal === -1) return 'last';
  if (ordinal < 0) return `${words[-ordinal - 1] ?? String(-ordinal)} to last`;
  return words[ordinal - 1] ?? `${ordinal}th`;
}

const and = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** "15 minutes before", "at the time", "1 day before" */
export function offsetWords(seconds: number): string {
  if (seconds === 0) return 'at the time';
  const total = Math.abs(seconds);
  const [size, unit] = (
    [
      [604_800, 'week'],
      [86_400, 'day'],
      [3600, 'hour'],
      [60, 'minute'],
      [1, 'second'],
    ] as const
  ).find(([each]) => total % each === 0) ?? [1, 'second'];
  const count = total / size;
  return `${count} ${unit}${count === 1 ? '' : 's'} ${seconds < 0 ? 'before' : 'after'}`;
}
