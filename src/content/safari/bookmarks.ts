/** Bookmarks and the reading list: one tree in one table. Its dates count from 1970, unlike those of the history. */
import type { Row } from '../../database/index.ts';
import { asDictionary, dateAt, decodePlist, dictionaryAt, stringAt } from '../../formats/index.ts';
import { fromUnixSeconds } from '../../shared/time/apple-time.ts';
import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase, type Place } from '../source/content-database.ts';
import { bytesOf, flagOf, numberOf, textOf, unixDateOf, type Recorded } from '../source/row-values.ts';

export interface ReadingListDetails {
  readonly isRead: Recorded<boolean>;
  readonly addedAt: Date | undefined;
  readonly lastViewedAt: Date | undefined;
  readonly previewText: string | undefined;
}

export interface Bookmark {
  readonly key: string;
  readonly kind: 'bookmark' | 'folder';
  /** The folders that Safari itself makes. */
  readonly role: 'root' | 'favorites' | 'menu' | 'reading-list' | undefined;
  readonly title: Recorded<string>;
  readonly url: Recorded<string>;
  readonly modifiedAt: Recorded<Date>;
  readonly isHidden: Recorded<boolean>;
  readonly isDeleted: Recorded<boolean>;
  /** For entries of the reading list. */
  readonly readingList?: ReadingListDetails;
  /** In their order. */
  readonly children: readonly Bookmark[];
  readonly problem?: 'date' | 'details';
}

const BOOKMARK_PLACES: readonly Place[] = [
  { domain: 'HomeDomain', relativePath: 'Library/Safari/Bookmarks.db' },
  { domain: 'AppDomain-com.apple.mobilesafari', relativePath: 'Library/Safari/Bookmarks.db' },
];

const FOLDER = 1;
const ROLES = [undefined, 'favorites', 'menu', 'reading-list'] as const;
const ROLE_TITLES = new Map<string, Bookmark['role']>([
  ['BookmarksBar', 'favorites'],
  ['BookmarksMenu', 'menu'],
  ['com.apple.ReadingList', 'reading-list'],
]);
/** Folders within folders beyond this lie side by side: whoever walks the tree may do so by recursion. */
const MAX_DEPTH = 100;

/** The tree of one backup: what lies at the top, in its order. */
export interface Bookmarks {
  readonly top: readonly Bookmark[];
  readonly notAvailable: readonly string[];
}

/**
 * Reads all bookmarks and the reading list.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when the layout of the database is not known.
 */
export async function readBookmarks(backup: Backup): Promise<Bookmarks | undefined> {
  using database = await openContentDatabase(backup, BOOKMARK_PLACES);
  if (database === undefined) return undefined;
  database.require('bookmarks', 'id', 'title', 'url');
  const lacks = ['type', 'read', 'last_modified', 'extra_attributes', 'order_index'];
  return { top: bookmarkTree(database), notAvailable: lacks.filter((column) => !database.has('bookmarks', column)) };
}

/** A tree of the rows of a table of bookmarks; whatever the rows say, each comes once and none is lost. */
function bookmarkTree(database: ContentDatabase): Bookmark[] {
  const rows = [...database.rows(`SELECT * FROM bookmarks ${orderOf(database)}`, [], { bigints: true })];
  const ids = new Set(rows.map((row) => idOf(row)));
  const children = Map.groupBy(rows, (row) => {
    const parent = numberOf(row['parent']);
    return typeof parent === 'number' && ids.has(parent) && parent !== idOf(row) ? parent : undefined;
  });
  const seen = new Set<number>();
  const top = nodes(children.get(undefined) ?? [], children, seen, false, 0);
  // Folders that lie in each other are reached from nowhere: the first of each such ring comes to the top.
  for (const row of rows) if (!seen.has(idOf(row))) top.push(...nodes([row], children, seen, false, 0));
  return top.flatMap((each) => (each.role === 'root' ? each.children : [each]));
}

const orderOf = (database: ContentDatabase): string =>
  database.has('bookmarks', 'order_index') ? 'ORDER BY order_index, id' : 'ORDER BY id';

const idOf = (row: Row): number => numberOf(row['id']) ?? -1;

function nodes(
  rows: readonly Row[],
  children: ReadonlyMap<number | undefined, readonly Row[]>,
  seen: Set<number>,
  inReadingList: boolean,
  depth: number,
): Bookmark[] {
  const made: Bookmark[] = [];
  const waiting = [...rows];
  for (const row of waiting) {
    if (seen.has(idOf(row))) continue;
    seen.add(idOf(row));
    const role = roleOf(row);
    const below = children.get(idOf(row)) ?? [];
    const isTooDeep = depth >= MAX_DEPTH;
    if (isTooDeep) waiting.push(...below);
    const inner = isTooDeep ? [] : nodes(below, children, seen, role === 'reading-list', depth + 1);
    made.push(bookmarkOf(row, role, inReadingList, inner));
  }
  return made;
}

function roleOf(row: Row): Bookmark['role'] {
  const title = textOf(row['title']) ?? '';
  const parent = row['parent'];
  const special = numberOf(row['special_id']) ?? 0;
  if ((parent === null || parent === undefined) && special === 0 && title === 'Root') return 'root';
  return ROLES[special] ?? ROLE_TITLES.get(title);
}

function bookmarkOf(row: Row, role: Bookmark['role'], inReadingList: boolean, children: readonly Bookmark[]): Bookmark {
  const read = row['read'];
  const isFolder = numberOf(row['type']) === FOLDER || children.length > 0 || role !== undefined;
  const isReading = !isFolder && (inReadingList || (read !== undefined && read !== null));
  const modified = row['last_modified'];
  const isBadDate = modified !== undefined && modified !== null && fromUnixSeconds(modified) === undefined;
  const details = isReading ? readingListDetails(row) : undefined;
  const problem = isBadDate ? 'date' : details === 'unreadable' ? 'details' : undefined;
  return {
    key: textOf(row['external_uuid']) || String(idOf(row)),
    kind: isFolder ? 'folder' : 'bookmark',
    role,
    title: textOf(row['title']),
    url: textOf(row['url']),
    modifiedAt: unixDateOf(modified),
    isHidden: flagOf(row['hidden']),
    isDeleted: flagOf(row['deleted']),
    ...(isReading && {
      readingList: { isRead: flagOf(read), ...(typeof details === 'object' ? details : NO_DETAILS) },
    }),
    children,
    ...(problem && { problem }),
  };
}

type Details = Omit<ReadingListDetails, 'isRead'>;

const NO_DETAILS: Details = { addedAt: undefined, lastViewedAt: undefined, previewText: undefined };

function readingListDetails(row: Row): Details | 'unreadable' {
  const bytes = bytesOf(row['extra_attributes']);
  if (!bytes || bytes.length === 0) return NO_DETAILS;
  const attributes = attributesOf(bytes);
  if (attributes === undefined) return 'unreadable';
  const list = dictionaryAt(attributes, 'com.apple.ReadingList') ?? attributes;
  return {
    addedAt: dateAt(list, 'DateAdded'),
    lastViewedAt: dateAt(list, 'DateLastViewed'),
    previewText:
      stringAt(list, 'PreviewText') ??
      stringAt(dictionaryAt(attributes, 'com.apple.ReadingListNonSync'), 'PreviewText'),
  };
}

/** The property lists that rows of bookmarks and tabs carry; undefined for one that cannot be read. */
export function attributesOf(bytes: Uint8Array): ReturnType<typeof asDictionary> {
  try {
    return asDictionary(decodePlist(bytes));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
