import { z } from 'zod';
import { count, moment, PageQuery, pageOf } from './common.ts';

export const ReminderList = z.object({
  id: z.string(),
  title: z.string(),
  /** "#RRGGBB" */
  color: z.string().optional(),
  account: z.string().optional(),
  /** The group that the list lies in. */
  group: z.string().optional(),
  isShared: z.boolean().optional(),
  open: count,
  done: count,
});
export type ReminderList = z.infer<typeof ReminderList>;

export const Reminder = z.object({
  id: z.string(),
  /** Of its list. */
  list: z.string(),
  section: z.string().optional(),
  /** How many reminders it lies within, of those that are told with it. */
  depth: count,
  title: z.string(),
  notes: z.string().optional(),
  /** A day ("2026-05-01"), else a local time of the zone asked for ("2026-05-01T09:30:00"). */
  due: z.string().optional(),
  isDone: z.boolean(),
  doneAt: moment.optional(),
  priority: z.enum(['high', 'medium', 'low']).optional(),
  isFlagged: z.boolean().optional(),
  /** Where they lead, `to` is an address that a page may lead to. */
  links: z.array(z.object({ text: z.string(), to: z.string().optional() })),
  tags: z.array(z.string()),
  assignee: z.string().optional(),
  /** As RFC 5545 says it: "FREQ=WEEKLY;BYDAY=MO". */
  rules: z.array(z.string()),
  alarms: z.array(
    z.object({
      offsetSeconds: z.number().optional(),
      at: moment.optional(),
      place: z.object({ title: z.string(), when: z.enum(['arriving', 'leaving']) }).optional(),
    }),
  ),
  /** Names of what is attached. */
  attachments: z.array(z.string()),
});
export type Reminder = z.infer<typeof Reminder>;

export const RemindersQuery = PageQuery.extend({
  /** One list; all without it. */
  list: z.string().min(1).max(500).optional(),
  /** Of all lists: what is due some time, the soonest first, or what is flagged. Both leave out what is done. */
  view: z.enum(['all', 'scheduled', 'flagged']).default('all'),
  /** What is done, too: it comes after what is open. */
  done: z.enum(['true', 'false']).default('false'),
  /** An IANA name; the time zone of the service without it. */
  timeZone: z.string().max(64).optional(),
});
export type RemindersQuery = z.infer<typeof RemindersQuery>;

/** In the order of their lists, parts behind what they are parts of. */
export const Reminders = pageOf(Reminder).extend({
  lists: z.array(ReminderList),
  /** How many are due some time, and how many are flagged: open ones of all lists. */
  scheduled: count,
  flagged: count,
});
export type Reminders = z.infer<typeof Reminders>;

/** Where a reminder stands in its list. */
export const ReminderPlace = z.object({
  list: z.string(),
  /** Whether the list has to be asked for with what is done. */
  done: z.boolean(),
  n: count,
});
export type ReminderPlace = z.infer<typeof ReminderPlace>;
