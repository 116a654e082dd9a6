import type { Reminder } from '../../../../../src/contract/index.ts';

interface Group {
  readonly heading: string;
  /** The place of its first among all. */
  readonly first: number;
  readonly items: Reminder[];
}

/** Reminders under headings, in their order: what lies within another stands under the heading of that one. */
export function groupReminders(reminders: readonly Reminder[], headingOf: (reminder: Reminder) => string): Group[] {
  const groups: Group[] = [];
  for (const [n, reminder] of reminders.entries()) {
    const last = groups.at(-1);
    const heading = reminder.depth > 0 && last !== undefined ? last.heading : headingOf(reminder);
    if (last?.heading === heading) last.items.push(reminder);
    else groups.push({ heading, first: n, items: [reminder] });
  }
  return groups;
}
