import { useQuery } from '@tanstack/react-query';
import { CalendarEvent, type CalendarInfo } from '../../../../../src/contract/index.ts';
import { Dialog } from '../../../parts/dialog.tsx';
import { Facts } from '../../../parts/facts.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { writeDate } from '../../../telling/time.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { calendarWords } from '../../../words/calendar.ts';
import { useLanguage, type Language } from '../../../words/language.ts';
import { useWords } from '../../../words/words.ts';
import { Outside } from '../linked-text.tsx';
import { contentQuery } from '../version-queries.ts';
import { useVersion } from '../version.ts';
import { useRules } from './use-rules.ts';
import styles from './calendar-page.module.css';

interface EventDialogProps {
  /** Its id; nothing is open without. */
  readonly event: string | null;
  readonly calendars: readonly CalendarInfo[];
  readonly onClose: () => void;
}

const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Everything that is known of an event. */
export function EventDialog({ event, calendars, onClose }: EventDialogProps) {
  const words = useWords(calendarWords);
  const { id } = useVersion();
  const query = useQuery({
    ...contentQuery(id, ['calendar', 'events', event ?? ''], CalendarEvent, { timeZone: TIME_ZONE }),
    enabled: event !== null,
  });
  return (
    <Dialog open={event !== null} onClose={onClose} title={query.data?.title ?? words.title}>
      <Loaded query={query}>{(shown) => <Details event={shown} calendars={calendars} />}</Loaded>
    </Dialog>
  );
}

interface DetailsProps {
  readonly event: CalendarEvent;
  readonly calendars: readonly CalendarInfo[];
}

function Details({ event, calendars }: DetailsProps) {
  const { event: words } = useWords(calendarWords);
  const format = useFormats();
  const when = useWhen();
  const rules = useRules();
  const reminders = useReminders();
  const calendar = calendars.find(({ id }) => id === event.calendar)?.title;
  return (
    <Facts
      facts={[
        { name: words.when, value: when(event) },
        { name: words.repeats, value: event.rules.length > 0 && rules(event.rules) },
        {
          name: words.where,
          value: (event.place ?? event.address) !== undefined && <Text lines={[event.place, event.address]} />,
        },
        { name: words.calendar, value: calendar !== undefined && <bdi>{calendar}</bdi> },
        { name: words.organizer, value: event.organizer && <bdi>{event.organizer.name}</bdi> },
        {
          name: words.attendees,
          value: event.attendees.length > 0 && <bdi>{format.list(event.attendees.map(({ name }) => name))}</bdi>,
        },
        { name: words.link, value: event.url !== undefined && <Outside to={event.url}>{event.url}</Outside> },
        { name: words.alarms, value: event.alarms.length > 0 && reminders(event.alarms) },
        { name: words.notes, value: event.notes !== undefined && <Text lines={[event.notes]} /> },
      ]}
    />
  );
}

function Text({ lines }: { readonly lines: readonly (string | undefined)[] }) {
  return (
    <span className={styles.text} dir="auto">
      {lines.filter((line) => line !== undefined && line !== '').join('\n')}
    </span>
  );
}

function useWhen(): (event: CalendarEvent) => string {
  const language = useLanguage();
  return ({ start, end, isAllDay }) => {
    if (start === undefined) return '';
    const isOneDay = end === undefined || end.slice(0, 10) === start.slice(0, 10);
    if (isAllDay) return isOneDay ? dayOf(start, language) : `${dayOf(start, language)} – ${dayOf(end, language)}`;
    if (end === undefined) return `${dayOf(start, language)}, ${start.slice(11, 16)}`;
    const until = isOneDay ? end.slice(11, 16) : `${dayOf(end, language)}, ${end.slice(11, 16)}`;
    return `${dayOf(start, language)}, ${start.slice(11, 16)} – ${until}`;
  };
}

function useReminders(): (alarms: CalendarEvent['alarms']) => string {
  const { event: words } = useWords(calendarWords);
  const format = useFormats();
  const language = useLanguage();
  return (alarms) =>
    alarms
      .map(({ offsetSeconds, at }) => {
        if (at !== undefined) return writeDate(new Date(at), language, { dateStyle: 'medium', timeStyle: 'short' });
        if (offsetSeconds === undefined || offsetSeconds >= 0) return words.alarmAt;
        return words.alarmBefore(format.span(-offsetSeconds * 1000));
      })
      .join(', ');
}

function dayOf(at: string, language: Language): string {
  return writeDate(new Date(`${at.slice(0, 10)}T12:00:00`), language, { dateStyle: 'full' });
}
