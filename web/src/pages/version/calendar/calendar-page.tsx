import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { CalendarMonth } from '../../../../../src/contract/index.ts';
import { Button, IconButton } from '../../../parts/button.tsx';
import { EmptyState, Loaded } from '../../../parts/states.tsx';
import { writeDate } from '../../../telling/time.ts';
import { calendarWords } from '../../../words/calendar.ts';
import { useLanguage } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { KindPage } from '../kind-page.tsx';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { DayList } from './day-list.tsx';
import { EventDialog } from './event-dialog.tsx';
import { addMonths } from './month-grid.ts';
import { MonthView } from './month-view.tsx';
import styles from './calendar-page.module.css';

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What takes place in a month, as a sheet of the month or as a list. */
export default function CalendarPage() {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const { id, base, summary } = useVersion();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const ofVersion = summary.takenAt.slice(0, 7);
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.exec(search.get('month') ?? '')?.[0] ?? ofVersion;
  const asList = search.get('view') === 'list';
  const event = search.get('event');
  const query = useQuery(contentQuery(id, ['calendar'], CalendarMonth, { month, timeZone: TIME_ZONE }));
  const go = (change: Readonly<Record<string, string | null>>): void => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    navigate(`${base}/calendar${next.size === 0 ? '' : `?${next.toString()}`}`, { replace: true });
  };
  const title = writeDate(new Date(`${month}-15T12:00:00`), language, { month: 'long', year: 'numeric' });
  return (
    <KindPage
      title={words.title}
      actions={
        <div role="group" aria-label={words.view} className={styles.view}>
          <Button kind={asList ? 'quiet' : 'plain'} aria-pressed={!asList} onClick={() => go({ view: null })}>
            {words.month}
          </Button>
          <Button kind={asList ? 'plain' : 'quiet'} aria-pressed={asList} onClick={() => go({ view: 'list' })}>
            {words.list}
          </Button>
        </div>
      }
    >
      <div className={styles.months}>
        <IconButton icon="back" label={words.before} onClick={() => go({ month: addMonths(month, -1) })} />
        <h2 aria-live="polite">{title}</h2>
        <IconButton icon="forward" label={words.after} onClick={() => go({ month: addMonths(month, 1) })} />
        <input
          type="month"
          aria-label={words.pick}
          value={month}
          onChange={({ target: { value } }) => value !== '' && go({ month: value })}
        />
        {month !== ofVersion && (
          <Button kind="quiet" onClick={() => go({ month: null })}>
            {words.newest}
          </Button>
        )}
      </div>
      <Loaded query={query} lines={8}>
        {(shown) => (
          <>
            {shown.isCut && <p className={styles.soft}>{words.cut}</p>}
            {asList ? (
              shown.occurrences.length === 0 ? (
                <EmptyState title={words.none} />
              ) : (
                <DayList month={shown} onOpen={(opened) => go({ event: opened })} />
              )
            ) : (
              <MonthView month={shown} onOpen={(opened) => go({ event: opened })} />
            )}
            <Calendars month={shown} />
          </>
        )}
      </Loaded>
      <EventDialog event={event} calendars={query.data?.calendars ?? []} onClose={() => go({ event: null })} />
    </KindPage>
  );
}

function Calendars({ month: { calendars, occurrences } }: { readonly month: CalendarMonth }) {
  const words = useWords(calendarWords);
  const used = new Set(occurrences.map(({ calendar }) => calendar));
  const shown = calendars.filter(({ id }) => used.has(id));
  if (shown.length === 0) return null;
  return (
    <ul className={styles.calendars} aria-label={words.calendars}>
      {shown.map(({ id, title, color }) => (
        <li key={id}>
          <span className={styles.dot} style={color === undefined ? {} : { backgroundColor: color }} />
          <bdi>{title}</bdi>
        </li>
      ))}
    </ul>
  );
}
