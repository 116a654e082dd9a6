import { WEEKDAYS, type Weekday } from '../calendar/recurrence.ts';

export interface Alarm {
  readonly key: string;
  readonly kind: 'alarm' | 'sleep';
  readonly label: string | undefined;
  readonly hour: number | undefined;
  readonly minute: number | undefined;
  /** Empty for one that rings once; undefined where the days are kept in a way that is not known. */
  readonly repeats: readonly Weekday[] | undefined;
  readonly isEnabled: boolean | undefined;
  readonly allowsSnooze: boolean | undefined;
  /** The name of the tone, or "song". */
  readonly sound: string | undefined;
  /** For sleep alarms: when to go to bed. */
  readonly bedtime: { readonly hour: number; readonly minute: number } | undefined;
  readonly firesAt: Date | undefined;
  readonly dismissedAt: Date | undefined;
  readonly modifiedAt: Date | undefined;
}

export interface Timer {
  readonly key: string;
  readonly label: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly sound: string | undefined;
  readonly modifiedAt: Date | undefined;
}

export interface Alarms {
  readonly alarms: readonly Alarm[];
  readonly timers: readonly Timer[];
}

const EVERY_DAY_BITS = 0b111_1111;

/** One bit for each day, Monday the lowest. */
export const daysOf = (bits: number): Weekday[] => WEEKDAYS.filter((_, i) => (bits & EVERY_DAY_BITS & (1 << i)) !== 0);

export const hourOf = (value: number | undefined): number | undefined => below(value, 24);
export const minuteOf = (value: number | undefined): number | undefined => below(value, 60);
const below = (value: number | undefined, limit: number): number | undefined =>
  value !== undefined && value >= 0 && value < limit ? value : undefined;

/** What iOS calls a timer that nobody named is no name. */
export const titleOf = (title: string | null | undefined): string | undefined =>
  title && title !== 'CURRENT_TIMER' ? title : undefined;
