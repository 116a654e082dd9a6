import type { EventAlarm } from '../calendar/event.ts';
import type { RecurrenceRule } from '../calendar/recurrence.ts';
import type { CalendarTime } from '../calendar/time.ts';
import type { Recorded } from '../source/row-values.ts';

export interface ReminderList {
  /** Apple's identifier, where there is one. */
  readonly key: string;
  readonly title: Recorded<string>;
  readonly account: Recorded<string>;
  /** "#FF0000" */
  readonly color: Recorded<string>;
  readonly isShared: Recorded<boolean>;
  /** The group that the list lies in. */
  readonly group: Recorded<string>;
  readonly isDeleted: Recorded<boolean>;
}

export interface Reminder {
  /** The same for the same reminder in every backup. */
  readonly key: string;
  readonly list: ReminderList | undefined;
  readonly section: Recorded<string>;
  /** The key of the reminder this is a part of. */
  readonly parent: Recorded<string>;
  readonly title: Recorded<string>;
  readonly notes: Recorded<string>;
  readonly due: Recorded<CalendarTime>;
  readonly start: Recorded<CalendarTime>;
  readonly isAllDay: Recorded<boolean>;
  readonly timeZone: Recorded<string>;
  readonly isCompleted: Recorded<boolean>;
  readonly completedAt: Recorded<Date>;
  /** 0 none, 1 high, 5 medium, 9 low; other numbers lie between. */
  readonly priority: Recorded<number>;
  readonly isFlagged: Recorded<boolean>;
  readonly urls: readonly string[];
  readonly tags: readonly string[];
  readonly attachments: readonly string[];
  readonly assignee: Recorded<string>;
  readonly recurrences: readonly RecurrenceRule[];
  readonly alarms: readonly EventAlarm[];
  readonly createdAt: Recorded<Date>;
  readonly modifiedAt: Recorded<Date>;
  /** Thrown away, and not yet gone. */
  readonly isDeleted: Recorded<boolean>;
  /** Which date of the row is none. */
  readonly problem?: string;
}
