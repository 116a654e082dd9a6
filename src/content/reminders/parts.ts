/** What belongs to reminders and stands in rows of its own: read once per store, kept by the number of the reminder. */
import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import { momentOf, timeZoneNamed } from '../../shared/time/time-zone.ts';
import type { EventAlarm } from '../calendar/event.ts';
import { pick } from '../calendar/parts.ts';
import { FREQUENCIES, makeRule, type RecurrenceRule } from '../calendar/recurrence.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, numberOf, textOf, uuidOf } from '../source/row-values.ts';
import { daySelection, decodeBlob, deepText, fieldOf, listOf, localTimeOf } from './blobs.ts';
import { Entity, type EntityRow } from './entity.ts';
import type { ReminderList } from './reminder.ts';
import { appendTo } from '../../shared/append-to.ts';

type ByReminder<T> = ReadonlyMap<number, readonly T[]>;

/** Something that rings: a place, a span before the reminder is due, or a time that may stand without a zone. */
export type ReminderAlarm = EventAlarm | { readonly local: string };

export interface ReminderParts {
  readonly lists: ReadonlyMap<number, ReminderList>;
  /** The names of sections, by the upper-case identifiers of the reminders in them. */
  readonly sections: ReadonlyMap<string, string> | undefined;
  readonly recurrences: ByReminder<RecurrenceRule>;
  readonly alarms: ByReminder<ReminderAlarm>;
  readonly tags: ByReminder<string>;
  readonly urls: ByReminder<string>;
  readonly files: ByReminder<string>;
  readonly assignees: ByReminder<string> | undefined;
}

export function readReminderParts(database: ContentDatabase): ReminderParts {
  const entity = (name: string): Entity => new Entity(database, name);
  const lists = readLists(database);
  const labels = new Map([...entity('REMCDHashtagLabel').rows()].map((row) => [row.id, textOf(row.get('NAME'))]));
  const assignments = entity('REMCDAssignment');
  const sharees = new Map([...entity('REMCDSharee').rows()].map((row) => [row.id, personOf(row)]));
  const triggers = new Map([...entity('REMCDAlarmTrigger').rows()].map((row) => [row.id, row]));
  // In stores whose model does not say that triggers are one kind of thing, each kind is looked up by itself.
  for (const kind of ['Date', 'Location', 'TimeInterval', 'Vehicle']) {
    if (triggers.size > 0 && kind === 'Date') break;
    for (const row of entity(`REMCDAlarm${kind}Trigger`).rows()) triggers.set(row.id, row);
  }
  return {
    lists,
    sections: readSections(database),
    recurrences: byReminder(entity('REMCDRecurrenceRule'), recurrenceOf),
    alarms: byReminder(entity('REMCDAlarm'), (row) => alarmOf(triggers.get(row.reference('TRIGGER')) ?? row)),
    tags: byReminder(
      entity('REMCDHashtag'),
      (row) => labels.get(row.reference('HASHTAGLABEL')) ?? textOf(row.get('NAME')),
    ),
    urls: byReminder(entity('REMCDURLAttachment'), (row) => textOf(row.get('URL'))),
    files: byReminder(entity('REMCDFileAttachment'), (row) => textOf(row.get('FILENAME'))),
    assignees:
      assignments.table === undefined
        ? undefined
        : byReminder(assignments, (row) => sharees.get(row.reference('ASSIGNEE'))),
  };
}

const isGone = (row: EntityRow): boolean => flagOf(row.get('MARKEDFORDELETION')) === true;

function byReminder<T>(entity: Entity, read: (row: EntityRow) => T | null | undefined): ByReminder<T> {
  const found = new Map<number, T[]>();
  for (const row of entity.rows()) {
    const reminder = row.reference('REMINDER');
    const value = reminder === 0 || isGone(row) ? undefined : read(row);
    if (value === undefined || value === null || value === '') continue;
    appendTo(found, reminder, value);
  }
  return found;
}

function readLists(database: ContentDatabase): ReadonlyMap<number, ReminderList> {
  const accounts = new Map(
    [...new Entity(database, 'REMCDAccount').rows()].map((row) => [row.id, textOf(row.get('NAME'))]),
  );
  const base = new Entity(database, 'REMCDBaseList');
  const rows = [...(base.table === undefined ? new Entity(database, 'REMCDList') : base).rows()];
  const names = new Map(rows.map((row) => [row.id, textOf(row.get('NAME'))]));
  return new Map(
    rows.map((row) => [
      row.id,
      {
        key: uuidOf(row.get('IDENTIFIER')) || textOf(row.get('CKIDENTIFIER')) || String(row.id),
        title: textOf(row.get('NAME')),
        account: row.get('ACCOUNT') === undefined ? undefined : (accounts.get(row.reference('ACCOUNT')) ?? null),
        color: colorOf(row),
        isShared: flagOf(row.get('SHARINGSTATUS')),
        group: row.get('PARENTLIST') === undefined ? undefined : (names.get(row.reference('PARENTLIST')) ?? null),
        isDeleted: flagOf(row.get('MARKEDFORDELETION')),
      },
    ]),
  );
}

