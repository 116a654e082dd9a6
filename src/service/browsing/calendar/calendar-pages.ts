import type { CalendarEvent as ToldEvent, CalendarMonth } from '../../../contract/index.ts';
import { calendarTimeKey, type CalendarEvent, type Calendars, type Participant } from '../../../content/index.ts';
import { ruleValue } from '../../../export/index.ts';
import { forEachInSlices } from '../../../shared/flow/in-slices.ts';
import { calendarsIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, safeLink, textOrNone } from '../values.ts';
import { zoneOf } from '../zone.ts';
import { forReader, occurrencesOf } from './occurrences.ts';
import { dayNumber } from './rule-days.ts';

/** More than a month of anybody's life. */
const MAX_OCCURRENCES = 5000;

interface AllEvents {
  readonly calendars: Calendars;
  readonly events: readonly CalendarEvent[];
  /** Times of a series, by its row, that were changed alone. */
  readonly moved: ReadonlyMap<number, ReadonlySet<number>>;
}

const allEvents = (unlocked: Unlocked): Promise<AllEvents> =>
  unlocked.once('all events', async () => {
    const calendars = demandKind(await calendarsIn(unlocked), 'calendars');
    const events: CalendarEvent[] = [];
    const moved = new Map<number, Set<number>>();
    await forEachInSlices(calendars.events(), (event) => {
      events.push(event);
      const { row, time } = event.detachedFrom ?? {};
      if (row === undefined || time === undefined) return;
      const times = moved.get(row);
      if (times === undefined) moved.set(row, new Set([calendarTimeKey(time)]));
      else times.add(calendarTimeKey(time));
    });
    return { calendars, events, moved };
  });

const NOTHING: ReadonlySet<number> = new Set();

/** Everything that takes place in a month, by the clocks of who reads. */
export async function readCalendarMonth(
  unlocked: Unlocked,
  { month, timeZone }: { month: string; timeZone?: string | undefined },
): Promise<CalendarMonth> {
  const { calendars, events, moved } = await allEvents(unlocked);
  const zone = zoneOf(timeZone);
  const from = dayNumber(`${month}-01`);
  const [year = 0, number = 1] = month.split('-').map(Number);
  const to = Math.floor(Date.UTC(year, number, 1) / 86_400_000);
  const found = events.flatMap((event) => occurrencesOf(event, moved.get(event.row) ?? NOTHING, { from, to, zone }));
  const sorted = found.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const months = events.flatMap(({ start }) => (start ? forReader(start, zone).slice(0, 7) : [])).toSorted();
  return {
    month,
    calendars: calendars.calendars.map(({ key, title, color, account }) => ({
      id: key,
      title: title ?? '',
      color: textOrNone(color),
      account: textOrNone(account?.name),
    })),
    occurrences: sorted.slice(0, MAX_OCCURRENCES),
    // Birthdays without a year lie in 1604.
    first: months.find((each) => each > '1900'),
    last: months.at(-1),
    isCut: sorted.length > MAX_OCCURRENCES,
  };
}

/** @throws {AppError} CONTENT_NOT_FOUND */
export async function readCalendarEvent(unlocked: Unlocked, id: string, timeZone?: string): Promise<ToldEvent> {
  const { events } = await allEvents(unlocked);
  const event = demandItem(
    events.find(({ key }) => key === id),
    'event',
  );
  const { start, end, location, organizer } = event;
  const zone = zoneOf(timeZone);
  return {
    id: event.key,
    calendar: event.calendar?.key,
    title: event.title ?? '',
    notes: textOrNone(event.notes),
    isAllDay: start?.kind === 'date',
    start: start ? forReader(start, zone) : undefined,
    end: end ? forReader(end, zone) : undefined,
    timeZone: textOrNone(event.timeZone),
    place: textOrNone(location?.title),
    address: textOrNone(location?.address),
    url: safeLink(event.url) ?? safeLink(event.conferenceUrl),
    organizer: organizer ? person(organizer) : undefined,
    attendees: event.attendees.map((each) => ({ ...person(each), response: each.response })),
    rules: start ? event.recurrences.map((rule) => ruleValue(rule, start)) : [],
    alarms: event.alarms
      .filter(({ isDisabled, place }) => !isDisabled && place === undefined)
      .map(({ offsetSeconds, at }) => ({ offsetSeconds, at: isoOf(at) })),
    createdAt: isoOf(event.createdAt),
    modifiedAt: isoOf(event.modifiedAt),
  };
}

function person({ name, email, phone }: Participant): { name: string; address: string | undefined } {
  const address = textOrNone(email) ?? textOrNone(phone);
  return { name: textOrNone(name) ?? address ?? '', address };
}
