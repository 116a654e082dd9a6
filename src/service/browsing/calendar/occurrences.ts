import type { Occurrence } from '../../../contract/index.ts';
import { calendarTimeKey, type CalendarEvent, type CalendarTime } from '../../../content/index.ts';
import { momentOf, wallClock } from '../../../shared/time/time-zone.ts';
import { textOrNone } from '../values.ts';
import { dateOfDay, dayNumber, ruleDays } from './rule-days.ts';

/** Days from the first to before the second, in the time zone of who reads. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly zone: string;
}

/** An event that never ends must not fill a month by itself. */
const MAX_OF_ONE = 500;
/** Clocks differ by a day at most. */
const MARGIN_DAYS = 2;

/**
 * The times at which an event takes place within a span.
 *
 * @param moved of a series: the times that were changed alone, which are events of their own.
 */
export function occurrencesOf(event: CalendarEvent, moved: ReadonlySet<number>, span: Span): Occurrence[] {
  const { start } = event;
  if (!start || event.isPhantom || event.isHidden === true) return [];
  const lengthDays = lengthOf(event);
  const found: Occurrence[] = [];
  for (const time of timesOf(event, start, moved, { ...span, from: span.from - lengthDays })) {
    const told = tell(event, start, time, span.zone);
    const [first, last] = [dayNumber(told.start), dayNumber(told.end ?? told.start)];
    if (first < span.to && last >= span.from && found.push(told) === MAX_OF_ONE) break;
  }
  return found;
}

function* timesOf(
  event: CalendarEvent,
  start: CalendarTime,
  moved: ReadonlySet<number>,
  { from, to }: Span,
): Generator<CalendarTime, undefined> {
  if (event.recurrences.length === 0 || event.detachedFrom !== undefined) {
    yield start;
    return;
  }
  const left = new Set(event.exceptions.map(calendarTimeKey));
  const local = localOf(start);
  const seen = new Set<number>();
  for (const rule of event.recurrences) {
    const untilMs = rule.until?.getTime() ?? Infinity;
    for (const day of ruleDays(rule, dayNumber(local), from - MARGIN_DAYS, to + MARGIN_DAYS)) {
      const time = onDay(start, day, local);
      const key = calendarTimeKey(time);
      // Whole days are compared with the end of the rule by their beginning.
      if (key > untilMs) break;
      if (day < from - MARGIN_DAYS || left.has(key) || moved.has(key) || seen.has(key)) continue;
      seen.add(key);
      yield time;
    }
  }
}

/** By the clocks by which it was planned: "2026-05-01T09:30:00", or the day. */
function localOf(time: CalendarTime): string {
  if (time.kind === 'date') return time.date;
  return time.kind === 'floating' ? time.local : wallClock(time.timeZone ?? 'UTC', time.at);
}

/** The same time of day on another day. */
function onDay(start: CalendarTime, day: number, local: string): CalendarTime {
  const date = dateOfDay(day);
  if (start.kind === 'date') return { kind: 'date', date };
  const wall = `${date}${local.slice(10)}`;
  if (start.kind === 'floating') return { kind: 'floating', local: wall };
  return { ...start, at: momentOf(start.timeZone ?? 'UTC', wall) };
}

function lengthOf({ start, end }: CalendarEvent): number {
  if (!start || !end) return 0;
  const days = Math.ceil((calendarTimeKey(end) - calendarTimeKey(start)) / 86_400_000);
  return Math.min(Math.max(0, days), 366);
}

function tell(event: CalendarEvent, start: CalendarTime, time: CalendarTime, zone: string): Occurrence {
  const { end, calendar, kind, location } = event;
  const lengthMs = end ? calendarTimeKey(end) - calendarTimeKey(start) : 0;
  return {
    event: event.key,
    calendar: calendar?.key,
    title: event.title ?? '',
    isAllDay: time.kind === 'date',
    isBirthday: kind === 'birthday',
    start: forReader(time, zone),
    end: lengthMs > 0 ? forReader(later(time, lengthMs), zone) : undefined,
    place: textOrNone(location?.title) ?? textOrNone(location?.address),
    isCancelled: event.status === 'cancelled',
    repeats: event.recurrences.length > 0 || event.detachedFrom !== undefined,
  };
}

function later(time: CalendarTime, byMs: number): CalendarTime {
  if (time.kind === 'instant') return { ...time, at: new Date(time.at.getTime() + byMs) };
  const at = new Date(calendarTimeKey(time) + byMs).toISOString();
  return time.kind === 'date' ? { kind: 'date', date: at.slice(0, 10) } : { kind: 'floating', local: at.slice(0, 19) };
}

/** On the clocks of who reads. */
export function forReader(time: CalendarTime, zone: string): string {
  return time.kind === 'instant' ? wallClock(zone, time.at) : localOf(time);
}
