/** VTODO: one reminder. */
import type { CalendarTime, Reminder } from '../../content/index.ts';
import { component, property, textProperty, type Component } from '../calendar/icalendar.ts';
import { alarmComponent, ruleValue, timeProperty, utcTime, type UsedZones } from '../calendar/time-properties.ts';

/** @param stamp when the backup was made: for reminders that do not say when they were changed. */
export function todoComponent(reminder: Reminder, zones: UsedZones, stamp: Date): Component {
  const { due, recurrences, isCompleted } = reminder;
  // What repeats must begin somewhere: Apple's programs write the first time it is due.
  const start: CalendarTime | null | undefined = recurrences.length > 0 ? (reminder.start ?? due) : reminder.start;
  const isStartFit = start && (!due || start.kind === due.kind);
  const [url, ...others] = reminder.urls;
  const notes = [reminder.notes, ...others].filter(Boolean).join('\n');
  return component(
    'VTODO',
    [
      textProperty('UID', reminder.key),
      property('DTSTAMP', utcTime(reminder.modifiedAt ?? reminder.createdAt ?? stamp)),
      textProperty('SUMMARY', reminder.title ?? ''),
      notes !== '' && textProperty('DESCRIPTION', notes),
      isStartFit && timeProperty('DTSTART', start, zones),
      due && timeProperty('DUE', due, zones),
      ...(isStartFit ? recurrences.map((rule) => property('RRULE', ruleValue(rule, start))) : []),
      property('STATUS', isCompleted === true ? 'COMPLETED' : 'NEEDS-ACTION'),
      isCompleted === true && property('PERCENT-COMPLETE', '100'),
      isCompleted === true && reminder.completedAt && property('COMPLETED', utcTime(reminder.completedAt)),
      reminder.priority
        ? property('PRIORITY', String(Math.min(9, Math.max(0, Math.trunc(reminder.priority)))))
        : undefined,
      reminder.tags.length > 0 && textProperty('CATEGORIES', reminder.tags),
      url !== undefined && property('URL', url, [['VALUE', 'URI']]),
      reminder.parent ? textProperty('RELATED-TO', reminder.parent, [['RELTYPE', 'PARENT']]) : undefined,
      reminder.isFlagged === true && property('X-HOLDFAST-FLAGGED', 'TRUE'),
      reminder.section ? textProperty('X-HOLDFAST-SECTION', reminder.section) : undefined,
      reminder.assignee ? textProperty('X-HOLDFAST-ASSIGNEE', reminder.assignee) : undefined,
      reminder.createdAt && property('CREATED', utcTime(reminder.createdAt)),
      reminder.modifiedAt && property('LAST-MODIFIED', utcTime(reminder.modifiedAt)),
    ],
    reminder.alarms.flatMap((alarm) => {
      // A span before nothing is no time.
      const isFit = alarm.offsetSeconds === undefined || start || due;
      return (isFit && alarmComponent(alarm, reminder.title ?? '', !isStartFit)) || [];
    }),
  );
}
