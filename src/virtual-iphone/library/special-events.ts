import type { Database } from '../../database/index.ts';
import { cocoaSeconds, DAY_MS } from './apple-time.ts';
import type { Random } from './random.ts';
import { insert, type RowValues } from './sqlite.ts';

const EVENT = 2;
const [DAILY, WEEKLY, MONTHLY, YEARLY] = [1, 2, 3, 4];
const ZONE = 'Europe/Berlin';
const FLOATING = '_float';

/** What calendars can hold beside plain appointments, one of each, the same on every phone. */
export function addSpecialEvents(database: Database, random: Random, calendar: number): void {
  const add = (summary: string, from: string, to: string, values: RowValues = {}): number =>
    insert(database, 'CalendarItem', {
      summary,
      start_date: at(from),
      start_tz: ZONE,
      end_date: at(to),
      end_tz: ZONE,
      all_day: 0,
      calendar_id: calendar,
      orig_item_id: 0,
      entity_type: EVENT,
      creation_date: at('2025-12-01T12:00:00Z'),
      last_modified: at('2025-12-02T12:00:00Z'),
      unique_identifier: `special-${summary.length}-${from}`,
      UUID: random.uuid(),
      ...values,
    });
  const repeat = (item: number, values: RowValues): void => {
    insert(database, 'Recurrence', { interval: 1, count: 0, owner_id: item, UUID: random.uuid(), ...values });
    database.prepare('UPDATE CalendarItem SET has_recurrences = 1 WHERE ROWID = ?').run(item);
  };
  const allDay = { all_day: 1, start_tz: FLOATING, end_tz: FLOATING };

  const choir = add('Chorprobe', '2026-01-06T18:30:00Z', '2026-01-06T20:00:00Z');
  repeat(choir, {
    frequency: WEEKLY,
    interval: 2,
    week_start: 1,
    specifier: 'D=0TU,0TH',
    end_date: at('2026-12-31T18:30:00Z'),
  });
  for (const date of ['2026-01-20T18:30:00Z', '2026-04-14T17:30:00Z']) {
    insert(database, 'ExceptionDate', { owner_id: choir, date: at(date), sync_order: 1 });
  }
  add('Chorprobe (im Gemeindehaus)', '2026-02-04T19:00:00Z', '2026-02-04T21:00:00Z', {
    orig_item_id: choir,
    orig_date: at('2026-02-03T18:30:00Z'),
    sequence_num: 2,
  });
  const bins = add('Müll: Papier, Glas; Öl \\ Fett', '2026-01-30T07:00:00Z', '2026-01-30T07:15:00Z', {
    start_tz: FLOATING,
    end_tz: FLOATING,
    description: 'Erst die blaue Tonne,\ndann die gelbe.\r\n🚛 kommt früh',
  });
  repeat(bins, { frequency: MONTHLY, specifier: 'D=-1FR' });
  add('Flug nach Tōkyō ✈️', '2026-03-14T11:20:00Z', '2026-03-15T00:40:00Z', {
    end_tz: 'Asia/Tokyo',
    url: 'https://example.org/buchung?pnr=X1,Y2;Z3',
    travel_time: 5400,
  });
  const holidays = add('Sommerferien', '2026-07-30T00:00:00Z', '2026-09-12T23:59:59Z', { ...allDay, availability: 1 });
  insert(database, 'Alarm', {
    trigger_interval: -54_000,
    type: 0,
    calendaritem_owner_id: holidays,
    UUID: random.uuid(),
  });
  const solstice = add('Sonnwende', '2026-06-21T00:00:00Z', '2026-06-21T23:59:59Z', allDay);
  repeat(solstice, { frequency: YEARLY, count: 10, specifier: 'M=21;O=6,12' });
  const pills = add('Tabletten', '2026-10-24T06:00:00Z', '2026-10-24T06:05:00Z', {
    start_tz: 'America/New_York',
    end_tz: 'America/New_York',
  });
  repeat(pills, { frequency: DAILY, interval: 3, count: 20 });
  add('Ohne Zone', '2026-05-05T10:00:00Z', '2026-05-05T11:00:00Z', { start_tz: null, end_tz: null, status: 3 });
  add(`Sehr langer Titel ${'mit Umlauten äöüß und 👩‍👩‍👧‍👦 '.repeat(8)}`, '2026-05-06T10:00:00Z', '2026-05-06T11:00:00Z', {
    status: 2,
  });
  add(
    '=HYPERLINK("https://evil.example","x")<script>alert(1)</script>',
    '2026-05-07T10:00:00Z',
    '2026-05-07T11:00:00Z',
  );
  addMeeting(
    database,
    random,
    add('Besprechung', '2026-05-08T08:00:00Z', '2026-05-08T09:30:00Z', {
      status: 1,
      has_attendees: 1,
      conference_url_detected: 'https://meet.example.org/abc-def',
    }),
  );
}

