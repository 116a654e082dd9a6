import type { Database } from '../../database/index.ts';
import { after, cocoaSeconds, DAY_MS, daysBefore, HOUR_MS } from './apple-time.ts';
import { rewrite, type Library } from './library.ts';
import { fullName, type Person } from './people.ts';
import type { Random } from './random.ts';
import { editDatabase, insert, makeDatabase } from './sqlite.ts';
import { addBirthdayWithoutYear, addSpecialEvents } from './special-events.ts';
import { phrase, title } from './texts.ts';

const DOMAIN = 'HomeDomain';
const PATH = 'Library/Calendar/Calendar.sqlitedb';

/** Calendar.sqlitedb as iOS has it since 17, less the tables of changes that were sent to servers. */
const SCHEMA = `
CREATE TABLE _SqliteDatabaseProperties (key TEXT, value TEXT, UNIQUE(key));
CREATE TABLE Store (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, default_alarm_offset INTEGER, type INTEGER, constraint_path TEXT,
  disabled INTEGER, external_id TEXT, persistent_id TEXT, flags INTEGER, creator_bundle_id TEXT,
  only_creator_can_modify INTEGER, external_mod_tag TEXT, preferred_event_private_value INTEGER, last_sync_start REAL,
  last_sync_end REAL, delegated_account_owner_store_id TEXT, notes TEXT
);
CREATE TABLE Calendar (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, store_id INTEGER, title TEXT, flags INTEGER, color TEXT,
  symbolic_color_name TEXT, color_is_display INTEGER, type TEXT, supported_entity_types INTEGER, external_id TEXT,
  external_mod_tag TEXT, external_id_tag TEXT, external_rep BLOB, display_order INTEGER, UUID TEXT,
  shared_owner_name TEXT, shared_owner_address TEXT, sharing_status INTEGER, sharing_invitation_response INTEGER,
  published_URL TEXT, is_published INTEGER, invitation_status INTEGER, sync_token TEXT, self_identity_id INTEGER,
  self_identity_email TEXT, owner_identity_id INTEGER, owner_identity_email TEXT, notes TEXT, subcal_url TEXT
);
CREATE TABLE CalendarItem (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, summary TEXT, location_id INTEGER, description TEXT, start_date REAL,
  start_tz TEXT, end_date REAL, end_tz TEXT, all_day INTEGER, calendar_id INTEGER, orig_item_id INTEGER,
  orig_date REAL, organizer_id INTEGER, self_attendee_id INTEGER, status INTEGER, invitation_status INTEGER,
  availability INTEGER, privacy_level INTEGER, url TEXT, last_modified REAL, sequence_num INTEGER,
  birthday_id INTEGER, modified_properties INTEGER, external_tracking_status INTEGER, external_id TEXT,
  external_mod_tag TEXT, unique_identifier TEXT, external_schedule_id TEXT, external_rep BLOB, response_comment TEXT,
  hidden INTEGER, has_recurrences INTEGER, has_attendees INTEGER, UUID TEXT, entity_type INTEGER, priority INTEGER,
  due_date REAL, due_tz TEXT, due_all_day INTEGER, completion_date REAL, creation_date REAL, conference TEXT,
  conference_url TEXT, conference_url_detected TEXT, display_order INTEGER, created_by_id INTEGER,
  modified_by_id INTEGER, default_alarm_removed INTEGER, phantom_master INTEGER,
  participation_status_modified_date REAL, calendar_scale TEXT, travel_time INTEGER,
  travel_advisory_behavior INTEGER, start_location_id INTEGER, suggested_event_info_id INTEGER, junk_status INTEGER,
  image_id INTEGER, color_id INTEGER
);
CREATE TABLE Recurrence (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, frequency INTEGER, interval INTEGER, week_start INTEGER, count INTEGER,
  cached_end_date REAL, cached_end_date_tz TEXT, end_date REAL, specifier TEXT, by_month_months INTEGER,
  owner_id INTEGER, external_id TEXT, external_rep BLOB, UUID TEXT
);
CREATE TABLE ExceptionDate (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER, date REAL, sync_order INTEGER);
CREATE TABLE Alarm (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, trigger_date REAL, trigger_interval INTEGER, type INTEGER,
  calendaritem_owner_id INTEGER, calendar_owner_id INTEGER, external_id TEXT, external_rep BLOB, UUID TEXT,
  proximity INTEGER, disabled INTEGER, location_id INTEGER, acknowledgedDate REAL, default_alarm INTEGER,
  orig_alarm_id INTEGER
);
CREATE TABLE Location (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT, address TEXT, latitude INTEGER, longitude INTEGER,
  reference_frame INTEGER, address_book_id TEXT, mapkit_handle BLOB, radius INTEGER, routing TEXT, derived_from TEXT,
  item_owner_id INTEGER, alarm_owner_id INTEGER, predicted INTEGER
);
CREATE TABLE Identity (
  display_name TEXT, address TEXT, first_name TEXT, last_name TEXT, UNIQUE (display_name, address, first_name, last_name)
);
CREATE TABLE Participant (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, entity_type INTEGER, type INTEGER, status INTEGER, pending_status INTEGER,
  role INTEGER, identity_id INTEGER, owner_id INTEGER, external_rep BLOB, UUID TEXT, email TEXT, phone_number TEXT,
  is_self INTEGER, comment TEXT, schedule_agent INTEGER, flags INTEGER, last_modified REAL
);
CREATE TABLE Attachment (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, owner_id INTEGER, file_id INTEGER, external_rep BLOB);
CREATE TABLE AttachmentFile (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT, external_id TEXT, url TEXT, UUID TEXT, data BLOB, format TEXT,
  flags INTEGER, filename TEXT, local_path TEXT, file_size INTEGER, store_id INTEGER, xproperties TEXT
);
CREATE INDEX CalendarItemCalendarId ON CalendarItem(calendar_id);
CREATE INDEX CalendarItemStartDateIndex ON CalendarItem(start_date);
`;

