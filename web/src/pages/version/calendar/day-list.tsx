import type { CalendarInfo, CalendarMonth, Occurrence } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { writeDate } from '../../../telling/time.ts';
import { calendarWords } from '../../../words/calendar.ts';
import { useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { byDay } from './month-grid.ts';
import styles from './calendar-page.module.css';

interface DayListProps {
  readonly month: CalendarMonth;
  readonly onOpen: (event: string) => void;
}

/** A month, day under day. */
export function DayList({ month, onOpen }: DayListProps) {
  const language = useLanguage();
  return [...byDay(month.occurrences, month.month)].map(([day, events]) => (
    <section key={day} className={styles.day}>
      <h3>{writeDate(new Date(`${day}T12:00:00`), language, { weekday: 'short', day: 'numeric', month: 'short' })}</h3>
      <DayEvents events={events} calendars={month.calendars} onOpen={onOpen} />
    </section>
  ));
}

interface DayEventsProps {
  readonly events: readonly Occurrence[];
  readonly calendars: readonly CalendarInfo[];
  readonly onOpen: (event: string) => void;
}

export function DayEvents({ events, calendars, onOpen }: DayEventsProps) {
  const words = useWords(calendarWords);
  return (
    <ul className={styles.events}>
      {events.map((each, index) => {
        const color = calendars.find(({ id }) => id === each.calendar)?.color;
        return (
          <li key={index}>
            <button type="button" className={styles.event} onClick={() => onOpen(each.event)}>
              <span className={styles.dot} style={color === undefined ? {} : { backgroundColor: color }} />
              <span className={styles.time}>{each.isAllDay ? words.allDay : timesOf(each)}</span>
              <span className={styles.eventWords}>
                <span className={classes(each.isCancelled && styles.cancelled)} dir="auto">
                  {each.title}
                </span>
                {each.isCancelled && <span className={styles.soft}> {words.cancelled}</span>}
                {each.place !== undefined && (
                  <span className={styles.soft} dir="auto">
                    {each.place}
                  </span>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** "09:30–10:00"; without the end where it is another day. */
function timesOf({ start, end }: Occurrence): string {
  const from = start.slice(11, 16);
  return end !== undefined && end.slice(0, 10) === start.slice(0, 10) ? `${from}–${end.slice(11, 16)}` : from;
}
