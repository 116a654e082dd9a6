import type { Row, SqlValue } from '../../database/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase, type Place } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, isBadDate, numberOf, textOf, type Recorded } from '../source/row-values.ts';
import type { CalendarEvent, CalendarInfo, EventLocation } from './event.ts';
import { idOf, pick, readParts, type EventParts } from './parts.ts';
import { itemsTable, missingFields } from './schema.ts';
import { calendarTime, lastDay, occurrenceTime, type CalendarTime } from './time.ts';

export const CALENDAR_PLACES: readonly Place[] = [
  { domain: 'HomeDomain', relativePath: 'Library/Calendar/Calendar.sqlitedb' },
];

/** `CalendarItem.entity_type` of the reminders that lived here until iOS 12. */
export const REMINDER_ENTITY = 3;
/** Contacts without a year of birth put their birthday into this one: a leap year before all photographs. */
const NO_YEAR = 1604;

/** The calendars of one backup. Events are read as they are asked for. */
export class Calendars implements Disposable {
  readonly calendars: readonly CalendarInfo[];
  /** Fields of events that this version of iOS does not record. */
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase;
  readonly #items: string;
  readonly #parts: EventParts;
  readonly #byRow: ReadonlyMap<number, CalendarInfo>;
  readonly #series: ReadonlyMap<number, Series>;

  constructor(database: ContentDatabase, backup: Backup) {
    this.#database = database;
    this.#items = itemsTable(database);
    this.#parts = readParts(database, backup);
    this.calendars = readCalendars(database);
    this.notAvailable = missingFields(database);
    this.#byRow = new Map(this.calendars.map((each) => [each.row, each]));
    this.#series = readSeries(database, this.#items);
  }

  /** How many events there are, birthdays included. */
  get count(): number {
    const row = this.#database.get(`SELECT count(*) AS n FROM "${this.#items}" AS i WHERE ${this.#isEvent()}`);
    return Number(row?.['n'] ?? 0);
  }

