import { openReminders, type Reminder, type ReminderList, type Reminders } from '../../content/index.ts';
import { component, property, textProperty } from '../calendar/icalendar.ts';
import { CALENDAR_HEAD, enclosed } from '../calendar/index.ts';
import { UsedZones } from '../calendar/time-properties.ts';
import { isoTime, offsetWords, ruleWords } from '../calendar/words.ts';
import type { ContentExport, ExportOptions, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { listsPage, type ShownList } from './lists-page.ts';
import { todoComponent } from './todo-component.ts';

/** Reminders: lists with boxes to read and print, iCalendar files of tasks, tables. */
export const remindersExport: ContentExport = {
  kind: 'reminders',
  title: 'Reminders',
  formats: ['html', 'ics', 'csv', 'json'],
  run: takeOutReminders,
};

async function takeOutReminders(request: ExportRequest): Promise<ExportSummary | undefined> {
  using reminders = await openReminders(request.backup);
  if (reminders === undefined) return undefined;
  const { folder, format, timeZone, signal } = request;
  const wanted = (): Reminder[] => wantedOf(reminders, request.options);
  const all = wanted();
  signal.throwIfAborted();
  let startPage: string | undefined;
  if (format === 'ics' || format === 'html') {
    const lists: ShownList[] = [];
    for (const [list, members] of Map.groupBy(all, (each) => each.list)) {
      const file = await writeList(list, members, request);
      const [title, account, color] = [titleOf(list), list?.account ?? undefined, list?.color ?? undefined];
      lists.push({ title, account, color, file, reminders: members });
    }
    if (format === 'html') startPage = (await folder.write(['Reminders.html'], listsPage(lists, timeZone))).path;
  } else if (format === 'csv') {
    await folder.write(
      ['Reminders.csv'],
      csv(
        COLUMNS,
        all.map((each) => cells(each, timeZone)),
      ),
    );
  } else {
    await folder.write(['Reminders.json'], jsonArray(all.map((each) => jsonReminder(each, timeZone))));
  }
  request.onProgress?.(all.length, all.length);
  const notes = reminders.problems.map((problem) => `One account's reminders could not be read: ${problem}.`);
  return { items: all.length, notes, ...(startPage !== undefined && { startPage }) };
}

const titleOf = (list: ReminderList | undefined): string => list?.title || 'Without a list';

/** What was thrown away comes only when it is asked for. */
function wantedOf(reminders: Reminders, { from, until, deleted }: ExportOptions): Reminder[] {
  return [...reminders.reminders()].filter((reminder) => {
    if (reminder.isDeleted === true && deleted !== true) return false;
    if (from === undefined && until === undefined) return true;
    const at = reminder.completedAt ?? reminder.modifiedAt ?? reminder.createdAt;
    return at ? at >= (from ?? at) && at.getTime() < (until?.getTime() ?? Infinity) : false;
  });
}

async function writeList(
  list: ReminderList | undefined,
  members: readonly Reminder[],
  { backup, folder }: ExportRequest,
): Promise<string> {
  const stamp = backup.facts?.date ?? backup.info?.lastBackupAt ?? new Date(0);
  const zones = new UsedZones();
  const todos = members.map((each) => todoComponent(each, zones, stamp));
  const name = titleOf(list);
  const { properties } = component('VCALENDAR', [
    ...CALENDAR_HEAD,
    textProperty('NAME', name),
    textProperty('X-WR-CALNAME', name),
    list?.color && property('X-APPLE-CALENDAR-COLOR', list.color),
  ]);
  return (await folder.write([`${name}.ics`], enclosed(properties, zones, todos))).path;
}

const COLUMNS = [
  'list',
  'account',
  'section',
  'title',
  'notes',
  'due',
  'all day',
  'time zone',
  'completed',
  'completed at',
  'priority',
  'flagged',
  'tags',
  'urls',
  'repeats',
  'alerts',
  'assigned to',
  'attachments',
  'part of',
  'created',
  'modified',
  'deleted',
  'id',
  'problem',
];

function cells(reminder: Reminder, timeZone: string): CsvValue[] {
  const iso = (at: Date | null | undefined): CsvValue => at && isoTime({ kind: 'instant', at, timeZone }, timeZone);
  return [
    reminder.list?.title,
    reminder.list?.account,
    reminder.section,
    reminder.title,
    reminder.notes,
    isoTime(reminder.due, timeZone),
    reminder.isAllDay,
    reminder.timeZone,
    reminder.isCompleted,
    iso(reminder.completedAt),
    reminder.priority,
    reminder.isFlagged,
    reminder.tags.join('; '),
    reminder.urls.join('; '),
    reminder.recurrences.map(ruleWords).join('; '),
    reminder.alarms
      .map(({ at, place, offsetSeconds }) =>
        place ? `${place.when} ${place.title ?? ''}` : at ? iso(at) : offsetWords(offsetSeconds ?? 0),
      )
      .join('; '),
    reminder.assignee,
    reminder.attachments.join('; '),
    reminder.parent,
    iso(reminder.createdAt),
    iso(reminder.modifiedAt),
    reminder.isDeleted,
    reminder.key,
    reminder.problem,
  ];
}

function jsonReminder(reminder: Reminder, timeZone: string): unknown {
  const { list, ...rest } = reminder;
  return {
    ...rest,
    list: list && { title: list.title, account: list.account, color: list.color, group: list.group, key: list.key },
    due: isoTime(reminder.due, timeZone),
    start: isoTime(reminder.start, timeZone),
  };
}
