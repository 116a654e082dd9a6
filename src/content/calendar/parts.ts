/** What belongs to events and stands in tables of its own: read once, kept by the row of the event. */
import type { Row, SqlValue } from '../../database/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, numberOf, textOf } from '../source/row-values.ts';
import type { EventAlarm, EventAttachment, EventLocation, Participant } from './event.ts';
import { EVERY_DAY, FREQUENCIES, makeRule, parseSpecifier, WEEKDAYS, type RecurrenceRule } from './recurrence.ts';
import { ownerColumn } from './schema.ts';
import { appendTo } from '../../shared/append-to.ts';

type ByOwner<T> = ReadonlyMap<number, readonly T[]>;

export interface EventParts {
  /** By their own row numbers. */
  readonly locations: ReadonlyMap<number, EventLocation>;
  readonly locationsOfItems: ReadonlyMap<number, EventLocation>;
  readonly participants: ReadonlyMap<number, Participant>;
  readonly invitees: ByOwner<Participant>;
  readonly recurrences: ByOwner<RecurrenceRule>;
  readonly exceptions: ByOwner<Date>;
  readonly alarms: ByOwner<EventAlarm>;
  readonly attachments: ByOwner<EventAttachment>;
  /** Addresses of calls, where they have a table of their own. */
  readonly conferences: ByOwner<string>;
}

/** `Participant.entity_type` of the one who invites; everybody else is invited. */
const ORGANIZER = 8;
/** An alarm at this moment stands for "no alarm, not even the usual one". */
const NO_ALARM_AT = Date.UTC(1976, 3, 1, 0, 55, 45);

export function readParts(database: ContentDatabase, backup: Backup): EventParts {
  const locations = new Map<number, EventLocation>();
  const locationsOfItems = new Map<number, EventLocation>();
  const locationsOfAlarms = new Map<number, EventLocation>();
  for (const row of rowsOf(database, 'Location')) {
    const location = locationOf(row);
    locations.set(idOf(row['row']), location);
    if (idOf(row['item_owner_id']) > 0) locationsOfItems.set(idOf(row['item_owner_id']), location);
    if (idOf(row['alarm_owner_id']) > 0) locationsOfAlarms.set(idOf(row['alarm_owner_id']), location);
  }
  const identities = new Map([...rowsOf(database, 'Identity')].map((row) => [idOf(row['row']), row]));
  const participants = new Map<number, Participant>();
  const invitees = new Map<number, Participant[]>();
  const ownerOfParticipant = ownerColumn(database, 'Participant');
  for (const row of rowsOf(database, 'Participant')) {
    const participant = participantOf(row, identities.get(idOf(row['identity_id'])));
    participants.set(idOf(row['row']), participant);
    if (numberOf(row['entity_type']) === ORGANIZER || ownerOfParticipant === undefined) continue;
    appendTo(invitees, idOf(row[ownerOfParticipant]), participant);
  }
  return {
    locations,
    locationsOfItems,
    participants,
    invitees,
    recurrences: byOwner(database, 'Recurrence', recurrenceOf),
    exceptions: byOwner(database, 'ExceptionDate', (row) => cocoaDateOf(row['date']) ?? undefined),
    alarms: byOwner(database, 'Alarm', (row) =>
      alarmOf(row, locations.get(idOf(row['location_id'])) ?? locationsOfAlarms.get(idOf(row['row']))),
    ),
    attachments: attachmentsOf(database, backup),
    conferences: byOwner(database, 'Conference', (row) => textOf(row['url']) || undefined),
  };
}

/** All columns, and the row number as `row`. Nothing where there is no such table. */
function* rowsOf(database: ContentDatabase, table: string): Generator<Row, undefined> {
  if (database.has(table)) yield* database.rows(`SELECT ROWID AS row, * FROM "${table}"`, [], { bigints: true });
}

function byOwner<T>(
  database: ContentDatabase,
  table: string,
  read: (row: Row) => T | undefined,
): ReadonlyMap<number, T[]> {
  const found = new Map<number, T[]>();
  const owner = ownerColumn(database, table);
  if (owner === undefined) return found;
  for (const row of rowsOf(database, table)) {
    const value = read(row);
    if (value !== undefined) appendTo(found, idOf(row[owner]), value);
  }
  return found;
}

/** 0 for what is no row number. */
export const idOf = (value: SqlValue | undefined): number => numberOf(value) ?? 0;

