import { openSafari, type Bookmark, type HistoryVisit, type Safari } from '../../content/index.ts';
import { wallClock, wallClockWithOffset } from '../../shared/time/time-zone.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { asVersion, mergeVersions, type EarlierVersion } from '../merge/merge-versions.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { folderTitle, netscapeBookmarks } from './netscape.ts';
import { historyPage, indexPage, monthName, type HistoryMonth } from './pages.ts';

/** Safari: pages to read, bookmarks that browsers take in, tables. */
export const safariExport: ContentExport = {
  kind: 'safari',
  title: 'Safari',
  formats: ['html', 'netscape', 'csv', 'json'],
  run: takeOutSafari,
};

async function takeOutSafari(request: ExportRequest): Promise<ExportSummary | undefined> {
  using safari = await openSafari(request.backup);
  if (safari === undefined) return undefined;
  const visits = { count: 0 };
  const all = request.earlier && (await allVersions(request, request.earlier));
  const wantedVisits = (): Generator<HistoryVisit, undefined> => wanted(safari, request, visits, all);
  let startPage: string | undefined;
  switch (request.format) {
    case 'netscape':
      await writeBookmarks(safari, request);
      break;
    case 'csv':
      await writeTables(safari, request, wantedVisits());
      break;
    case 'json':
      await writeJson(safari, request, wantedVisits());
      break;
    default:
      startPage = await writePages(safari, request, wantedVisits());
  }
  const bookmarks = countOf(safari.bookmarks?.top ?? []);
  const tabs = safari.tabs.filter(({ isPrivate }) => !isPrivate);
  const items = request.format === 'netscape' ? bookmarks : visits.count + bookmarks + tabs.length;
  return { items, notes: notesOf(safari, request), ...(startPage !== undefined && { startPage }) };
}

/** Phones forget visits after a year, or when they are told to; older versions know them. Newest first. */
async function allVersions({ backup }: ExportRequest, earlier: readonly EarlierVersion[]): Promise<HistoryVisit[]> {
  const merged = await mergeVersions<HistoryVisit>(
    [...earlier.map((each) => () => each.open()), () => Promise.resolve(asVersion(backup))],
    {
      read: async (from, stack) => {
        const safari = await openSafari(from);
        return safari && stack.use(safari).history?.visits();
      },
      keyOf: ({ url, at, profile }) => `${at?.getTime() ?? ''} ${profile ?? ''} ${url}`,
      atOf: ({ at }) => at,
    },
  );
  return merged.toReversed();
}

function* wanted(
  safari: Safari,
  { signal, options: { from, until }, onProgress }: ExportRequest,
  counter: { count: number },
  merged: readonly HistoryVisit[] | undefined,
): Generator<HistoryVisit, undefined> {
  const total = merged?.length ?? safari.history?.count;
  let done = 0;
  for (const visit of merged ?? safari.history?.visits() ?? []) {
    if (++done % 1000 === 0) {
      signal.throwIfAborted();
      onProgress?.(done, total);
    }
    const isWanted = visit.at ? (!from || visit.at >= from) && (!until || visit.at < until) : !from && !until;
    if (!isWanted) continue;
    counter.count++;
    yield visit;
  }
}

function notesOf(safari: Safari, { backup, format }: ExportRequest): string[] {
  const hidden = safari.tabs.filter(({ isPrivate }) => isPrivate).length;
  const notes = [
    safari.history === undefined &&
      format !== 'netscape' &&
      !backup.isEncrypted &&
      'There is no history: since iOS 13 only encrypted backups hold it.',
    hidden > 0 && format !== 'netscape' && `${hidden} private ${hidden === 1 ? 'tab was' : 'tabs were'} left out.`,
    ...safari.problems.map((problem) => `Something could not be read: ${problem}.`),
  ];
  return notes.filter((note) => typeof note === 'string');
}

function countOf(bookmarks: readonly Bookmark[]): number {
  return bookmarks.reduce(
    (sum, each) => sum + countOf(each.children) + (each.kind === 'bookmark' && each.isDeleted !== true ? 1 : 0),
    0,
  );
}

async function writeBookmarks({ bookmarks }: Safari, { folder }: ExportRequest): Promise<string | undefined> {
  if (bookmarks === undefined) return undefined;
  return (await folder.write(['Bookmarks.html'], netscapeBookmarks(bookmarks.top))).path;
}

