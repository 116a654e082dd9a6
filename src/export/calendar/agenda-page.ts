/** The calendars as one page: what repeats, whose birthday is when, and everything else day by day. */
import type { CalendarEvent, Calendars, EventAlarm, Participant } from '../../content/index.ts';
import { fileAddress, html, pageEnd, pageStart, safeLink, type Markup } from '../text/html.ts';
import { dayAndYear, dayTitle, monthTitle, offsetWords, readersTime, ruleWords } from './words.ts';

const STYLE = `
.calendars { list-style: none; padding: 0; margin: 1rem 0; display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; }
.dot { display: inline-block; width: .65em; height: .65em; border-radius: 50%; margin-right: .45em; background: var(--quiet); }
.years { margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem .9rem; }
h3 { font-size: 1rem; margin: 1.75rem 0 .25rem; color: var(--quiet); font-weight: 600; }
.day { display: grid; grid-template-columns: 9.5rem 1fr; gap: 0 1rem; padding: .6rem 0; border-top: 1px solid var(--line); break-inside: avoid; }
.day > time { font-weight: 600; } .day ul, .list { list-style: none; margin: 0; padding: 0; }
.event { padding: 0 0 .55rem .75rem; border-left: .25rem solid var(--line); margin-bottom: .45rem; }
.event .when { color: var(--quiet); font-size: .875rem; } .event strong { display: block; font-weight: 600; }
.event.cancelled strong { text-decoration: line-through; color: var(--quiet); }
.event p { margin: .15rem 0 0; white-space: pre-line; } .event .more { color: var(--quiet); font-size: .875rem; }
.list .event { margin-top: .8rem; }
@media (max-width: 34rem) { .day { grid-template-columns: 1fr; } }
@media print { .years { display: none; } .event { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`;

export interface AgendaOptions {
  readonly timeZone: string;
  /** The iCalendar file of each calendar, by its row. */
  readonly files: ReadonlyMap<number, string>;
  readonly wanted: (event: CalendarEvent) => boolean;
}

/** The page, a month at a time. */
export function* agendaPage(calendars: Calendars, options: AgendaOptions): Generator<string, undefined> {
  yield pageStart({ title: 'Calendar', style: STYLE });
  const years = new Set<string>();
  const series: CalendarEvent[] = [];
  const birthdays: CalendarEvent[] = [];
  const undated: CalendarEvent[] = [];
  let count = 0;
  for (const event of calendars.events()) {
    if (!options.wanted(event) || event.isPhantom) continue;
    count++;
    if (!event.start) undated.push(event);
    else if (event.kind === 'birthday') birthdays.push(event);
    else if (repeats(event)) series.push(event);
    else years.add(readersTime(event.start, options.timeZone).slice(0, 4));
  }
  yield html`<h1>Calendar</h1>
<p class="quiet">${count.toLocaleString('en')} ${count === 1 ? 'event' : 'events'}. Times are those of ${options.timeZone}.</p>
<ul class="calendars">${calendars.calendars.map((calendar) => calendarItem(calendar, options.files.get(calendar.row)))}</ul>
${years.size > 1 && html`<nav class="years">${[...years].toSorted((a, b) => (a < b ? -1 : 1)).map((year) => html`<a href="#y${year}">${Number(year)}</a> `)}</nav>`}`
    .text;
  yield section(
    'What repeats',
    series.map((event) => eventItem(event, options, true)),
  );
  yield section(
    'Birthdays',
    birthdays.toSorted(byDayOfYear).map((event) => eventItem(event, options, true)),
  );
  yield* days(calendars, options);
  yield section(
    'Without a date',
    undated.map((event) => eventItem(event, options, true)),
  );
  yield pageEnd;
}

const repeats = (event: CalendarEvent): boolean => event.recurrences.length > 0 && event.detachedFrom === undefined;

function calendarItem(calendar: Calendars['calendars'][number], file: string | undefined): Markup {
  const account = calendar.account?.name ? html` <span class="quiet">${calendar.account.name}</span>` : undefined;
  const title = calendar.title || 'Untitled';
  return html`<li>${dot(calendar.color)}${file === undefined ? title : html`<a href="${fileAddress(file)}">${title}</a>`}${account}</li>`;
}

/** Colours are checked by whoever reads them: "#RRGGBB" and nothing else gets into a style. */
const dot = (color: string | null | undefined): Markup =>
  html`<span class="dot"${colored('background', color)}></span>`;
const colored = (what: 'background' | 'border-color', color: string | null | undefined): Markup | undefined =>
  color && /^#[0-9A-F]{6}$/i.test(color) ? html` style="${what}:${color}"` : undefined;

function section(title: string, items: readonly Markup[]): string {
  return items.length === 0 ? '' : html`<h2>${title}</h2><ul class="list">${items}</ul>`.text;
}

function* days(calendars: Calendars, options: AgendaOptions): Generator<string, undefined> {
  let year = '';
  let month = '';
  let day = '';
  let items: Markup[] = [];
  const flush = (): string =>
    items.length === 0
      ? ''
      : html`<section class="day"><time datetime="${day}">${dayTitle(day)}</time><ul>${items}</ul></section>`.text;
  for (const { event, at } of inReadersOrder(calendars, options)) {
    if (at.slice(0, 10) !== day) {
      yield flush();
      items = [];
      day = at.slice(0, 10);
      if (day.slice(0, 4) !== year) {
        year = day.slice(0, 4);
        yield html`<h2 id="y${year}">${Number(year)}</h2>`.text;
      }
      if (day.slice(0, 7) !== month) {
        month = day.slice(0, 7);
        yield html`<h3>${monthTitle(month)}</h3>`.text;
      }
    }
    items.push(eventItem(event, options, false));
  }
  yield flush();
}