function colorOf(row: EntityRow): ReminderList['color'] {
  const value = row.get('COLOR');
  if (value === undefined || value === null) return value;
  const color = deepText(decodeBlob(value), 'daHexString') ?? (typeof value === 'string' ? value : '');
  return /^#[0-9a-f]{6}/i.exec(color)?.[0].toUpperCase() ?? null;
}

/** Which reminder is in which section stands with the list, as pairs of identifiers. */
function readSections(database: ContentDatabase): ReadonlyMap<string, string> | undefined {
  const names = new Map<string, string>();
  const base = new Entity(database, 'REMCDBaseSection');
  const sections = base.table === undefined ? new Entity(database, 'REMCDListSection') : base;
  if (sections.table === undefined) return undefined;
  for (const row of sections.rows()) {
    const name = textOf(row.get('DISPLAYNAME'));
    for (const key of [uuidOf(row.get('IDENTIFIER')), textOf(row.get('CKIDENTIFIER'))]) {
      if (key && name && !isGone(row)) names.set(key.toUpperCase(), name);
    }
  }
  const ofReminders = new Map<string, string>();
  if (names.size === 0) return ofReminders;
  for (const row of new Entity(database, 'REMCDBaseList').rows()) {
    const data = decodeBlob(row.get('MEMBERSHIPSOFREMINDERSINSECTIONSASDATA'));
    for (const each of listOf(fieldOf(data, 'memberships'))) {
      const [member, group] = [fieldOf(each, 'memberID'), fieldOf(each, 'groupID')];
      const name = typeof group === 'string' ? names.get(group.toUpperCase()) : undefined;
      if (typeof member === 'string' && name !== undefined) ofReminders.set(member.toUpperCase(), name);
    }
  }
  return ofReminders;
}

function personOf(row: EntityRow): string | undefined {
  const name = [textOf(row.get('FIRSTNAME')), textOf(row.get('LASTNAME'))].filter(Boolean).join(' ');
  const address = textOf(row.get('ADDRESS'))?.replace(/^mailto:/i, '');
  return name || textOf(row.get('NICKNAME')) || textOf(row.get('DISPLAYNAME')) || address || undefined;
}

/** Frequencies count from 0 here, and from 1 in the calendar. */
function recurrenceOf(row: EntityRow): RecurrenceRule | undefined {
  return makeRule({
    frequency: pick(FREQUENCIES, row.get('FREQUENCY')),
    interval: numberOf(row.get('INTERVAL')),
    count: numberOf(row.get('OCCURRENCECOUNT')),
    until: cocoaDateOf(row.get('ENDDATE')),
    days: daySelection((attribute) => row.get(attribute)),
  });
}

function alarmOf(trigger: EntityRow): ReminderAlarm | undefined {
  const [latitude, longitude] = [numberOf(trigger.get('LATITUDE')), numberOf(trigger.get('LONGITUDE'))];
  if (typeof latitude === 'number' && typeof longitude === 'number') {
    const when = pick([undefined, 'arriving', 'leaving'] as const, trigger.get('PROXIMITY')) ?? 'arriving';
    const [title, address] = [textOf(trigger.get('TITLE')), textOf(trigger.get('ADDRESS'))];
    return {
      place: { title, address, latitude, longitude, radiusM: numberOf(trigger.get('RADIUS')), when },
      isDisabled: false,
    };
  }
  const components = decodeBlob(trigger.get('DATECOMPONENTSDATA'));
  const local = localTimeOf(components);
  if (local !== undefined) {
    const zone = zoneNameOf(components);
    const known = zone === undefined ? undefined : timeZoneNamed(zone);
    return known === undefined ? { local } : { at: momentOf(known, local), isDisabled: false };
  }
  const offset = numberOf(trigger.get('TIMEINTERVAL'));
  if (typeof offset === 'number') return { offsetSeconds: Math.trunc(offset), isDisabled: false };
  const at = fromCocoaSeconds(trigger.get('DATE'));
  return at && { at, isDisabled: false };
}

function zoneNameOf(components: unknown): string | undefined {
  const zone = fieldOf(components, 'timeZone', 'NS.timezone', 'NS.timeZone');
  const name = typeof zone === 'string' ? zone : fieldOf(zone, 'NS.name', 'identifier');
  return typeof name === 'string' ? name : undefined;
}
