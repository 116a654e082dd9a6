import { WEEKDAYS, type RecurrenceRule, type Weekday } from '../../../content/index.ts';

/**
 * The days on which something that repeats takes place (RFC 5545 §3.3.10), as numbers of days since 1970. Rules come
 * from a backup: how many days are looked at is bounded.
 */
const DAY_MS = 86_400_000;
const MAX_PERIODS = 40_000;

export const dayNumber = (date: string): number => Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / DAY_MS);
export const dateOfDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/**
 * @param start the first day, which counts whatever the rule says.
 * @param from days before it may be left out, where nothing has to be counted.
 * @param to the days end before it.
 */
export function* ruleDays(rule: RecurrenceRule, start: number, from: number, to: number): Generator<number, undefined> {
  let left = rule.count ?? Infinity;
  if (left > 0 && start < to) {
    yield start;
    left--;
  }
  // A rule that ends after so many times is counted from its beginning.
  const skip = rule.count === undefined ? periodsBetween(rule, start, from) : 0;
  for (let i = skip; i < skip + MAX_PERIODS; i++) {
    const { first, days } = periodAt(rule, start, i);
    if (first >= to) return;
    for (const day of days) {
      if (day <= start) continue;
      if (day >= to || left <= 0) return;
      left--;
      yield day;
    }
  }
}

/** How many whole periods can be left out before a day; one less, since periods differ in length. */
function periodsBetween({ frequency, interval }: RecurrenceRule, start: number, from: number): number {
  const longest = { daily: 1, weekly: 7, monthly: 31, yearly: 366 }[frequency] * interval;
  return Math.max(0, Math.floor((from - start) / longest) - 1);
}

interface Period {
  readonly first: number;
  readonly days: readonly number[];
}

function periodAt(rule: RecurrenceRule, start: number, i: number): Period {
  const at = new Date(start * DAY_MS);
  const step = i * rule.interval;
  if (rule.frequency === 'daily') return { first: start + step, days: fitting(rule, [start + step]) };
  if (rule.frequency === 'weekly') return weekAt(rule, start, step);
  if (rule.frequency === 'monthly') {
    const first = firstOfMonth(at.getUTCFullYear(), at.getUTCMonth() + step);
    return { first, days: positioned(rule, inMonths(rule, inMonth(rule, first, at.getUTCDate()))) };
  }
  const year = at.getUTCFullYear() + step;
  return { first: firstOfMonth(year, 0), days: positioned(rule, inYear(rule, year, at)) };
}

function weekAt(rule: RecurrenceRule, start: number, step: number): Period {
  const weekStart = WEEKDAYS.indexOf(rule.weekStart ?? 'MO');
  const first = start - ((weekdayOf(start) - weekStart + 7) % 7) + step * 7;
  const wanted = rule.byDay.length === 0 ? [weekdayOf(start)] : rule.byDay.map(({ weekday }) => indexOf(weekday));
  const days = Array.from({ length: 7 }, (_, day) => first + day).filter((day) => wanted.includes(weekdayOf(day)));
  return { first, days: positioned(rule, inMonths(rule, days)) };
}

/** Days of the months that a rule is limited to. */
const inMonths = (rule: RecurrenceRule, days: readonly number[]): number[] =>
  fitting({ ...rule, byDay: [], byMonthDay: [] }, days);

/** What the limiting parts of a rule leave. */
function fitting({ byMonth, byMonthDay, byDay }: RecurrenceRule, days: readonly number[]): number[] {
  return days.filter((day) => {
    const at = new Date(day * DAY_MS);
    const fromEnd = at.getUTCDate() - daysIn(at.getUTCFullYear(), at.getUTCMonth()) - 1;
    return (
      (byMonth.length === 0 || byMonth.includes(at.getUTCMonth() + 1)) &&
      (byMonthDay.length === 0 || byMonthDay.includes(at.getUTCDate()) || byMonthDay.includes(fromEnd)) &&
      (byDay.length === 0 || byDay.some(({ weekday }) => indexOf(weekday) === weekdayOf(day)))
    );
  });
}

