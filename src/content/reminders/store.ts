import { calendarTime } from '../calendar/time.ts';
import { momentOf } from '../../shared/time/time-zone.ts';
import type { EventAlarm } from '../calendar/event.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, isBadDate, numberOf, textOf, uuidOf, type Recorded } from '../source/row-values.ts';
import { Entity, type EntityRow } from './entity.ts';
import { readReminderParts, type ReminderAlarm, type ReminderParts } from './parts.ts';
import type { Reminder, ReminderList } from './reminder.ts';

/** Attributes that can be missing, and what is not known without them. */
const FIELDS: readonly (readonly [field: string, attribute: string])[] = [
  ['notes', 'NOTES'],
  ['due', 'DUEDATE'],
  ['start', 'STARTDATE'],
  ['isAllDay', 'ALLDAY'],
  ['timeZone', 'TIMEZONE'],
  ['isCompleted', 'COMPLETED'],
  ['completedAt', 'COMPLETIONDATE'],
  ['priority', 'PRIORITY'],
  ['isFlagged', 'FLAGGED'],
  ['parent', 'PARENTREMINDER'],
  ['list', 'LIST'],
  ['createdAt', 'CREATIONDATE'],
  ['modifiedAt', 'LASTMODIFIEDDATE'],
  ['isDeleted', 'MARKEDFORDELETION'],
];

const DATES = ['due', 'start', 'completedAt', 'createdAt', 'modifiedAt'];

/** The reminders of one account since iOS 13: a Core Data store of its own. */
export class ReminderStore implements Disposable {
  readonly lists: readonly ReminderList[];
  readonly notAvailable: readonly string[];
  readonly #database: ContentDatabase;
  readonly #reminders: Entity;
  readonly #parts: ReminderParts;
  readonly #keys: ReadonlyMap<number, string>;

  constructor(database: ContentDatabase) {
    this.#database = database;
    this.#reminders = new Entity(database, 'REMCDReminder');
    const { table } = this.#reminders;
    if (table === undefined || !this.#reminders.has('TITLE')) database.require('ZREMCDREMINDER', 'ZTITLE');
    this.#parts = readReminderParts(database);
    this.lists = [...this.#parts.lists.values()];
    this.notAvailable = [
      ...FIELDS.filter(([, attribute]) => !this.#reminders.has(attribute)).map(([field]) => field),
      ...(this.#parts.sections ? [] : ['section']),
      ...(this.#parts.assignees ? [] : ['assignee']),
    ];
    // Parts of reminders name their whole by its row number.
    this.#keys = new Map();
    const parents = this.#reminders.has('PARENTREMINDER') ? this.#reminders.rows() : [];
    const wanted = new Set<number>();
    for (const row of parents) if (row.reference('PARENTREMINDER') > 0) wanted.add(row.reference('PARENTREMINDER'));
    if (wanted.size > 0) {
      this.#keys = new Map(
        [...this.#reminders.rows()].filter((row) => wanted.has(row.id)).map((row) => [row.id, this.#keyOf(row)]),
      );
    }
  }

  get count(): number {
    return this.#reminders.count;
  }

  /** All reminders, those of a list together, in the order of the list. */
  *reminders(): Generator<Reminder, undefined> {
    const order = ['LIST', 'ICSDISPLAYORDER'].flatMap((attribute) => this.#reminders.column(attribute) ?? []);
    for (const row of this.#reminders.rows([...order, 'Z_PK'].join(', '))) yield this.#reminder(row);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #reminder(row: EntityRow): Reminder {
    const parts = this.#parts;
    const isAllDay = flagOf(row.get('ALLDAY'));
    const timeZone = textOf(row.get('TIMEZONE'));
    const time = (attribute: string): Reminder['due'] => {
      const at = cocoaDateOf(row.get(attribute));
      return at && calendarTime(at, timeZone, isAllDay === true);
    };
    const key = this.#keyOf(row);
    const cloudKey = textOf(row.get('CKIDENTIFIER')) ?? key;
    const problem = FIELDS.find(([field, attribute]) => DATES.includes(field) && isBadDate(row.get(attribute)))?.[0];
    const icsUrl = textOf(row.get('ICSURL'));
    return {
      key,
      list: parts.lists.get(row.reference('LIST')),
      section:
        parts.sections && (parts.sections.get(key.toUpperCase()) ?? parts.sections.get(cloudKey.toUpperCase()) ?? null),
      parent:
        row.get('PARENTREMINDER') === undefined ? undefined : (this.#keys.get(row.reference('PARENTREMINDER')) ?? null),
      title: textOf(row.get('TITLE')),
      notes: textOf(row.get('NOTES')),
      due: time('DUEDATE'),
      start: time('STARTDATE'),
      isAllDay,
      timeZone,
      isCompleted: flagOf(row.get('COMPLETED')),
      completedAt: cocoaDateOf(row.get('COMPLETIONDATE')),
      priority: numberOf(row.get('PRIORITY')),
      isFlagged: flagOf(row.get('FLAGGED')),
      urls: [...(icsUrl ? [icsUrl] : []), ...(parts.urls.get(row.id) ?? [])].filter(
        (url, i, all) => all.indexOf(url) === i,
      ),
      tags: parts.tags.get(row.id) ?? [],
      attachments: parts.files.get(row.id) ?? [],
      assignee: parts.assignees && (parts.assignees.get(row.id)?.join(', ') ?? null),
      recurrences: parts.recurrences.get(row.id) ?? [],
      alarms: (parts.alarms.get(row.id) ?? []).map((alarm) => placedAlarm(alarm, timeZone)),
      createdAt: cocoaDateOf(row.get('CREATIONDATE')),
      modifiedAt: cocoaDateOf(row.get('LASTMODIFIEDDATE')),
      isDeleted: flagOf(row.get('MARKEDFORDELETION')),
      ...(problem !== undefined && { problem }),
    };
  }

  /** Identifiers are the same on all devices of an account; the row number is only the same on this one. */
  #keyOf(row: EntityRow): string {
    return (
      uuidOf(row.get('IDENTIFIER')) ||
      textOf(row.get('CKIDENTIFIER')) ||
      `${this.#database.place.relativePath}/${row.id}`
    );
  }
}

/** A time without a zone rings by the clocks of the reminder's zone, or else by those of UTC. */
function placedAlarm(alarm: ReminderAlarm, timeZone: Recorded<string>): EventAlarm {
  if (!('local' in alarm)) return alarm;
  return { at: momentOf(timeZone || 'UTC', alarm.local), isDisabled: false };
}
