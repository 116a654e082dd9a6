/** What the tables of Calendar.sqlitedb are called in the releases of iOS. */
import type { ContentDatabase } from '../source/content-database.ts';

/** The table of events (and reminders, until iOS 12): `CalendarItem` since iOS 6, `Event` before. */
export function itemsTable(database: ContentDatabase): string {
  return database.has('CalendarItem') || !database.has('Event') ? 'CalendarItem' : 'Event';
}

/** The column by which rows of a table name the event they belong to. */
export function ownerColumn(database: ContentDatabase, table: string): string | undefined {
  const names = ['calendaritem_owner_id', 'item_owner_id', 'owner_id', 'event_id', 'calendar_item_id', 'item_id'];
  return names.find((each) => database.has(table, each));
}

/** Columns of the events that can be missing, and what is not known without them. */
const OPTIONAL_COLUMNS: readonly (readonly [field: string, ...columns: string[]])[] = [
  ['notes', 'description'],
  ['end', 'end_date'],
  ['isAllDay', 'all_day'],
  ['timeZone', 'start_tz'],
  ['status', 'status'],
  ['availability', 'availability'],
  ['url', 'url'],
  ['createdAt', 'creation_date'],
  ['modifiedAt', 'last_modified'],
  ['calendar', 'calendar_id'],
  ['location', 'location_id', 'location'],
  ['organizer', 'organizer_id'],
  ['travelTimeSeconds', 'travel_time'],
  ['sequence', 'sequence_num'],
  ['detachedFrom', 'orig_item_id', 'orig_event_id'],
  ['uid', 'unique_identifier', 'UUID', 'external_id'],
];

/** Tables that hold parts of events, and what is not known without them. */
const OPTIONAL_TABLES: readonly (readonly [field: string, table: string])[] = [
  ['attendees', 'Participant'],
  ['recurrences', 'Recurrence'],
  ['exceptions', 'ExceptionDate'],
  ['alarms', 'Alarm'],
  ['attachments', 'Attachment'],
];

/** Names of the fields of events that this database does not record. */
export function missingFields(database: ContentDatabase): string[] {
  const items = itemsTable(database);
  const fields = OPTIONAL_COLUMNS.filter(([, ...columns]) => !columns.some((each) => database.has(items, each)));
  const parts = OPTIONAL_TABLES.filter(([, table]) => !database.has(table));
  const hasConferences =
    ownerColumn(database, 'Conference') !== undefined ||
    ['conference_url_detected', 'conference_url'].some((each) => database.has(items, each));
  return [...[...fields, ...parts].map(([field]) => field), ...(hasConferences ? [] : ['conferenceUrl'])];
}