/** @param first of the month. @param dayOfMonth where the rule names no day: months without it are left out. */
function inMonth({ byDay, byMonthDay }: RecurrenceRule, first: number, dayOfMonth: number): number[] {
  const at = new Date(first * DAY_MS);
  const length = daysIn(at.getUTCFullYear(), at.getUTCMonth());
  const all = Array.from({ length }, (_, i) => first + i);
  const numbers = byMonthDay.length === 0 && byDay.length === 0 ? [dayOfMonth] : byMonthDay;
  const isNumbered = (day: number): boolean => {
    const number = day - first + 1;
    return numbers.includes(number) || numbers.includes(number - length - 1);
  };
  const named = byDay.length === 0 ? undefined : new Set(namedDays(byDay, all));
  return all.filter((day) => (numbers.length === 0 || isNumbered(day)) && (named?.has(day) ?? true));
}

function inYear(rule: RecurrenceRule, year: number, start: Date): number[] {
  const { byDay, byMonth, byMonthDay, byYearDay, byWeekNumber } = rule;
  const first = firstOfMonth(year, 0);
  const length = firstOfMonth(year + 1, 0) - first;
  const all = Array.from({ length }, (_, i) => first + i);
  if (byYearDay.length > 0) {
    return all.filter((day) => byYearDay.includes(day - first + 1) || byYearDay.includes(day - first - length));
  }
  if (byWeekNumber.length > 0) {
    const weekdays = byDay.length === 0 ? [(start.getUTCDay() + 6) % 7] : byDay.map(({ weekday }) => indexOf(weekday));
    return all.filter((day) => weekdays.includes(weekdayOf(day)) && byWeekNumber.includes(isoWeek(day)));
  }
  // “The last Friday of the year” where no month is named.
  if (byDay.length > 0 && byMonth.length === 0 && byMonthDay.length === 0)
    return namedDays(byDay, all).toSorted((a, b) => a - b);
  const months = byMonth.length > 0 ? byMonth : byMonthDay.length > 0 ? MONTHS : [start.getUTCMonth() + 1];
  return months
    .toSorted((a, b) => a - b)
    .flatMap((month) => inMonth(rule, firstOfMonth(year, month - 1), start.getUTCDate()));
}

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Every Thursday, the second Tuesday, the last Friday of a span of days. */
function namedDays(byDay: RecurrenceRule['byDay'], all: readonly number[]): number[] {
  return byDay.flatMap(({ weekday, ordinal }) => {
    const days = all.filter((day) => weekdayOf(day) === indexOf(weekday));
    if (ordinal === undefined || ordinal === 0) return days;
    return days.at(ordinal > 0 ? ordinal - 1 : ordinal) ?? [];
  });
}

function positioned({ bySetPosition }: RecurrenceRule, days: readonly number[]): readonly number[] {
  if (bySetPosition.length === 0) return days;
  return days.filter((_, i) => bySetPosition.includes(i + 1) || bySetPosition.includes(i - days.length));
}

const indexOf = (weekday: Weekday): number => WEEKDAYS.indexOf(weekday);
/** Monday is 0; 1 January 1970 was a Thursday. */
const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;
const firstOfMonth = (year: number, month: number): number => Math.floor(Date.UTC(year, month, 1) / DAY_MS);
const daysIn = (year: number, month: number): number => firstOfMonth(year, month + 1) - firstOfMonth(year, month);

/** Its Thursday's year is a week's. */
function isoWeek(day: number): number {
  const thursday = day - weekdayOf(day) + 3;
  const year = new Date(thursday * DAY_MS).getUTCFullYear();
  return Math.floor((thursday - firstOfMonth(year, 0)) / 7) + 1;
}