const EVENT = 2;
const ORGANIZER = 8;
const INVITEE = 7;
const WEEKLY = 2;
const YEARLY = 4;

export function fillCalendar(library: Library): void {
  const { disk, now, amounts, people } = library;
  const random = library.random('calendar');
  const bytes = makeDatabase(SCHEMA, (database) => {
    insert(database, '_SqliteDatabaseProperties', { key: '_UniqueIdentifier', value: random.uuid() });
    insert(database, 'Store', { name: 'Default', type: 0, persistent_id: random.uuid() });
    insert(database, 'Store', { name: 'iCloud', type: 2, persistent_id: random.uuid() });
    insert(database, 'Store', { name: 'Birthdays', type: 5, persistent_id: random.uuid() });
    const calendars = [
      insert(database, 'Calendar', { store_id: 2, title: 'Privat', color: '#1BADF8', UUID: random.uuid() }),
      insert(database, 'Calendar', {
        store_id: 2,
        title: 'Chor & Verein',
        color: '#63DA38',
        UUID: random.uuid(),
        sharing_status: 1,
      }),
    ];
    const birthdays = insert(database, 'Calendar', {
      store_id: 3,
      title: 'Geburtstage',
      color: '#8295AF',
      UUID: random.uuid(),
    });
    for (let i = 0; i < amounts.events; i++) {
      const start = random.moment(daysBefore(now, 500), after(now, 120 * DAY_MS));
      addEvent(database, library, random, random.pick(calendars), start);
    }
    people.slice(0, 8).forEach((person, i) => addBirthday(database, random, birthdays, person, i + 1));
    addSpecialEvents(database, random, calendars[0] ?? 1);
    addBirthdayWithoutYear(database, random, birthdays);
  });
  disk.writeFile(DOMAIN, PATH, bytes, { modifiedAt: now });
}

export function changeCalendar(library: Library): void {
  const { now } = library;
  const random = library.random('calendar');
  rewrite(library, DOMAIN, PATH, (bytes) =>
    editDatabase(bytes, (database) => {
      addEvent(database, library, random, 1, after(now, random.between(1, 40) * DAY_MS));
    }),
  );
}

