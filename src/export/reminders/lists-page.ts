/** Reminders as lists with boxes, as one would print them. */
import type { Reminder } from '../../content/index.ts';
import { dayAndYear, offsetWords, readersTime, ruleWords } from '../calendar/words.ts';
import { fileAddress, html, pageEnd, pageStart, safeLink, type Markup } from '../text/html.ts';

const STYLE = `
h2 { display: flex; align-items: baseline; gap: .6rem; } h2 .quiet { font-weight: 400; }
.dot { display: inline-block; width: .65em; height: .65em; border-radius: 50%; background: var(--quiet); }
h3 { font-size: 1rem; color: var(--quiet); margin: 1.25rem 0 .25rem; }
.reminders { list-style: none; margin: 0; padding: 0; }
.reminders .reminders { margin: .2rem 0 0 2rem; }
.reminder { padding: .4rem 0; break-inside: avoid; }
.reminder > div { display: grid; grid-template-columns: 1.6rem 1fr; }
.box { width: 1.05rem; height: 1.05rem; border: 1.5px solid var(--quiet); border-radius: .25rem; margin-top: .2rem; font-size: .8rem; line-height: .95rem; text-align: center; }
.done .title { color: var(--quiet); text-decoration: line-through; }
.reminder p { margin: .1rem 0 0; white-space: pre-line; } .more { color: var(--quiet); font-size: .875rem; }
.flag { color: #c77700; } .tag { color: var(--accent); }
details { margin-top: .5rem; } summary { color: var(--quiet); cursor: pointer; }
@media print { details > summary { list-style: none; } details::details-content { content-visibility: visible; block-size: auto; } }
`;

/** A list as the page shows it: reminders that belong to others come with those. */
export interface ShownList {
  readonly title: string;
  readonly account: string | undefined;
  readonly color: string | undefined;
  /** Its iCalendar file. */
  readonly file: string | undefined;
  readonly reminders: readonly Reminder[];
}

export function* listsPage(lists: Iterable<ShownList>, timeZone: string): Generator<string, undefined> {
  yield pageStart({ title: 'Reminders', style: STYLE });
  yield html`<h1>Reminders</h1><p class="quiet">Times are those of ${timeZone}.</p>`.text;
  for (const list of lists) yield* listSection(list, timeZone);
  yield pageEnd;
}

function* listSection(
  { title, account, color, file, reminders }: ShownList,
  timeZone: string,
): Generator<string, undefined> {
  const keys = new Set(reminders.map(({ key }) => key));
  const parts = Map.groupBy(reminders, ({ parent, key }) =>
    parent && parent !== key && keys.has(parent) ? parent : '',
  );
  const open = reminders.filter(({ isCompleted }) => isCompleted !== true).length;
  const dot =
    color === undefined || !/^#[0-9A-F]{6}$/i.test(color)
      ? html`<span class="dot"></span>`
      : html`<span class="dot" style="background:${color}"></span>`;
  yield html`<h2>${dot}${file === undefined ? title : html`<a href="${fileAddress(file)}">${title}</a>`}<span class="quiet">${open} open${account ? ` · ${account}` : ''}</span></h2>`
    .text;
  const shown = new Set<string>();
  const item = (reminder: Reminder): Markup => reminderItem(reminder, parts, shown, timeZone);
  const top = parts.get('') ?? [];
  for (const [section, members] of Map.groupBy(top.filter(isOpen), (each) => each.section ?? '')) {
    yield html`${section !== '' && html`<h3>${section}</h3>`}<ul class="reminders">${members.map(item)}</ul>`.text;
  }
  const done = top.filter((reminder) => !isOpen(reminder));
  if (done.length > 0) {
    yield html`<details><summary>${done.length} completed</summary><ul class="reminders">${done.map(item)}</ul></details>`
      .text;
  }
  // Two that each belong to the other are still two.
  const rest = reminders.filter(({ key }) => !shown.has(key));
  if (rest.length > 0) yield html`<ul class="reminders">${rest.map(item)}</ul>`.text;
}

const isOpen = ({ isCompleted }: Reminder): boolean => isCompleted !== true;

function reminderItem(
  reminder: Reminder,
  parts: ReadonlyMap<string, readonly Reminder[]>,
  shown: Set<string>,
  timeZone: string,
): Markup {
  shown.add(reminder.key);
  const children = (parts.get(reminder.key) ?? []).filter(({ key }) => !shown.has(key));
  const { due, isCompleted, priority } = reminder;
  const more = [
    due && `due ${whenWords(readersTime(due, timeZone))}`,
    reminder.recurrences.length > 0 && reminder.recurrences.map(ruleWords).join('; '),
    ...reminder.alarms.map(({ at, place, offsetSeconds }) =>
      place
        ? `when ${place.when} ${place.title || place.address || 'a place'}`
        : at
          ? `alert ${whenWords(readersTime({ kind: 'instant', at, timeZone }, timeZone))}`
          : `alert ${offsetWords(offsetSeconds ?? 0)}`,
    ),
    priority ? `${priority < 5 ? 'high' : priority === 5 ? 'medium' : 'low'} priority` : undefined,
    reminder.assignee && `for ${reminder.assignee}`,
    reminder.attachments.length > 0 && `attached: ${reminder.attachments.join(', ')}`,
    reminder.isDeleted === true && 'deleted',
    isCompleted === true &&
      reminder.completedAt &&
      `done ${dayAndYear(readersTime({ kind: 'instant', at: reminder.completedAt, timeZone }, timeZone))}`,
  ].filter((each) => typeof each === 'string' && each !== '');
  return html`<li class="reminder${isCompleted === true ? ' done' : ''}"><div><span class="box">${isCompleted === true ? '✓' : ''}</span><div>
<span class="title" dir="auto">${reminder.title || 'Untitled'}</span>${reminder.isFlagged === true && html` <span class="flag" title="flagged">⚑</span>`}${reminder.tags.map((tag) => html` <span class="tag">#${tag}</span>`)}
${reminder.notes ? html`<p dir="auto">${reminder.notes}</p>` : undefined}${reminder.urls.map(link)}${more.length > 0 && html`<p class="more">${more.join(' · ')}</p>`}
</div></div>${children.length > 0 && html`<ul class="reminders">${children.map((each) => reminderItem(each, parts, shown, timeZone))}</ul>`}</li>`;
}

const whenWords = (local: string): string =>
  `${dayAndYear(local)}${local.length > 10 ? `, ${local.slice(11, 16)}` : ''}`;

function link(address: string): Markup {
  const target = safeLink(address);
  return html`<p>${target === undefined ? address : html`<a href="${target}" rel="noreferrer">${address}</a>`}</p>`;
}
