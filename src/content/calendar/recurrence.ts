/** How something repeats: the rules of calendars and reminders, in the terms of RFC 5545. */
import type { Recorded } from '../source/row-values.ts';

export type Frequency = 'daily' | 'weekly' | 'monthly' | 'yearly';
export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';

export interface RecurrenceRule {
  readonly frequency: Frequency;
  /** Every so many days, weeks, months, years; 1 or more. */
  readonly interval: number;
  /** Ends after so many occurrences. */
  readonly count?: number;
  /** Ends with the last occurrence at or before this. */
  readonly until?: Date;
  readonly weekStart?: Weekday;
  /** With `ordinal`, the so-maniest of the month or year: 2 the second, −1 the last. */
  readonly byDay: readonly { readonly weekday: Weekday; readonly ordinal?: number }[];
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNumber: readonly number[];
  readonly bySetPosition: readonly number[];
}

export const FREQUENCIES: readonly Frequency[] = ['daily', 'weekly', 'monthly', 'yearly'];
export const WEEKDAYS: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** The parts of a rule that select days. */
export type DaySelection = Pick<
  RecurrenceRule,
  'byDay' | 'byMonthDay' | 'byMonth' | 'byYearDay' | 'byWeekNumber' | 'bySetPosition'
>;

export const EVERY_DAY: DaySelection = {
  byDay: [],
  byMonthDay: [],
  byMonth: [],
  byYearDay: [],
  byWeekNumber: [],
  bySetPosition: [],
};

/** How many numbers one part may hold: a year has no more days. */
const MOST_NUMBERS = 366;

/**
 * Reads `Recurrence.specifier`: parts separated by `;`, each a letter, `=` and a list. `D=+2TU,0TH` are the second
 * Tuesday and every Thursday, `M` days of the month, `O` months, `Y` days of the year, `W` weeks, `S` positions.
 * The long names of RFC 5545 are understood as well. Parts that make no sense are left out.
 */
export function parseSpecifier(specifier: string): DaySelection {
  const selection: { -readonly [K in keyof DaySelection]: DaySelection[K] } = { ...EVERY_DAY };
  for (const part of specifier.slice(0, 10_000).split(';')) {
    const [name = '', list = ''] = part.split('=', 2);
    switch (name.trim().toUpperCase()) {
      case 'D':
      case 'BYDAY':
        selection.byDay = list.split(',').slice(0, MOST_NUMBERS).flatMap(weekdayOf);
        break;
      case 'M':
      case 'BYMONTHDAY':
        selection.byMonthDay = numbers(list, 31);
        break;
      case 'O':
      case 'BYMONTH':
        selection.byMonth = numbers(list, 12).filter((month) => month > 0);
        break;
      case 'Y':
      case 'BYYEARDAY':
        selection.byYearDay = numbers(list, 366);
        break;
      case 'W':
      case 'BYWEEKNO':
        selection.byWeekNumber = numbers(list, 53);
        break;
      case 'S':
      case 'BYSETPOS':
        selection.bySetPosition = numbers(list, 366);
        break;
      default: // FREQ and its like stand in columns of their own
    }
  }
  return selection;
}

/** "+2TU", "-1FR"; 0 or nothing means every one. */
function weekdayOf(text: string): RecurrenceRule['byDay'] {
  const [, number = '', name = ''] = /^([+-]?\d{0,2})([A-Z]{2})$/.exec(text.trim().toUpperCase()) ?? [];
  const weekday = WEEKDAYS.find((each) => each === name);
  if (weekday === undefined) return [];
  const ordinal = number === '' ? 0 : Number(number);
  return [ordinal === 0 || !Number.isInteger(ordinal) || Math.abs(ordinal) > 53 ? { weekday } : { weekday, ordinal }];
}

function numbers(list: string, largest: number): number[] {
  return list
    .split(',')
    .slice(0, MOST_NUMBERS)
    .map((text) => (text.trim() === '' ? 0 : Number(text)))
    .filter((number) => Number.isInteger(number) && number !== 0 && Math.abs(number) <= largest);
}

export interface RuleParts {
  readonly frequency: Frequency | undefined;
  readonly interval: Recorded<number>;
  readonly count: Recorded<number>;
  readonly until: Recorded<Date>;
  readonly weekStart?: Weekday | undefined;
  readonly days: DaySelection;
}

/** A rule from what a store holds; undefined when there is no frequency that anybody knows. */
export function makeRule({
  frequency,
  interval,
  count,
  until,
  weekStart,
  days,
}: RuleParts): RecurrenceRule | undefined {
  if (frequency === undefined) return undefined;
  const times = wholeOver(count, 0);
  return {
    frequency,
    interval: wholeOver(interval, 1) ?? 1,
    // A rule ends by one or the other, never by both.
    ...(times !== undefined ? { count: times } : until && until.getTime() > 0 && { until }),
    ...(weekStart && { weekStart }),
    ...days,
  };
}

const wholeOver = (value: Recorded<number>, limit: number): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value > limit ? value : undefined;