function addEvent(database: Database, library: Library, random: Random, calendar: number, moment: Date): void {
  const { owner, people } = library;
  const start = new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
  const isAllDay = random.chance(0.15);
  const isFloating = random.chance(0.05);
  const isMeeting = random.chance(0.2);
  const made = cocoaSeconds(daysBefore(start, random.between(1, 60)));
  const item = insert(database, 'CalendarItem', {
    summary: random.pick([
      title(random),
      'Zahnarzt 🦷',
      'Elternabend',
      'Déjeuner avec Zoé',
      '歯医者',
      'Müll rausstellen',
    ]),
    description: random.chance(0.3) ? phrase(random) : null,
    start_date: cocoaSeconds(start),
    start_tz: isFloating || isAllDay ? '_float' : owner.timeZone,
    end_date: cocoaSeconds(after(start, isAllDay ? DAY_MS - 1000 : random.between(1, 6) * (HOUR_MS / 2))),
    end_tz: isFloating || isAllDay ? '_float' : owner.timeZone,
    all_day: isAllDay,
    calendar_id: calendar,
    status: 0,
    availability: 0,
    privacy_level: 0,
    url: random.chance(0.1) ? 'https://example.org/tickets' : null,
    last_modified: made + 60,
    creation_date: made,
    unique_identifier: random.uuid(),
    UUID: random.uuid(),
    entity_type: EVENT,
    has_attendees: isMeeting,
    hidden: 0,
    orig_item_id: 0,
    travel_time: 0,
  });
  if (random.chance(0.3)) {
    const place = {
      title: random.pick(['Rathaus', 'Café Größenwahn', '駅前']),
      latitude: 47.66,
      longitude: 9.17,
      item_owner_id: item,
    };
    const location = insert(database, 'Location', place);
    database.prepare('UPDATE CalendarItem SET location_id = ? WHERE ROWID = ?').run(location, item);
  }
  if (random.chance(0.4)) {
    insert(database, 'Alarm', { trigger_interval: -900, type: 0, calendaritem_owner_id: item, UUID: random.uuid() });
  }
  if (random.chance(0.1)) {
    insert(database, 'Recurrence', {
      frequency: WEEKLY,
      interval: 1,
      week_start: 1,
      owner_id: item,
      specifier: 'D=0TU',
      UUID: random.uuid(),
    });
    insert(database, 'ExceptionDate', { owner_id: item, date: cocoaSeconds(after(start, 14 * DAY_MS)), sync_order: 1 });
    database.prepare('UPDATE CalendarItem SET has_recurrences = 1 WHERE ROWID = ?').run(item);
  }
  if (isMeeting) invite(database, random, item, random.some(people, 3));
}

/** The first is the organiser; the others have accepted, declined or not answered. */
function invite(database: Database, random: Random, item: number, people: readonly Person[]): void {
  people.forEach((person, i) => {
    const participant = insert(database, 'Participant', {
      entity_type: i === 0 ? ORGANIZER : INVITEE,
      type: 1,
      status: i === 0 ? 1 : random.below(4),
      role: i === 0 ? 3 : 1,
      identity_id: identityOf(database, person),
      owner_id: item,
      UUID: random.uuid(),
      email: person.email,
      is_self: 0,
    });
    if (i === 0) database.prepare('UPDATE CalendarItem SET organizer_id = ? WHERE ROWID = ?').run(participant, item);
  });
}

function identityOf(database: Database, person: Person): number {
  const address = `mailto:${person.email}`;
  const known = database.prepare('SELECT rowid AS id FROM Identity WHERE address = ?').get(address);
  if (known) return Number(known['id']);
  return insert(database, 'Identity', {
    display_name: fullName(person),
    address,
    first_name: person.first,
    last_name: person.last,
  });
}

/** Birthdays come from the address book and repeat by the Gregorian calendar, whatever calendar is shown. */
function addBirthday(database: Database, random: Random, calendar: number, person: Person, row: number): void {
  const date = cocoaSeconds(new Date(Date.UTC(random.between(1940, 2015), random.below(12), random.between(1, 28))));
  const item = insert(database, 'CalendarItem', {
    summary: fullName(person),
    start_date: date,
    start_tz: '_float',
    end_date: date + 86_399,
    end_tz: '_float',
    all_day: 1,
    calendar_id: calendar,
    birthday_id: row,
    calendar_scale: 'gregorian',
    has_recurrences: 1,
    unique_identifier: random.uuid(),
    UUID: random.uuid(),
    entity_type: EVENT,
  });
  insert(database, 'Recurrence', {
    frequency: YEARLY,
    interval: 1,
    week_start: 1,
    owner_id: item,
    UUID: random.uuid(),
  });
}