function locationOf(row: Row): EventLocation {
  const [latitude, longitude] = [numberOf(row['latitude']), numberOf(row['longitude'])];
  // A place without coordinates has zeros, or numbers that are on no globe.
  const isPlace =
    !(latitude === 0 && longitude === 0) && Math.abs(latitude ?? 0) <= 90 && Math.abs(longitude ?? 0) <= 180;
  return {
    title: textOf(row['title']),
    address: textOf(row['address']),
    latitude: isPlace ? latitude : null,
    longitude: isPlace ? longitude : null,
    radiusM: numberOf(row['radius']),
  };
}

function participantOf(row: Row, identity: Row | undefined): Participant {
  const address = textOf(identity?.['address']) ?? undefined;
  const name = textOf(identity?.['display_name']);
  const parts = [textOf(identity?.['first_name']), textOf(identity?.['last_name'])].filter(Boolean).join(' ');
  return {
    name: name || parts || name,
    email: textOf(row['email']) || addressAfter(address, 'mailto:') || textOf(row['email']),
    phone: textOf(row['phone_number']) || addressAfter(address, 'tel:') || textOf(row['phone_number']),
    response: pick(['none', 'accepted', 'declined', 'maybe', 'delegated', undefined, undefined, 'none'], row['status']),
    role: pick([undefined, 'required', 'optional', 'chair', 'guest'], row['role']),
    type: pick([undefined, 'person', 'room', 'resource', 'group'], row['type']),
    isSelf: flagOf(row['is_self']),
    comment: textOf(row['comment']),
  };
}

function addressAfter(address: string | undefined, scheme: string): string | undefined {
  return address?.toLowerCase().startsWith(scheme) === true ? address.slice(scheme.length) : undefined;
}

/** The meaning of a number that Apple's frameworks call an enumeration. */
export function pick<T>(meanings: readonly (T | undefined)[], value: SqlValue | undefined): T | undefined {
  const number = numberOf(value);
  return typeof number === 'number' && Number.isInteger(number)
    ? meanings.at(number < 0 ? meanings.length : number)
    : undefined;
}

function recurrenceOf(row: Row): RecurrenceRule | undefined {
  const specifier = textOf(row['specifier']);
  return makeRule({
    frequency: pick([undefined, ...FREQUENCIES], row['frequency']),
    interval: numberOf(row['interval']),
    count: numberOf(row['count']),
    until: cocoaDateOf(row['end_date']),
    weekStart: pick([undefined, ...WEEKDAYS], row['week_start']),
    days: specifier ? parseSpecifier(specifier) : EVERY_DAY,
  });
}

function alarmOf(row: Row, location: EventLocation | undefined): EventAlarm | undefined {
  const at = cocoaDateOf(row['trigger_date']);
  const offset = numberOf(row['trigger_interval']);
  const when = pick([undefined, 'arriving', 'leaving'] as const, row['proximity']);
  if (at?.getTime() === NO_ALARM_AT) return undefined;
  return {
    ...(when && location ? { place: { ...location, when } } : at ? { at } : { offsetSeconds: Math.trunc(offset ?? 0) }),
    isDisabled: flagOf(row['disabled']) === true,
  };
}

/** Since iOS 12 or so the files have a table of their own. */
function attachmentsOf(database: ContentDatabase, backup: Backup): ByOwner<EventAttachment> {
  const files = new Map([...rowsOf(database, 'AttachmentFile')].map((row) => [idOf(row['row']), row]));
  return byOwner(database, 'Attachment', (row) => {
    const file = files.get(idOf(row['file_id'])) ?? row;
    const localPath = textOf(file['local_path']) || textOf(file['local_url']);
    const entry = localPath ? localFile(backup, localPath) : undefined;
    return {
      filename: textOf(file['filename']),
      url: textOf(file['url']),
      format: textOf(file['format']),
      sizeBytes: numberOf(file['file_size']),
      state: entry ? 'in-backup' : localPath ? 'not-in-backup' : 'not-downloaded',
      ...(entry && { entry }),
    };
  });
}

function localFile(backup: Backup, localPath: string): EventAttachment['entry'] {
  const path = localPath
    .replace(/^file:\/\//, '')
    .replace(/^(?:\/private)?\/var\/mobile\//, '')
    .replace(/^~?\//, '');
  const entry = backup.find('HomeDomain', path) ?? backup.find('HomeDomain', `Library/Calendar/${path}`);
  return entry?.kind === 'file' ? entry : undefined;
}
