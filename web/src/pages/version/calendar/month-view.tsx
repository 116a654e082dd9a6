import { useState } from 'react';
import type { CalendarMonth, Occurrence } from '../../../../../src/contract/index.ts';
import { classes } from '../../../parts/classes.ts';
import { writeDate } from '../../../telling/time.ts';
import { calendarWords } from '../../../words/calendar.ts';
import { useLanguage, type Language } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { DayEvents } from './day-list.tsx';
import { byDay, weeksOf } from './month-grid.ts';
import styles from './calendar-page.module.css';

/** How many stand in a day of the sheet before the rest is counted. */
const SHOWN = 3;

interface MonthViewProps {
  readonly month: CalendarMonth;
  readonly onOpen: (event: string) => void;
}

/** The sheet of a month. On a phone days have dots, and the chosen day's events stand below. */
export function MonthView({ month, onOpen }: MonthViewProps) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const days = byDay(month.occurrences, month.month);
  const [chosen, setChosen] = useState<string>();
  const day = chosen?.startsWith(month.month) ? chosen : days.keys().next().value;
  const events = day === undefined ? undefined : days.get(day);
  return (
    <>
      <table className={styles.sheet}>
        <thead>
          <tr>
            {(weeksOf(month.month)[0] ?? []).map((each) => (
              <th key={each} scope="col">
                <abbr title={weekday(each, language, 'long')}>{weekday(each, language, 'short')}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month.month).map((week) => (
            <tr key={week[0]}>
              {week.map((each) => (
                <td key={each} className={classes(!each.startsWith(month.month) && styles.otherMonth)}>
                  {each.startsWith(month.month) && (
                    <Day
                      day={each}
                      events={days.get(each) ?? []}
                      month={month}
                      isChosen={each === day}
                      onChoose={() => setChosen(each)}
                      onOpen={onOpen}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {days.size === 0 && <p className={styles.soft}>{words.none}</p>}
      {day !== undefined && events && (
        <section className={styles.chosenDay} aria-label={longDay(day, language)}>
          <h3>{longDay(day, language)}</h3>
          <DayEvents events={events} calendars={month.calendars} onOpen={onOpen} />
        </section>
      )}
    </>
  );
}

interface DayProps extends MonthViewProps {
  readonly day: string;
  readonly events: readonly Occurrence[];
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Day({ day, events, month, isChosen, onChoose, onOpen }: DayProps) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const number = Number(day.slice(8));
  const colorOf = (each: Occurrence): { backgroundColor?: string } => {
    const color = month.calendars.find(({ id }) => id === each.calendar)?.color;
    return color === undefined ? {} : { backgroundColor: color };
  };
  if (events.length === 0) return <span className={styles.number}>{number}</span>;
  return (
    <>
      <button
        type="button"
        className={styles.number}
        aria-label={words.day(longDay(day, language), events.length)}
        aria-pressed={isChosen}
        onClick={onChoose}
      >
        {number}
        <span className={styles.dots}>
          {events.slice(0, SHOWN).map((each, index) => (
            <span key={index} className={styles.dot} style={colorOf(each)} />
          ))}
        </span>
      </button>
      <ul className={styles.inDay}>
        {events.slice(0, SHOWN).map((each, index) => (
          <li key={index}>
            <button type="button" className={styles.small} onClick={() => onOpen(each.event)}>
              <span className={styles.dot} style={colorOf(each)} />
              <span className={classes(styles.smallTitle, each.isCancelled && styles.cancelled)} dir="auto">
                {!each.isAllDay && <span className={styles.soft}>{each.start.slice(11, 16)} </span>}
                {each.title}
              </span>
            </button>
          </li>
        ))}
        {events.length > SHOWN && (
          <li>
            <button type="button" className={styles.small} onClick={onChoose}>
              {words.more(events.length - SHOWN)}
            </button>
          </li>
        )}
      </ul>
    </>
  );
}

function weekday(day: string, language: Language, weekdayStyle: 'long' | 'short'): string {
  return writeDate(new Date(`${day}T12:00:00`), language, { weekday: weekdayStyle });
}

function longDay(day: string, language: Language): string {
  return writeDate(new Date(`${day}T12:00:00`), language, { weekday: 'long', day: 'numeric', month: 'long' });
}