/** How far the order of the database can be off the reader's: whole days and floating times lie between moments. */
const WINDOW_EVENTS = 512;

/** The events by the reader's clocks. The database has them nearly so: a window of them is sorted at a time. */
function* inReadersOrder(
  calendars: Calendars,
  { timeZone, wanted }: AgendaOptions,
): Generator<{ event: CalendarEvent; at: string }, undefined> {
  let window: { event: CalendarEvent; at: string }[] = [];
  for (const event of calendars.events()) {
    if (!event.start || !wanted(event) || event.isPhantom || event.kind === 'birthday' || repeats(event)) continue;
    window.push({ event, at: readersTime(event.start, timeZone) });
    if (window.length < 2 * WINDOW_EVENTS) continue;
    window = window.toSorted(byTime);
    yield* window.splice(0, WINDOW_EVENTS);
  }
  yield* window.toSorted(byTime);
}

const byTime = (a: { at: string }, b: { at: string }): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
const byDayOfYear = (a: CalendarEvent, b: CalendarEvent): number => (dayOfYear(a) < dayOfYear(b) ? -1 : 1);
const dayOfYear = ({ start }: CalendarEvent): string => (start?.kind === 'date' ? start.date.slice(5) : '');

function eventItem(event: CalendarEvent, options: AgendaOptions, withDay: boolean): Markup {
  const { location, url, conferenceUrl } = event;
  const people = [...(event.organizer ? [event.organizer] : []), ...event.attendees];
  const more = [
    event.recurrences.length > 0 && event.kind !== 'birthday' && event.recurrences.map(ruleWords).join('; '),
    event.exceptions.length > 0 &&
      `not on ${event.exceptions.map((time) => dayAndYear(readersTime(time, options.timeZone))).join(', ')}`,
    event.detachedFrom && 'one of a series, changed alone',
    event.status === 'tentative' && 'tentative',
    event.status === 'cancelled' && 'cancelled',
    event.alarms.length > 0 && `alert: ${event.alarms.map((alarm) => alarmWords(alarm, options.timeZone)).join(', ')}`,
    people.length > 0 && `with ${people.map(personWords).join(', ')}`,
    event.attachments.length > 0 &&
      `attached: ${event.attachments.map(({ filename, url: from }) => filename || from || 'a file').join(', ')}`,
    event.problem !== undefined && `its ${event.problem} could not be read`,
  ].filter((each) => typeof each === 'string' && each !== '');
  const place = [location?.title, location?.address].filter(Boolean).join(', ');
  return html`<li class="event${event.status === 'cancelled' ? ' cancelled' : ''}"${colored('border-color', event.calendar?.color)}>
<span class="when">${whenWords(event, options.timeZone, withDay)}${event.calendar?.title ? ` · ${event.calendar.title}` : ''}</span>
<strong>${event.title || 'Untitled'}</strong>
${place !== '' && html`<p>${place}</p>`}${[url, conferenceUrl].map(link)}${event.notes ? html`<p dir="auto">${event.notes}</p>` : undefined}${
    more.length > 0 && html`<p class="more">${more.join(' · ')}</p>`
  }</li>`;
}

function link(address: string | null | undefined): Markup | undefined {
  if (!address) return undefined;
  const target = safeLink(address);
  return html`<p>${target === undefined ? address : html`<a href="${target}" rel="noreferrer">${address}</a>`}</p>`;
}

function whenWords(event: CalendarEvent, timeZone: string, withDay: boolean): string {
  const { start, end } = event;
  if (!start) return 'no date';
  const from = readersTime(start, timeZone);
  if (event.kind === 'birthday') return event.isYearUnknown ? dayAndYear(from).replace(/ \d+$/, '') : dayAndYear(from);
  const to = end ? readersTime(end, timeZone) : from;
  const day = withDay ? `${dayAndYear(from)}, ` : '';
  if (start.kind === 'date') {
    return to > from ? `${dayAndYear(from)} – ${dayAndYear(to)}` : withDay ? dayAndYear(from) : 'all day';
  }
  const elsewhere =
    start.kind === 'instant' && start.timeZone && start.timeZone !== timeZone ? ` (planned in ${start.timeZone})` : '';
  if (to <= from) return `${day}${clock(from)}${elsewhere}`;
  const sameDay = to.slice(0, 10) === from.slice(0, 10);
  return `${day}${clock(from)} – ${sameDay ? '' : `${dayAndYear(to)}, `}${clock(to)}${elsewhere}`;
}

const clock = (local: string): string => local.slice(11, 16);

function alarmWords(alarm: EventAlarm, timeZone: string): string {
  const off = alarm.isDisabled ? ' (off)' : '';
  if (alarm.place) return `${alarm.place.when} ${alarm.place.title || alarm.place.address || 'a place'}${off}`;
  if (alarm.at) {
    const at = readersTime({ kind: 'instant', at: alarm.at, timeZone }, timeZone);
    return `${dayAndYear(at)}, ${clock(at)}${off}`;
  }
  return offsetWords(alarm.offsetSeconds ?? 0) + off;
}

const personWords = ({ name, email, phone, response }: Participant): string =>
  `${name || email || phone || 'somebody'}${response === undefined || response === 'none' ? '' : ` (${response})`}`;
