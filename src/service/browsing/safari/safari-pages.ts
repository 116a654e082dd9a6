import type { Bookmark as ToldBookmark, Bookmarks, History, PageQuery, Tabs, Visit } from '../../../contract/index.ts';
import type { Bookmark, HistoryVisit } from '../../../content/index.ts';
import { safariIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandKind, isoOf, orNone, pageFrom, safeLink, textOrNone } from '../values.ts';
import { LazyList } from './lazy-list.ts';

/** A phone keeps a year of them. */
const MAX_VISITS = 300_000;

/** Pages that were visited, the newest first. */
export async function listHistory(
  unlocked: Unlocked,
  { from, limit, before }: PageQuery & { before?: string | undefined },
): Promise<History> {
  const safari = demandKind(await safariIn(unlocked), 'data of Safari');
  const history = demandKind(safari.history, 'history of Safari');
  const visits = await unlocked.once('visits', () => Promise.resolve(new LazyList(history.visits(), MAX_VISITS)));
  const beforeMs = before === undefined ? undefined : Date.parse(before);
  const start =
    beforeMs === undefined ? from : from + visits.indexOf(({ at }) => at !== undefined && at.getTime() < beforeMs);
  const items = visits.slice(start, start + limit).map(tellVisit);
  const next = visits.has(start + limit) ? { next: start + limit } : {};
  return { items, total: history.count, ...next };
}

function tellVisit({ at, title, url, origin, profile }: HistoryVisit): Visit {
  return {
    at: isoOf(at),
    title: textOrNone(title),
    url,
    link: webLink(url),
    isOtherDevice: origin === 'other-device' ? true : undefined,
    profile,
  };
}

/** Bookmarks lead to pages, and to nothing else. */
const webLink = (url: string | null | undefined): string | undefined =>
  url && /^https?:/i.test(url) ? safeLink(url) : undefined;

const MAX_BOOKMARKS = 20_000;

/** The tree of bookmarks, with the reading list. */
export async function listBookmarks(unlocked: Unlocked): Promise<Bookmarks> {
  const safari = demandKind(await safariIn(unlocked), 'data of Safari');
  const { top } = demandKind(safari.bookmarks, 'bookmarks');
  let total = 0;
  const tell = (bookmark: Bookmark): ToldBookmark[] => {
    if (bookmark.isDeleted === true || ++total > MAX_BOOKMARKS) return [];
    const { key, kind, role, readingList } = bookmark;
    return [
      {
        id: key,
        kind,
        role,
        title: bookmark.title ?? '',
        url: textOrNone(bookmark.url),
        link: webLink(bookmark.url),
        isRead: orNone(readingList?.isRead),
        addedAt: isoOf(readingList?.addedAt),
        excerpt: readingList?.previewText,
        children: bookmark.children.flatMap(tell),
      },
    ];
  };
  const told = top.flatMap(tell);
  return { top: told, total: Math.min(total, MAX_BOOKMARKS), isCut: total > MAX_BOOKMARKS };
}

/** Tabs that are open, here and on other devices; private ones only where they are asked for. */
export async function listTabs(unlocked: Unlocked, query: PageQuery & { private?: boolean }): Promise<Tabs> {
  const { tabs } = demandKind(await safariIn(unlocked), 'data of Safari');
  const shown = tabs.filter(({ isPrivate }) => query.private === true || !isPrivate);
  return pageFrom(shown, query, (tab) => ({
    id: tab.key,
    title: textOrNone(tab.title),
    url: tab.url ?? '',
    link: webLink(tab.url),
    place: tab.place,
    name: tab.name,
    profile: tab.profile,
    lastViewedAt: isoOf(tab.lastViewedAt),
    isPrivate: tab.isPrivate,
  }));
}
