import { zoneOffsetMs } from '../../shared/time/time-zone.ts';

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday: three days into its week. */
const DAYS_INTO_FIRST_WEEK = 3;

/** The periods that a moment lies in, each numbered without gaps. */
export interface CalendarPlace {
  readonly day: number;
  readonly week: number;
  readonly month: number;
}

/**
 * Where a moment lies in the calendar of a place. A day is what people there call one, be it 23 or 25 hours long; a
 * week begins on Monday.
 *
 * @param zone a name that `timeZoneNamed` gives.
 */
export function calendarPlace(date: Date, zone: string): CalendarPlace {
  const wallMs = date.getTime() + zoneOffsetMs(zone, date.getTime());
  const day = Math.floor(wallMs / DAY_MS);
  const wall = new Date(wallMs);
  return {
    day,
    week: Math.floor((day + DAYS_INTO_FIRST_WEEK) / 7),
    month: wall.getUTCFullYear() * 12 + wall.getUTCMonth(),
  };
}
