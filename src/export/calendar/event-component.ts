/** VEVENT: one event of a calendar. */
import {
  addDays,
  calendarTimeKey,
  EVERY_DAY,
  type CalendarEvent,
  type Participant,
  type RecurrenceRule,
} from '../../content/index.ts';
import { component, property, textProperty, type Component, type Property } from './icalendar.ts';
import {
  alarmComponent,
  degrees,
  ruleValue,
  structuredLocation,
  timeProperty,
  utcTime,
  type UsedZones,
} from './time-properties.ts';

const STATUS = { none: undefined, confirmed: 'CONFIRMED', tentative: 'TENTATIVE', cancelled: 'CANCELLED' } as const;
const RESPONSE = {
  none: 'NEEDS-ACTION',
  accepted: 'ACCEPTED',
  declined: 'DECLINED',
  maybe: 'TENTATIVE',
  delegated: 'DELEGATED',
} as const;
const ROLE = {
  required: 'REQ-PARTICIPANT',
  optional: 'OPT-PARTICIPANT',
  chair: 'CHAIR',
  guest: 'NON-PARTICIPANT',
} as const;
const TYPE = { person: 'INDIVIDUAL', room: 'ROOM', resource: 'RESOURCE', group: 'GROUP' } as const;
/** In place of a year that nobody told: a leap year, and one that programs can show. */
const YEAR_FOR_NONE = '1972';

const YEARLY: RecurrenceRule = { frequency: 'yearly', interval: 1, ...EVERY_DAY };

export interface EventContext {
  readonly zones: UsedZones;
  /** When the backup was made: for events that do not say when they were changed. */
  readonly stamp: Date;
  /** Occurrences of the series that were changed alone and are written as events of their own. */
  readonly detached: ReadonlySet<string>;
}

/**
 * The component of an event, or undefined for one that has no start, and for a series that only holds together
 * occurrences one was invited to.
 */
export function eventComponent(event: CalendarEvent, { zones, stamp, detached }: EventContext): Component | undefined {
  if (!event.start || event.isPhantom) return undefined;
  const start = withYear(event.start, event.isYearUnknown);
  const isSeries = event.detachedFrom === undefined;
  const alarms = event.alarms.flatMap((each) => alarmComponent(each, event.title ?? '') ?? []);
  return component(
    'VEVENT',
    [
      textProperty('UID', event.uid),
      property('DTSTAMP', utcTime(event.modifiedAt ?? event.createdAt ?? stamp)),
      timeProperty('DTSTART', start, zones),
      endProperty(event, start, zones),
      event.detachedFrom?.hasSeries &&
        event.detachedFrom.time &&
        timeProperty('RECURRENCE-ID', event.detachedFrom.time, zones),
      ...(isSeries ? rulesOf(event).map((rule) => property('RRULE', ruleValue(rule, start))) : []),
      ...(isSeries ? exceptionProperties(event, zones, detached) : []),
      event.title ? textProperty('SUMMARY', event.title) : undefined,
      event.notes ? textProperty('DESCRIPTION', event.notes) : undefined,
      ...locationProperties(event),
      event.url ? property('URL', event.url, [['VALUE', 'URI']]) : undefined,
      event.conferenceUrl ? property('CONFERENCE', event.conferenceUrl, [['VALUE', 'URI']]) : undefined,
      STATUS[event.status ?? 'none'] && property('STATUS', STATUS[event.status ?? 'none'] ?? ''),
      event.availability !== undefined && property('TRANSP', event.availability === 'free' ? 'TRANSPARENT' : 'OPAQUE'),
      event.kind === 'birthday' && textProperty('CATEGORIES', 'Birthday'),
      event.organizer && participantProperty('ORGANIZER', event.organizer),
      ...event.attendees.map((each) => participantProperty('ATTENDEE', each)),
      ...attachmentProperties(event),
      event.createdAt && property('CREATED', utcTime(event.createdAt)),
      event.modifiedAt && property('LAST-MODIFIED', utcTime(event.modifiedAt)),
      event.sequence ? property('SEQUENCE', String(Math.max(0, Math.trunc(event.sequence)))) : undefined,
    ],
    alarms,
  );
}

/** A birthday comes every year, also where nobody wrote that down. */
function rulesOf({ kind, recurrences }: CalendarEvent): readonly RecurrenceRule[] {
  return kind === 'birthday' && recurrences.length === 0 ? [YEARLY] : recurrences;
}

function withYear(start: NonNullable<CalendarEvent['start']>, isUnknown: boolean): NonNullable<CalendarEvent['start']> {
  return isUnknown && start.kind === 'date' ? { kind: 'date', date: `${YEAR_FOR_NONE}${start.date.slice(4)}` } : start;
}

/** iCalendar ends whole days with the day after them. An end has to lie after the start: without one, it is the start. */
function endProperty(
  { end, isYearUnknown }: CalendarEvent,
  start: NonNullable<CalendarEvent['start']>,
  zones: UsedZones,
): Property | undefined {
  if (!end || isYearUnknown) return undefined;
  if (end.kind === 'date') {
    return start.kind === 'date' && end.date >= start.date
      ? timeProperty('DTEND', { kind: 'date', date: addDays(end.date, 1) }, zones)
      : undefined;
  }
  if (start.kind !== end.kind || calendarTimeKey(end) <= calendarTimeKey(start)) return undefined;
  return timeProperty('DTEND', end, zones);
}

function exceptionProperties(event: CalendarEvent, zones: UsedZones, detached: ReadonlySet<string>): Property[] {
  if (event.recurrences.length === 0) return [];
  return event.exceptions
    .filter((time) => !detached.has(detachedKey(event.row, calendarTimeKey(time))))
    .map((time) => timeProperty('EXDATE', time, zones));
}

export const detachedKey = (series: number, time: number): string => `${series} ${time}`;

function* locationProperties({ location }: CalendarEvent): Generator<Property, undefined> {
  if (!location) return;
  const lines = [location.title, location.address].filter((each) => each !== undefined && each !== null && each !== '');
  if (lines.length > 0) yield textProperty('LOCATION', lines.join('\n'));
  if (typeof location.latitude !== 'number' || typeof location.longitude !== 'number') return;
  yield property('GEO', `${degrees(location.latitude)};${degrees(location.longitude)}`);
  const structured = structuredLocation(location);
  if (structured) yield structured;
}

function participantProperty(name: 'ORGANIZER' | 'ATTENDEE', who: Participant): Property {
  const parameters: [string, string][] = [];
  if (who.name) parameters.push(['CN', who.name]);
  if (name === 'ATTENDEE') {
    if (who.type !== undefined) parameters.push(['CUTYPE', TYPE[who.type]]);
    if (who.role !== undefined) parameters.push(['ROLE', ROLE[who.role]]);
    if (who.response !== undefined) parameters.push(['PARTSTAT', RESPONSE[who.response]]);
  }
  const address = who.email
    ? `mailto:${who.email}`
    : who.phone
      ? `tel:${who.phone.replaceAll(/\s/g, '')}`
      : 'invalid:nomail';
  return property(name, address, parameters);
}

/** Where an attachment can be fetched from; those that are only named stand in the other formats. */
function attachmentProperties({ attachments }: CalendarEvent): Property[] {
  return attachments.flatMap(({ url, filename, format }) => {
    if (!url) return [];
    const parameters: [string, string][] = [];
    if (format && /^[\w.+-]+\/[\w.+-]+$/.test(format)) parameters.push(['FMTTYPE', format]);
    if (filename) parameters.push(['FILENAME', filename]);
    return [property('ATTACH', url, parameters)];
  });
}
