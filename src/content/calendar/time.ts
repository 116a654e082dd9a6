/**
 * When something is, as calendars mean it. Calendar.sqlitedb keeps seconds since 2001 and a zone; in the zone `_float`,
 * and for whole days, the seconds are those of a clock on the wall taken as if it stood in UTC.
 */
import { momentOf, timeZoneNamed, wallClock } from '../../shared/time/time-zone.ts';

export type CalendarTime =
  /** A day, the same everywhere: "2026-05-01". */
  | { readonly kind: 'date'; readonly date: string }
  /** What the clock shows wherever one is: "2026-05-01T09:30:00". */
  | { readonly kind: 'floating'; readonly local: string }
  /** A moment, planned by the clocks of a zone where one is known. */
  | { readonly kind: 'instant'; readonly at: Date; readonly timeZone: string | undefined };

/** The name that marks a time without a zone. */
const FLOATING = '_float';
const DAY_MS = 86_400_000;

export function calendarTime(at: Date, zoneName: string | null | undefined, isAllDay: boolean): CalendarTime {
  const zone = zoneOf(zoneName);
  if (isAllDay) return { kind: 'date', date: dayOf(at, zone) };
  if (zoneName === FLOATING) return { kind: 'floating', local: wallClock('UTC', at) };
  return { kind: 'instant', at, timeZone: zone };
}

/** The last day of something that takes whole days. iOS ends it at 23:59:59, other programs at the next midnight. */
export function lastDay(start: Date, end: Date, zoneName: string | null | undefined): CalendarTime {
  const zone = zoneOf(zoneName);
  const first = dayOf(start, zone);
  const days = Math.max(1, Math.ceil((wallMs(end, zone) - wallMs(start, zone)) / DAY_MS));
  return { kind: 'date', date: addDays(first, days - 1) };
}

/** Within the years that four digits can tell; beyond them the day stays what it was. */
export function addDays(date: string, days: number): string {
  const moved = new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
  const year = moved.getUTCFullYear();
  return year >= 1 && year <= 9999 ? moved.toISOString().slice(0, 10) : date;
}

/**
 * Which occurrence of a series is meant by a date kept with it. Releases differ in how they keep it: as the moment of
 * the occurrence, as its time on the wall, or as midnight of its day.
 *
 * @param start when the series begins.
 */
export function occurrenceTime(at: Date, start: CalendarTime): CalendarTime {
  if (start.kind === 'date') return { kind: 'date', date: dayOf(at, undefined) };
  if (start.kind === 'floating') {
    return { kind: 'floating', local: withTimeOf(wallClock('UTC', at), start.local) };
  }
  const zone = start.timeZone ?? 'UTC';
  const clock = timePart(wallClock(zone, start.at));
  if (timePart(wallClock(zone, at)) === clock) return { ...start, at };
  const local = wallClock('UTC', at);
  if (timePart(local) !== clock && timePart(local) !== '00:00:00') return { ...start, at };
  return { ...start, at: momentOf(zone, withTimeOf(local, `T${clock}`)) };
}

/** For sorting and comparing: the moment; whole days and floating times are taken as UTC. */
export function calendarTimeKey(time: CalendarTime): number {
  if (time.kind === 'instant') return time.at.getTime();
  return Date.parse(time.kind === 'date' ? `${time.date}T00:00:00Z` : `${time.local}Z`);
}

/** The same as a date. */
export const momentOfTime = (time: CalendarTime | null | undefined): Date | undefined =>
  time ? new Date(calendarTimeKey(time)) : undefined;

const zoneOf = (name: string | null | undefined): string | undefined =>
  name && name !== FLOATING ? timeZoneNamed(name) : undefined;

/** Midnight in UTC means a day everywhere, even where a zone stands beside it. */
function dayOf(at: Date, zone: string | undefined): string {
  const isMidnight = at.getTime() % DAY_MS === 0;
  return wallClock(isMidnight || zone === undefined ? 'UTC' : zone, at).slice(0, 10);
}

const wallMs = (at: Date, zone: string | undefined): number =>
  zone === undefined ? at.getTime() : Date.parse(`${wallClock(zone, at)}Z`);

const timePart = (local: string): string => local.slice(local.indexOf('T') + 1);

/** The day of the first, and where that has no time of day, the time of the second. */
function withTimeOf(local: string, other: string): string {
  return timePart(local) === '00:00:00' ? `${local.slice(0, local.indexOf('T'))}T${timePart(other)}` : local;
}
