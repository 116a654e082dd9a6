/** Reminders until iOS 12: rows of the calendar's database, beside the events. */
import type { Row } from '../../database/index.ts';
import type { Backup } from '../../snapshot/index.ts';
import { REMINDER_ENTITY, readCalendars } from '../calendar/calendar.ts';
import { idOf, readParts, type EventParts } from '../calendar/parts.ts';
import { itemsTable } from '../calendar/schema.ts';
import { calendarTime } from '../calendar/time.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { cocoaDateOf, flagOf, isBadDate, numberOf, textOf } from '../source/row-values.ts';
import type { Reminder, ReminderList } from './reminder.ts';

export class LegacyReminderStore implements Disposable {
  readonly lists: readonly ReminderList[];
  /** Sections, tags, flags and reminders within reminders came with iOS 13. */
  readonly notAvailable = ['section', 'parent', 'isFlagged', 'tags', 'assignee'];
  readonly #database: ContentDatabase;
  readonly #parts: EventParts;
  readonly #byRow: ReadonlyMap<number, ReminderList>;

  constructor(database: ContentDatabase, backup: Backup) {
    this.#database = database;
    this.#parts = readParts(database, backup);
    const sql = `SELECT DISTINCT calendar_id AS id FROM CalendarItem WHERE entity_type = ${REMINDER_ENTITY}`;
    const used = new Set([...database.rows(sql, [], { bigints: true })].map((row) => idOf(row['id'])));
    const calendars = readCalendars(database).filter(({ row }) => used.has(row));
    this.#byRow = new Map(
      calendars.map(({ row, key, title, account, color, sharing }) => [
        row,
        {
          key,
          title,
          account: account?.name,
          color,
          isShared: sharing && sharing !== 'not-shared',
          group: undefined,
          isDeleted: undefined,
        },
      ]),
    );
    this.lists = [...this.#byRow.values()];
  }

  /** Whether a calendar database holds reminders. */
  static holdsReminders(database: ContentDatabase): boolean {
    const items = itemsTable(database);
    if (!database.has(items, 'entity_type') || !database.has(items, 'calendar_id')) return false;
    return database.get(`SELECT 1 FROM "${items}" WHERE entity_type = ${REMINDER_ENTITY} LIMIT 1`) !== undefined;
  }

  get count(): number {
    const sql = `SELECT count(*) AS n FROM CalendarItem WHERE entity_type = ${REMINDER_ENTITY}`;
    return Number(this.#database.get(sql)?.['n'] ?? 0);
  }

  *reminders(): Generator<Reminder, undefined> {
    const order = ['calendar_id', 'display_order'].filter((column) => this.#database.has('CalendarItem', column));
    const sql = `SELECT ROWID AS row, * FROM CalendarItem WHERE entity_type = ${REMINDER_ENTITY} ORDER BY ${[...order, 'ROWID'].join(', ')}`;
    for (const row of this.#database.rows(sql, [], { bigints: true })) yield this.#reminder(row);
  }

  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #reminder(row: Row): Reminder {
    const id = idOf(row['row']);
    const isAllDay = flagOf(row['due_all_day']) ?? flagOf(row['all_day']);
    const [due, start] = [cocoaDateOf(row['due_date']), cocoaDateOf(row['start_date'])];
    const timeZone = textOf(row['due_tz']) ?? textOf(row['start_tz']);
    const completedAt = cocoaDateOf(row['completion_date']);
    const url = textOf(row['url']);
    const problem = ['due_date', 'start_date', 'completion_date'].find((column) => isBadDate(row[column]));
    return {
      key: textOf(row['unique_identifier']) || textOf(row['UUID']) || `${this.#database.place.relativePath}/${id}`,
      list: this.#byRow.get(idOf(row['calendar_id'])),
      section: undefined,
      parent: undefined,
      title: textOf(row['summary']),
      notes: textOf(row['description']),
      due: due && calendarTime(due, timeZone, isAllDay === true),
      start: start && calendarTime(start, textOf(row['start_tz']), isAllDay === true),
      isAllDay,
      timeZone: timeZone === '_float' ? null : timeZone,
      isCompleted: completedAt === undefined ? undefined : completedAt !== null,
      completedAt,
      priority: numberOf(row['priority']),
      isFlagged: undefined,
      urls: url ? [url] : [],
      tags: [],
      attachments: (this.#parts.attachments.get(id) ?? []).flatMap(({ filename }) => filename ?? []),
      assignee: undefined,
      recurrences: this.#parts.recurrences.get(id) ?? [],
      alarms: this.#parts.alarms.get(id) ?? [],
      createdAt: cocoaDateOf(row['creation_date']),
      modifiedAt: cocoaDateOf(row['last_modified']),
      isDeleted: undefined,
      ...(problem !== undefined && { problem }),
    };
  }
}
