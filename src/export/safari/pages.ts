/** Safari as pages: bookmarks, the reading list and tabs on one, the history on one for each month. */
import type { Bookmark, HistoryVisit, Safari, SafariTab } from '../../content/index.ts';
import { wallClock } from '../../shared/time/time-zone.ts';
import { dayAndYear, dayTitle, monthTitle } from '../calendar/words.ts';
import { fileAddress, html, pageEnd, pageStart, safeLink, type Markup } from '../text/html.ts';
import { folderTitle } from './netscape.ts';

const STYLE = `
ul { list-style: none; margin: .25rem 0 0; padding: 0; } ul ul { margin-left: 1.1rem; padding-left: .9rem; border-left: 1px solid var(--line); }
li { padding: .2rem 0; break-inside: avoid; } li a { text-decoration: none; }
.address { display: block; color: var(--quiet); font-size: .8rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.folder { font-weight: 600; } .unread::before { content: ""; display: inline-block; width: .5em; height: .5em; border-radius: 50%; background: var(--accent); margin-right: .45em; }
.preview { color: var(--quiet); font-size: .875rem; margin: .1rem 0 0; }
.months { display: flex; flex-wrap: wrap; gap: .3rem 1rem; }
.visit { display: grid; grid-template-columns: 3.5rem 1fr; gap: 0 .5rem; } .visit time { color: var(--quiet); }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; color: var(--quiet); }
.failed a { color: var(--quiet); }
`;

export interface HistoryMonth {
  readonly title: string;
  /** The page of the month. */
  readonly path: string;
  readonly count: number;
}

export interface IndexOptions {
  readonly timeZone: string;
  readonly months: readonly HistoryMonth[];
  /** The file that browsers take in. */
  readonly bookmarksFile: string | undefined;
}

export function* indexPage(
  safari: Safari,
  { timeZone, months, bookmarksFile }: IndexOptions,
): Generator<string, undefined> {
  yield pageStart({ title: 'Safari', style: STYLE });
  yield html`<h1>Safari</h1>`.text;
  if (months.length > 0) {
    yield html`<h2>History</h2><p class="months">${months.map(({ title, path, count }) => html`<span><a href="${fileAddress(path)}">${title}</a> <span class="quiet">${count.toLocaleString('en')}</span></span> `)}</p>`
      .text;
  }
  const readingList = entriesOf(safari.bookmarks?.top ?? []);
  if (readingList.length > 0) {
    yield html`<h2>Reading list</h2><ul>${readingList.map((each) => readingItem(each, timeZone))}</ul>`.text;
  }
  const tabs = safari.tabs.filter(({ isPrivate, url }) => !isPrivate && url);
  if (tabs.length > 0) {
    yield html`<h2>Tabs</h2>`.text;
    for (const [name, members] of Map.groupBy(tabs, groupName)) {
      yield html`<h3>${name}</h3><ul>${members.map(({ title, url }) => html`<li>${link(url ?? '', title)}</li>`)}</ul>`
        .text;
    }
  }
  const bookmarks = (safari.bookmarks?.top ?? []).filter(({ role }) => role !== 'reading-list');
  if (bookmarks.length > 0) {
    yield html`<h2>Bookmarks</h2>${bookmarksFile !== undefined && html`<p class="quiet"><a href="${fileAddress(bookmarksFile)}">This file</a> is for other browsers: they take it in by “Import bookmarks”.</p>`}<ul>${bookmarks.map(bookmarkItem)}</ul>`
      .text;
  }
  yield pageEnd;
}

function groupName({ place, name, profile }: SafariTab): string {
  const places = {
    group: `Tab group “${name ?? ''}”`,
    window: 'Open on this device',
    pinned: 'Pinned',
    'recently-closed': 'Recently closed',
    'start-page': 'Favorites of the start page',
    'other-device': `Open on ${name ?? 'another device'}`,
    earlier: 'From earlier',
  };
  return profile === undefined ? places[place] : `${places[place]} · ${profile}`;
}

/** What is on the reading list, wherever it lies. */
function entriesOf(bookmarks: readonly Bookmark[]): Bookmark[] {
  return bookmarks.flatMap((each) => [
    ...(each.readingList && each.isDeleted !== true ? [each] : []),
    ...entriesOf(each.children),
  ]);
}

function readingItem({ title, url, readingList }: Bookmark, timeZone: string): Markup {
  const added = readingList?.addedAt && `added ${dayAndYear(wallClock(timeZone, readingList.addedAt))}`;
  return html`<li><span${readingList?.isRead === false && html` class="unread" title="not read yet"`}>${link(url ?? '', title)}</span>${
    readingList?.previewText !== undefined && html`<p class="preview" dir="auto">${readingList.previewText}</p>`
  }${added !== undefined && html`<p class="preview">${added}</p>`}</li>`;
}

function bookmarkItem(bookmark: Bookmark): Markup | undefined {
  if (bookmark.isDeleted === true) return undefined;
  if (bookmark.kind === 'bookmark')
    return bookmark.readingList ? undefined : html`<li>${link(bookmark.url ?? '', bookmark.title)}</li>`;
  const children = bookmark.children.map((each) => bookmarkItem(each));
  return html`<li><span class="folder">${folderTitle(bookmark)}</span>${children.length > 0 && html`<ul>${children}</ul>`}</li>`;
}

/** Addresses that would run something are shown, and lead nowhere. */
function link(address: string, title: string | null | undefined): Markup {
  const target = safeLink(address);
  const name = title || address || 'Untitled';
  const words =
    target === undefined
      ? html`<span dir="auto">${name}</span>`
      : html`<a href="${target}" rel="noreferrer" dir="auto">${name}</a>`;
  return html`${words}${address !== name && html`<span class="address">${address}</span>`}`;
}

/** The visits of one month, newest first, a day at a time. */
export function* historyPage(
  month: string,
  visits: Iterable<HistoryVisit>,
  timeZone: string,
): Generator<string, undefined> {
  const title = monthName(month);
  yield pageStart({ title: `Safari history, ${title}`, style: STYLE });
  yield html`<h1>${title}</h1><p class="quiet">Visited with Safari. Times are those of ${timeZone}.</p>`.text;
  let day = '';
  let items: Markup[] = [];
  for (const visit of visits) {
    const at = visit.at === undefined ? '' : wallClock(timeZone, visit.at);
    if (at.slice(0, 10) !== day || items.length >= 500) {
      yield daySection(items);
      items = [];
      if (at.slice(0, 10) !== day) yield html`<h3>${dayTitle(at)}</h3>`.text;
      day = at.slice(0, 10);
    }
    const more = [
      visit.profile,
      visit.origin === 'other-device' && 'on another device',
      visit.isLoaded === false && 'did not load',
    ].filter(Boolean);
    items.push(
      html`<li class="visit${visit.isLoaded === false ? ' failed' : ''}"><time datetime="${at}">${at.slice(11, 16)}</time><span>${link(visit.url, visit.title)}${more.length > 0 && html`<span class="address">${more.join(' · ')}</span>`}</span></li>`,
    );
  }
  yield daySection(items);
  yield pageEnd;
}

const daySection = (items: readonly Markup[]): string => (items.length === 0 ? '' : html`<ul>${items}</ul>`.text);

/** "2026-05", or '' for visits without a time. */
export const monthName = (month: string): string => (month === '' ? 'Without a date' : monthTitle(month));