async function writePages(safari: Safari, request: ExportRequest, visits: Iterator<HistoryVisit>): Promise<string> {
  const { folder, timeZone } = request;
  const bookmarksFile = await writeBookmarks(safari, request);
  const months: HistoryMonth[] = [];
  for (let next = visits.next(); next.done !== true;) {
    const month = monthOf(next.value, timeZone);
    let count = 0;
    // The visits come in order: those of a month are read while its page is written.
    const ofMonth = function* (): Generator<HistoryVisit, undefined> {
      for (; next.done !== true && monthOf(next.value, timeZone) === month; next = visits.next()) {
        count++;
        yield next.value;
      }
    };
    const name = month === '' ? 'Without a date' : month;
    const { path } = await folder.write(['History', `${name}.html`], historyPage(month, ofMonth(), timeZone));
    months.push({ title: monthName(month), path, count });
  }
  return (await folder.write(['Safari.html'], indexPage(safari, { timeZone, months, bookmarksFile }))).path;
}

const monthOf = ({ at }: HistoryVisit, timeZone: string): string =>
  at === undefined ? '' : wallClock(timeZone, at).slice(0, 7);

async function writeTables(safari: Safari, request: ExportRequest, visits: Iterable<HistoryVisit>): Promise<void> {
  const { folder, timeZone } = request;
  const iso = (at: Date | null | undefined): CsvValue => at && wallClockWithOffset(timeZone, at);
  if (safari.history || request.earlier)
    await folder.write(['History.csv'], csv(HISTORY_COLUMNS, visitRows(visits, iso)));
  if (safari.bookmarks) {
    const header = [
      'folder',
      'title',
      'url',
      'modified',
      'deleted',
      'reading list',
      'read',
      'added',
      'preview',
      'id',
      'problem',
    ];
    await folder.write(['Bookmarks.csv'], csv(header, bookmarkRows(safari.bookmarks.top, [], iso)));
  }
  if (safari.tabs.length > 0) {
    const rows = safari.tabs
      .filter(({ isPrivate }) => !isPrivate)
      .map((tab) => [tab.place, tab.name, tab.profile, tab.title, tab.url, iso(tab.lastViewedAt), tab.key]);
    await folder.write(['Tabs.csv'], csv(['place', 'name', 'profile', 'title', 'url', 'last viewed', 'id'], rows));
  }
}

const HISTORY_COLUMNS = [
  'time',
  'title',
  'url',
  'origin',
  'profile',
  'loaded',
  'redirected from',
  'redirected to',
  'visits of the page',
  'problem',
];

function* visitRows(
  visits: Iterable<HistoryVisit>,
  iso: (at: Date | undefined) => CsvValue,
): Generator<CsvValue[], undefined> {
  for (const each of visits) {
    yield [
      iso(each.at),
      each.title,
      each.url,
      each.origin,
      each.profile,
      each.isLoaded,
      each.redirectedFrom,
      each.redirectedTo,
      each.visitCount,
      each.problem,
    ];
  }
}

function* bookmarkRows(
  bookmarks: readonly Bookmark[],
  path: readonly string[],
  iso: (at: Date | null | undefined) => CsvValue,
): Generator<CsvValue[], undefined> {
  for (const each of bookmarks) {
    const { readingList } = each;
    if (each.kind === 'bookmark') {
      const own = [each.title, each.url, iso(each.modifiedAt), each.isDeleted, readingList !== undefined];
      yield [
        path.join('/'),
        ...own,
        readingList?.isRead,
        iso(readingList?.addedAt),
        readingList?.previewText,
        each.key,
        each.problem,
      ];
    }
    yield* bookmarkRows(each.children, [...path, folderTitle(each)], iso);
  }
}

async function writeJson(
  safari: Safari,
  { folder, earlier }: ExportRequest,
  visits: Iterable<HistoryVisit>,
): Promise<void> {
  if (safari.history || earlier) {
    await folder.write(['History.json'], jsonArray(visits));
    const removed = [...(safari.history?.tombstones() ?? [])];
    if (removed.length > 0) await folder.write(['History removed.json'], jsonArray(removed));
  }
  if (safari.bookmarks) await folder.write(['Bookmarks.json'], jsonArray(safari.bookmarks.top));
  if (safari.tabs.length > 0) {
    await folder.write(['Tabs.json'], jsonArray(safari.tabs.filter(({ isPrivate }) => !isPrivate)));
  }
}
