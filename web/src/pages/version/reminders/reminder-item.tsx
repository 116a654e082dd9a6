import type { Reminder } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { Icon } from '../../../parts/icon.tsx';
import { writeDate } from '../../../telling/time.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { calendarWords } from '../../../words/calendar.ts';
import { useLanguage } from '../../../words/language.ts';
import { remindersWords } from '../../../words/reminders.ts';
import { useWords } from '../../../words/words.ts';
import { useRules } from '../calendar/use-rules.ts';
import { Outside } from '../linked-text.tsx';
import { useWanted } from '../use-wanted.ts';
import { useVersion } from '../version.ts';
import styles from './reminders-page.module.css';

interface ReminderItemProps {
  readonly reminder: Reminder;
  readonly isWanted: boolean;
}

/** One reminder, with everything that is known of it. */
export function ReminderItem({ reminder, isWanted }: ReminderItemProps) {
  const words = useWords(remindersWords);
  const { summary } = useVersion();
  const element = useWanted<HTMLLIElement>(isWanted);
  const facts = useFacts();
  const { title, notes, due, isDone, isFlagged, tags, links, depth } = reminder;
  const isOverdue = due !== undefined && !isDone && endOf(due) < Date.parse(summary.takenAt);
  return (
    <li
      ref={element}
      className={classes(styles.reminder, isDone && styles.done, isWanted && styles.wanted)}
      style={{ marginInlineStart: `${Math.min(depth, 3) * 1.75}rem` }}
      aria-current={isWanted || undefined}
    >
      <span className={styles.box} role="img" aria-label={isDone ? words.isDone : words.isOpen}>
        {isDone && <Icon name="check" size={14} />}
      </span>
      <div className={styles.words}>
        <p className={styles.title} dir="auto">
          {title === '' ? words.noTitle : title}
          {isFlagged === true && <span className={styles.flag}>⚑ {words.flag}</span>}
        </p>
        {notes !== undefined && (
          <p className={styles.notes} dir="auto">
            {notes}
          </p>
        )}
        {links.map(({ text, to }) => (
          <p key={text} className={styles.notes} dir="auto">
            {to === undefined ? text : <Outside to={to}>{text}</Outside>}
          </p>
        ))}
        <p className={styles.facts}>
          {isOverdue && <strong>{words.overdue}</strong>}
          {facts(reminder).map((fact) => (
            <bdi key={fact}>{fact}</bdi>
          ))}
          {tags.map((tag) => (
            <bdi key={tag}>#{tag}</bdi>
          ))}
        </p>
      </div>
    </li>
  );
}

/** A day is over at its end. */
const endOf = (due: string): number => Date.parse(due.length > 10 ? due : `${due}T23:59:59`);

function useFacts(): (reminder: Reminder) => string[] {
  const words = useWords(remindersWords);
  const language = useLanguage();
  const format = useFormats();
  const rules = useRules();
  const alarms = useAlarms();
  const day = (at: Date): string => writeDate(at, language, { dateStyle: 'medium' });
  return ({ due, rules: repeats, priority, assignee, attachments, doneAt, alarms: alerts }) => {
    const time = due !== undefined && due.length > 10 ? `, ${due.slice(11, 16)}` : '';
    return [
      due !== undefined && words.due(`${day(new Date(`${due.slice(0, 10)}T12:00:00`))}${time}`),
      repeats.length > 0 && rules(repeats),
      ...alarms(alerts),
      priority !== undefined && words.priorities[priority],
      assignee !== undefined && words.assignee(assignee),
      attachments.length > 0 && words.attached(format.list(attachments)),
      doneAt !== undefined && words.doneOn(day(new Date(doneAt))),
    ].filter((fact) => typeof fact === 'string');
  };
}

function useAlarms(): (alarms: Reminder['alarms']) => string[] {
  const words = useWords(remindersWords);
  const { event } = useWords(calendarWords);
  const format = useFormats();
  const language = useLanguage();
  return (alarms) =>
    alarms.map(({ offsetSeconds, at, place }) => {
      if (place) return words.places[place.when](place.title === '' ? words.somewhere : place.title);
      if (at !== undefined) {
        return words.alert(writeDate(new Date(at), language, { dateStyle: 'medium', timeStyle: 'short' }));
      }
      const isBefore = offsetSeconds !== undefined && offsetSeconds < 0;
      return words.alert(isBefore ? event.alarmBefore(format.span(-offsetSeconds * 1000)) : event.alarmAt);
    });
}
