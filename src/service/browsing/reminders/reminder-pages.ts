import type {
  Reminder as ToldReminder,
  ReminderList as ToldList,
  ReminderPlace,
  Reminders as ToldReminders,
  RemindersQuery,
} from '../../../contract/index.ts';
import { calendarTimeKey, type Reminder, type ReminderList } from '../../../content/index.ts';
import { ruleValue } from '../../../export/index.ts';
import { forEachInSlices } from '../../../shared/flow/in-slices.ts';
import { forReader } from '../calendar/occurrences.ts';
import { remindersIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, pageFrom, safeLink, textOrNone } from '../values.ts';
import { zoneOf } from '../zone.ts';
import { inOrder, type Placed } from './in-order.ts';

interface OneList {
  readonly list: ReminderList | undefined;
  readonly reminders: readonly Reminder[];
}

/** For those that no list holds. */
const NO_LIST = 'none';
const idOf = (list: ReminderList | undefined): string => list?.key ?? NO_LIST;

/** What was not thrown away, list by list; lists with nothing in them are there, too. */
const allLists = (unlocked: Unlocked): Promise<ReadonlyMap<string, OneList>> =>
  unlocked.once('all reminders', async () => {
    const reminders = demandKind(await remindersIn(unlocked), 'reminders');
    const lists = new Map<string, { list: ReminderList | undefined; reminders: Reminder[] }>();
    for (const list of reminders.lists) {
      if (list.isDeleted !== true) lists.set(list.key, { list, reminders: [] });
    }
    await forEachInSlices(reminders.reminders(), (reminder) => {
      if (reminder.isDeleted === true) return;
      const known = lists.get(idOf(reminder.list));
      if (known === undefined) lists.set(idOf(reminder.list), { list: reminder.list, reminders: [reminder] });
      else known.reminders.push(reminder);
    });
    return lists;
  });

/** @throws {AppError} CONTENT_NOT_FOUND for a list that is not there, USAGE for a time zone nobody knows */
export async function listReminders(unlocked: Unlocked, query: RemindersQuery): Promise<ToldReminders> {
  const lists = await allLists(unlocked);
  const zone = zoneOf(query.timeZone);
  const open = [...lists.values()].flatMap(({ reminders }) => reminders.filter(isOpen));
  const scheduled = open.filter(({ due }) => due).toSorted((a, b) => dueMs(a) - dueMs(b));
  const flagged = open.filter(({ isFlagged }) => isFlagged === true);
  return {
    ...pageFrom(chosen(lists, { scheduled, flagged }, query), query, (placed: Placed) => tell(placed, zone)),
    lists: [...lists.values()].map(tellList),
    scheduled: scheduled.length,
    flagged: flagged.length,
  };
}

/** Where a reminder stands in its list. @throws {AppError} CONTENT_NOT_FOUND */
export async function placeOfReminder(unlocked: Unlocked, id: string): Promise<ReminderPlace> {
  for (const [list, { reminders }] of await allLists(unlocked)) {
    if (!reminders.some(({ key }) => key === id)) continue;
    for (const done of [false, true]) {
      const n = shown(reminders, done).findIndex(({ reminder }) => reminder.key === id);
      if (n !== -1) return { list, done, n };
    }
  }
  return demandItem<ReminderPlace>(undefined, 'reminder');
}

function chosen(
  lists: ReadonlyMap<string, OneList>,
  views: Readonly<Record<'scheduled' | 'flagged', readonly Reminder[]>>,
  { list, view, done }: RemindersQuery,
): readonly Placed[] {
  const isWithDone = done === 'true';
  if (list !== undefined) return shown(demandItem(lists.get(list), 'list').reminders, isWithDone);
  if (view !== 'all') return views[view].map((reminder) => ({ reminder, depth: 0 }));
  return [...lists.values()].flatMap(({ reminders }) => shown(reminders, isWithDone));
}

const shown = (reminders: readonly Reminder[], isWithDone: boolean): Placed[] =>
  inOrder(isWithDone ? reminders : reminders.filter(isOpen));

const isOpen = ({ isCompleted }: Reminder): boolean => isCompleted !== true;
const dueMs = ({ due }: Reminder): number => (due ? calendarTimeKey(due) : Infinity);

function tellList({ list, reminders }: OneList): ToldList {
  const open = reminders.filter(isOpen).length;
  return {
    id: idOf(list),
    title: list?.title ?? '',
    color: list?.color && /^#[0-9a-f]{6}$/i.test(list.color) ? list.color : undefined,
    account: textOrNone(list?.account),
    group: textOrNone(list?.group),
    isShared: list?.isShared === true ? true : undefined,
    open,
    done: reminders.length - open,
  };
}

function tell({ reminder, depth }: Placed, zone: string): ToldReminder {
  const { due, start, priority, completedAt } = reminder;
  const time = start ?? due;
  return {
    id: reminder.key,
    list: idOf(reminder.list),
    section: textOrNone(reminder.section),
    depth,
    title: reminder.title ?? '',
    notes: textOrNone(reminder.notes),
    due: due ? forReader(due, zone) : undefined,
    isDone: !isOpen(reminder),
    doneAt: isoOf(completedAt),
    priority: priority ? (priority < 5 ? 'high' : priority === 5 ? 'medium' : 'low') : undefined,
    isFlagged: reminder.isFlagged === true ? true : undefined,
    links: reminder.urls.map((text) => ({ text, to: safeLink(text) })),
    tags: [...reminder.tags],
    assignee: textOrNone(reminder.assignee),
    rules: time ? reminder.recurrences.map((rule) => ruleValue(rule, time)) : [],
    alarms: reminder.alarms
      .filter(({ isDisabled }) => !isDisabled)
      .map(({ offsetSeconds, at, place }) => ({
        offsetSeconds,
        at: isoOf(at),
        place: place && { title: textOrNone(place.title) ?? textOrNone(place.address) ?? '', when: place.when },
      })),
    attachments: [...reminder.attachments],
  };
}