function addMeeting(database: Database, random: Random, item: number): void {
  const people = [
    ['Ada "Chefin" Beispiel', 'ada@example.org', 8, 3, 1, 1],
    ['Jürgen; Weiß, jun.', 'juergen@example.com', 7, 1, 1, 1],
    ['Zoé', 'zoe@example.net', 7, 2, 1, 2],
    ['渡邉', 'watanabe@example.jp', 7, 1, 1, 3],
    ['Raum 1.04', 'raum104@example.com', 7, 1, 2, 0],
  ] as const;
  for (const [name, email, entity, role, type, status] of people) {
    const identity = insert(database, 'Identity', { display_name: name, address: `mailto:${email}` });
    const values = {
      entity_type: entity,
      type,
      status,
      role,
      identity_id: identity,
      owner_id: item,
      email,
      UUID: random.uuid(),
    };
    const participant = insert(database, 'Participant', { ...values, is_self: entity === 8 });
    if (entity === 8)
      database.prepare('UPDATE CalendarItem SET organizer_id = ? WHERE ROWID = ?').run(participant, item);
  }
  const location = insert(database, 'Location', {
    title: 'Rathaus',
    address: 'Kanzleistr. 13, 78462 Konstanz',
    latitude: 47.6633,
    longitude: 9.1753,
    radius: 70,
    item_owner_id: item,
  });
  database.prepare('UPDATE CalendarItem SET location_id = ? WHERE ROWID = ?').run(location, item);
  const alarm = { type: 0, calendaritem_owner_id: item };
  insert(database, 'Alarm', { ...alarm, trigger_interval: -86_400 - 1800, UUID: random.uuid() });
  insert(database, 'Alarm', { ...alarm, trigger_date: at('2026-05-07T16:00:00Z'), UUID: random.uuid() });
  const file = insert(database, 'AttachmentFile', {
    filename: 'Tagesordnung für Mai.pdf',
    file_size: 48_213,
    format: 'application/pdf',
    url: 'https://caldav.example.org/a/Tagesordnung.pdf',
    UUID: random.uuid(),
  });
  insert(database, 'Attachment', { owner_id: item, file_id: file });
}

/** A birthday of somebody who does not tell the year: in the calendar it is 1604. */
export function addBirthdayWithoutYear(database: Database, random: Random, calendar: number): void {
  const start = at('1604-02-29T00:00:00Z');
  const item = insert(database, 'CalendarItem', {
    summary: 'Łucja Brzęczykowska',
    start_date: start,
    start_tz: FLOATING,
    end_date: start + DAY_MS / 1000 - 1,
    end_tz: FLOATING,
    all_day: 1,
    calendar_id: calendar,
    birthday_id: 99,
    calendar_scale: 'gregorian',
    entity_type: EVENT,
    unique_identifier: 'special-birthday',
    UUID: random.uuid(),
  });
  insert(database, 'Recurrence', { frequency: YEARLY, interval: 1, owner_id: item, UUID: random.uuid() });
}

const at = (time: string): number => cocoaSeconds(new Date(time));
