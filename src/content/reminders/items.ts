import { momentOfTime } from '../calendar/time.ts';
import type { ContentItem } from '../source/content-item.ts';
import type { Reminders } from './reminders.ts';

/** Reminders for searching, and for following them from backup to backup. */
export function* remindersItems(reminders: Reminders): Generator<ContentItem, undefined> {
  for (const reminder of reminders.reminders()) {
    if (reminder.isDeleted === true) continue;
    yield {
      kind: 'reminders',
      key: reminder.key,
      at: momentOfTime(reminder.due) ?? reminder.modifiedAt ?? reminder.createdAt ?? undefined,
      title: reminder.title ?? '',
      text: [reminder.title, reminder.notes, reminder.list?.title, ...reminder.tags, ...reminder.urls]
        .filter(Boolean)
        .join('\n'),
    };
  }
}