  /**
   * All events by their start, a series as one; or those of one calendar. Events whose calendar is gone come with those
   * of all, and where `calendar` is null.
   */
  *events(calendar?: CalendarInfo | null): Generator<CalendarEvent, undefined> {
    const hasCalendars = this.#database.has(this.#items, 'calendar_id') && this.#database.has('Calendar');
    if (calendar && !hasCalendars) return;
    const ofCalendar =
      calendar === undefined || !hasCalendars
        ? ''
        : calendar === null
          ? ' AND (i.calendar_id IS NULL OR i.calendar_id NOT IN (SELECT ROWID FROM Calendar))'
          : ` AND i.calendar_id = ${calendar.row}`;
    const sql = `SELECT i.ROWID AS row, i.* FROM "${this.#items}" AS i WHERE ${this.#isEvent()}${ofCalendar} ORDER BY i.start_date, i.ROWID`;
    for (const row of this.#database.rows(sql, [], { bigints: true })) yield this.#event(row);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #isEvent(): string {
    return this.#database.has(this.#items, 'entity_type') ? `i.entity_type IS NOT ${REMINDER_ENTITY}` : '1';
  }

  #event(row: Row): CalendarEvent {
    const id = idOf(row['row']);
    const parts = this.#parts;
    const calendar = this.#byRow.get(idOf(row['calendar_id']));
    const isBirthday =
      textOf(row['calendar_scale']) === 'gregorian' ||
      idOf(row['birthday_id']) > 0 ||
      calendar?.account?.type === 'birthdays';
    const isAllDay = isBirthday ? true : flagOf(row['all_day']);
    const zone = textOf(row['start_tz']);
    const [start, end] = timesOf(row, zone, isAllDay === true);
    const series = idOf(row['orig_item_id'] ?? row['orig_event_id']);
    const ofSeries = this.#series.get(series);
    const own = uidOf(row, this.#database.place.relativePath);
    const problem = isBadDate(row['start_date']) ? 'start' : isBadDate(row['end_date']) ? 'end' : undefined;
    const originalDate = cocoaDateOf(row['orig_date'] ?? row['orig_start_date']);
    return {
      row: id,
      key: series > 0 ? `${own}/${originalDate?.toISOString() ?? id}` : own,
      uid: ofSeries?.uid ?? own,
      kind: isBirthday ? 'birthday' : 'event',
      calendar,
      title: textOf(row['summary']),
      notes: textOf(row['description']),
      start,
      end,
      isAllDay,
      isFloating: zone === '_float',
      timeZone: zone === '_float' ? null : zone,
      status: pick(['none', 'confirmed', 'tentative', 'cancelled'] as const, row['status']),
      availability: pick(['busy', 'free', 'tentative', 'unavailable'] as const, row['availability']),
      url: textOf(row['url']),
      conferenceUrl: conferenceUrlOf(row, parts.conferences.get(id)),
      location: locationOfEvent(row, parts),
      organizer:
        row['organizer_id'] === undefined ? undefined : (parts.participants.get(idOf(row['organizer_id'])) ?? null),
      attendees: parts.invitees.get(id) ?? [],
      recurrences: parts.recurrences.get(id) ?? [],
      exceptions: start ? (parts.exceptions.get(id) ?? []).map((at) => occurrenceTime(at, start)) : [],
      ...(series > 0 && {
        detachedFrom: {
          row: series,
          time: originalDate
            ? occurrenceTime(
                originalDate,
                ofSeries?.start ?? start ?? calendarTime(originalDate, zone, isAllDay === true),
              )
            : undefined,
          hasSeries: ofSeries !== undefined,
        },
      }),
      alarms: parts.alarms.get(id) ?? [],
      attachments: parts.attachments.get(id) ?? [],
      travelTimeSeconds: numberOf(row['travel_time']),
      sequence: numberOf(row['sequence_num']),
      createdAt: cocoaDateOf(row['creation_date']),
      modifiedAt: cocoaDateOf(row['last_modified']),
      isPhantom: flagOf(row['phantom_master']) === true,
      isHidden: flagOf(row['hidden']),
      isYearUnknown: isBirthday && start?.kind === 'date' && Number(start.date.slice(0, 4)) === NO_YEAR,
      ...(problem && { problem }),
    };
  }
}

/**
 * Opens the calendars.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when the layout of the database is not known.
 */
export async function openCalendars(backup: Backup): Promise<Calendars | undefined> {
  const database = await openContentDatabase(backup, CALENDAR_PLACES);
  if (database === undefined) return undefined;
  try {
    database.require(itemsTable(database), 'summary', 'start_date');
    return new Calendars(database, backup);
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}

/** What a detached occurrence needs to know of its series. */
interface Series {
  readonly uid: string;
  readonly start: CalendarTime | undefined;
}

function readSeries(database: ContentDatabase, items: string): ReadonlyMap<number, Series> {
  const origin = ['orig_item_id', 'orig_event_id'].find((column) => database.has(items, column));
  if (origin === undefined) return new Map();
  const sql = `SELECT i.ROWID AS row, i.* FROM "${items}" AS i WHERE i.ROWID IN (SELECT ${origin} FROM "${items}" WHERE ${origin} > 0)`;
  const series = new Map<number, Series>();
  for (const row of database.rows(sql, [], { bigints: true })) {
    const [start] = timesOf(row, textOf(row['start_tz']), flagOf(row['all_day']) === true);
    series.set(idOf(row['row']), { uid: uidOf(row, database.place.relativePath), start: start ?? undefined });
  }
  return series;
}

function timesOf(
  row: Row,
  zone: Recorded<string>,
  isAllDay: boolean,
): [start: Recorded<CalendarTime>, end: Recorded<CalendarTime>] {
  const [start, end] = [cocoaDateOf(row['start_date']), cocoaDateOf(row['end_date'])];
  const endZone = textOf(row['end_tz']) ?? zone;
  return [
    start && calendarTime(start, zone, isAllDay),
    end && (isAllDay && start ? lastDay(start, end, zone) : calendarTime(end, endZone, isAllDay)),
  ];
}

/** A row without any identifier gets one from its number: better than none, and the same as long as the row stays. */
function uidOf(row: Row, path: string): string {
  return (
    textOf(row['unique_identifier']) ||
    textOf(row['UUID']) ||
    textOf(row['external_id']) ||
    `${path}/${idOf(row['row'])}`
  );
}

function conferenceUrlOf(row: Row, conferences: readonly string[] = []): Recorded<string> {
  const url = textOf(row['conference_url_detected']) || textOf(row['conference_url']);
  return url || (conferences[0] ?? url);
}

function locationOfEvent(row: Row, parts: EventParts): Recorded<EventLocation> {
  const text = textOf(row['location']);
  if (row['location_id'] === undefined && text !== undefined) {
    return text
      ? { title: text, address: undefined, latitude: undefined, longitude: undefined, radiusM: undefined }
      : null;
  }
  if (row['location_id'] === undefined) return undefined;
  return parts.locations.get(idOf(row['location_id'])) ?? parts.locationsOfItems.get(idOf(row['row'])) ?? null;
}

export function readCalendars(database: ContentDatabase): CalendarInfo[] {
  if (!database.has('Calendar')) return [];
  const stores = new Map(
    (database.has('Store') ? allRows(database, 'SELECT ROWID AS row, * FROM Store') : []).map((row) => [
      idOf(row['row']),
      row,
    ]),
  );
  return allRows(database, 'SELECT ROWID AS row, * FROM Calendar ORDER BY ROWID').map((row) => {
    const store = stores.get(idOf(row['store_id']));
    const id = idOf(row['row']);
    return {
      row: id,
      key: textOf(row['UUID']) || textOf(row['external_id']) || String(id),
      title: textOf(row['title']),
      color: colorOf(row['color']),
      account: store && { name: textOf(store['name']), type: storeType(store['type']) },
      sharing: pick(['not-shared', 'shared-by-me', 'shared-with-me'] as const, row['sharing_status']),
      owner: textOf(row['shared_owner_name']),
      notes: textOf(row['notes']),
    };
  });
}

/** Whole numbers as bigints: columns of flags may hold any. */
const allRows = (database: ContentDatabase, sql: string): Row[] => [...database.rows(sql, [], { bigints: true })];

const storeType = (value: SqlValue | undefined): NonNullable<CalendarInfo['account']>['type'] =>
  value === undefined || value === null
    ? undefined
    : (pick(['local', 'exchange', 'caldav', 'caldav', 'subscribed', 'birthdays'] as const, value) ?? 'other');

/** "#RRGGBB"; some programs add the opacity. */
function colorOf(value: SqlValue | undefined): Recorded<string> {
  const text = textOf(value);
  return text ? (/^#[0-9a-f]{6}/i.exec(text)?.[0].toUpperCase() ?? null) : text;
}
