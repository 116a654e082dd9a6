import {
  calendarTimeKey,
  openCalendars,
  type CalendarEvent,
  type CalendarInfo,
  type Calendars,
} from '../../content/index.ts';
import type { ContentExport, ExportOptions, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { agendaPage } from './agenda-page.ts';
import { detachedKey, eventComponent, type EventContext } from './event-component.ts';
import { component, componentLines, property, textProperty, type Component } from './icalendar.ts';
import { UsedZones } from './time-properties.ts';
import { timeZoneComponent } from './time-zone-rules.ts';
import { isoTime, offsetWords, ruleWords } from './words.ts';

/** Calendars: iCalendar files that every calendar program takes in, a page to read, tables. */
export const calendarExport: ContentExport = {
  kind: 'calendar',
  title: 'Calendar',
  formats: ['html', 'ics', 'csv', 'json'],
  run: takeOutCalendars,
};

async function takeOutCalendars(request: ExportRequest): Promise<ExportSummary | undefined> {
  using calendars = await openCalendars(request.backup);
  if (calendars === undefined) return undefined;
  const { folder, format, timeZone } = request;
  const wanted = within(request.options);
  const events = (): Iterable<CalendarEvent> => watched(calendars, request, wanted);
  let startPage: string | undefined;
  if (format === 'ics' || format === 'html') {
    const files = await writeCalendars(calendars, request, wanted);
    if (format === 'html') {
      const page = agendaPage(calendars, { timeZone, files, wanted });
      startPage = (await folder.write(['Calendar.html'], page)).path;
    }
  } else if (format === 'csv') {
    await folder.write(['Calendar.csv'], csv(COLUMNS, rows(events(), timeZone)));
  } else {
    await folder.write(['Calendar.json'], jsonArray(mapped(events(), (event) => jsonEvent(event, timeZone))));
  }
  return { ...summaryOf(calendars, format, wanted), ...(startPage !== undefined && { startPage }) };
}

/** Only what happens in the span asked for: a series does while it may still go on. */
function within({ from, until }: ExportOptions): (event: CalendarEvent) => boolean {
  if (from === undefined && until === undefined) return () => true;
  return ({ start, end, recurrences }) => {
    if (!start) return false;
    const first = calendarTimeKey(start);
    const last = recurrences.length > 0 ? Infinity : calendarTimeKey(end ?? start);
    return first < (until?.getTime() ?? Infinity) && last >= (from?.getTime() ?? -Infinity);
  };
}

function* watched(
  calendars: Calendars,
  { signal, onProgress }: ExportRequest,
  wanted: (event: CalendarEvent) => boolean,
): Generator<CalendarEvent, undefined> {
  const total = calendars.count;
  let done = 0;
  for (const event of calendars.events()) {
    signal.throwIfAborted();
    if (wanted(event)) yield event;
    if (++done % 1000 === 0) onProgress?.(done, total);
  }
}

function* mapped<T, U>(values: Iterable<T>, change: (value: T) => U): Generator<U, undefined> {
  for (const value of values) yield change(value);
}

function summaryOf(calendars: Calendars, format: string, wanted: (event: CalendarEvent) => boolean): ExportSummary {
  let [items, undated, attached] = [0, 0, 0];
  for (const event of calendars.events()) {
    if (!wanted(event)) continue;
    items++;
    if (!event.start) undated++;
    attached += event.attachments.filter(({ state }) => state !== 'in-backup').length;
  }
  const notes = [
    format === 'ics' &&
      undated > 0 &&
      `${undated} ${undated === 1 ? 'event has' : 'events have'} no date that could be read, and no place in an iCalendar file.`,
    attached > 0 &&
      `${attached} attached ${attached === 1 ? 'file is' : 'files are'} kept by the calendar's server and not in the backup.`,
  ];
  return { items, notes: notes.filter((note) => typeof note === 'string') };
}

/** One file for each calendar that has events. @returns their paths by the rows of the calendars */
async function writeCalendars(
  calendars: Calendars,
  { backup, folder, signal }: ExportRequest,
  wanted: (event: CalendarEvent) => boolean,
): Promise<Map<number, string>> {
  const stamp = backup.facts?.date ?? backup.info?.lastBackupAt ?? new Date(0);
  const files = new Map<number, string>();
  for (const calendar of [...calendars.calendars, null]) {
    signal.throwIfAborted();
    const zones = new UsedZones();
    const detached = new Set<string>();
    for (const { detachedFrom } of calendars.events(calendar)) {
      if (detachedFrom?.time) detached.add(detachedKey(detachedFrom.row, calendarTimeKey(detachedFrom.time)));
    }
    const context: EventContext = { zones, stamp, detached };
    const components = (): Iterable<Component> => componentsOf(calendars, calendar, context, wanted);
    // The rules of the zones come before the events that name them: the first time through only asks which.
    let count = 0;
    for (const each of components()) count += each.properties.length > 0 ? 1 : 0;
    if (count === 0) continue;
    const name = calendar?.title || 'Other events';
    const { path } = await folder.write([`${name}.ics`], calendarLines(calendar, name, zones, components()));
    if (calendar) files.set(calendar.row, path);
  }
  return files;
}

function* componentsOf(
  calendars: Calendars,
  calendar: CalendarInfo | null,
  context: EventContext,
  wanted: (event: CalendarEvent) => boolean,
): Generator<Component, undefined> {
  for (const event of calendars.events(calendar)) {
    const made = wanted(event) ? eventComponent(event, context) : undefined;
    if (made) yield made;
  }
}

function* calendarLines(
  calendar: CalendarInfo | null,
  name: string,
  zones: UsedZones,
  components: Iterable<Component>,
): Generator<string, undefined> {
  const { properties } = component('VCALENDAR', [
    ...CALENDAR_HEAD,
    textProperty('NAME', name),
    textProperty('X-WR-CALNAME', name),
    calendar?.notes ? textProperty('DESCRIPTION', calendar.notes) : undefined,
    calendar?.color && property('X-APPLE-CALENDAR-COLOR', calendar.color),
  ]);
  yield* enclosed(properties, zones, components);
}

/** What every iCalendar file begins with. */
export const CALENDAR_HEAD = [
  property('VERSION', '2.0'),
  property('PRODID', '-//Holdfast//Holdfast//EN'),
  property('CALSCALE', 'GREGORIAN'),
];

/** A whole file: its head, the rules of the zones, the components. */
export function* enclosed(
  properties: Component['properties'],
  zones: UsedZones,
  components: Iterable<Component>,
): Generator<string, undefined> {
  const [begin, ...head] = componentLines({ name: 'VCALENDAR', properties, components: [] });
  const end = head.pop();
  yield [begin, ...head].join('');
  for (const { zone, from, to } of zones) yield [...componentLines(timeZoneComponent(zone, from, to))].join('');
  for (const each of components) yield [...componentLines(each)].join('');
  yield end ?? '';
}

const COLUMNS = [
  'calendar',
  'account',
  'kind',
  'title',
  'start',
  'end',
  'all day',
  'time zone',
  'location',
  'address',
  'latitude',
  'longitude',
  'organizer',
  'attendees',
  'repeats',
  'not on',
  'alerts',
  'status',
  'availability',
  'url',
  'conference',
  'notes',
  'attachments',
  'created',
  'modified',
  'uid',
  'problem',
];

function* rows(events: Iterable<CalendarEvent>, timeZone: string): Generator<CsvValue[], undefined> {
  const iso = (at: Date | null | undefined): CsvValue => at && isoTime({ kind: 'instant', at, timeZone }, timeZone);
  for (const event of events) {
    const { calendar, location } = event;
    yield [
      calendar?.title,
      calendar?.account?.name,
      event.kind,
      event.title,
      isoTime(event.start, timeZone),
      isoTime(event.end, timeZone),
      event.isAllDay,
      event.timeZone,
      location?.title,
      location?.address,
      location?.latitude,
      location?.longitude,
      event.organizer && (event.organizer.name || event.organizer.email),
      event.attendees
        .map(({ name, email, phone, response }) => `${name || email || phone || '?'} (${response ?? 'none'})`)
        .join('; '),
      event.recurrences.map(ruleWords).join('; '),
      event.exceptions.map((time) => isoTime(time, timeZone)).join('; '),
      event.alarms
        .map(({ at, place, offsetSeconds }) =>
          place ? `${place.when} ${place.title ?? ''}` : at ? iso(at) : offsetWords(offsetSeconds ?? 0),
        )
        .join('; '),
      event.status,
      event.availability,
      event.url,
      event.conferenceUrl,
      event.notes,
      event.attachments.map(({ filename, url }) => filename || url).join('; '),
      iso(event.createdAt),
      iso(event.modifiedAt),
      event.uid,
      event.problem,
    ];
  }
}

/** All fields, times as people's clocks had them and with the offset; `undefined` (not recorded) is left out. */
function jsonEvent(event: CalendarEvent, timeZone: string): unknown {
  const { row: _row, calendar, detachedFrom, ...rest } = event;
  return {
    ...rest,
    calendar: calendar && {
      title: calendar.title,
      color: calendar.color,
      account: calendar.account?.name,
      key: calendar.key,
    },
    start: isoTime(event.start, timeZone),
    end: isoTime(event.end, timeZone),
    exceptions: event.exceptions.map((time) => isoTime(time, timeZone)),
    ...(detachedFrom && { originalTime: isoTime(detachedFrom.time, timeZone) }),
    attachments: event.attachments.map(({ entry: _entry, ...attachment }) => attachment),
  };
}
