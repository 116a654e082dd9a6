/**
 * Bookmarks as Netscape wrote them and every browser takes them in: nested lists, unclosed items, dates in seconds
 * since 1970. Browsers find the bar by PERSONAL_TOOLBAR_FOLDER.
 */
import type { Bookmark } from '../../content/index.ts';
import { escapeHtml } from '../../shared/text/escape-html.ts';

const HEAD = `<!DOCTYPE NETSCAPE-Bookmark-file-1>
<!-- This is an automatically generated file.
     It will be read and overwritten.
     DO NOT EDIT! -->
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<META HTTP-EQUIV="Content-Security-Policy" CONTENT="default-src 'none'">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
`;

const ROLE_TITLES = {
  favorites: 'Favorites',
  menu: 'Bookmarks Menu',
  'reading-list': 'Reading List',
  root: 'Bookmarks',
} as const;

/** The name of a folder: Safari calls its own by names that no person sees. */
export const folderTitle = ({ role, title }: Bookmark): string =>
  role === undefined ? title || 'Untitled' : ROLE_TITLES[role];

export function* netscapeBookmarks(top: readonly Bookmark[]): Generator<string, undefined> {
  yield HEAD;
  for (const each of top) yield* lines(each, 1);
  yield '</DL><p>\n';
}

function* lines(bookmark: Bookmark, depth: number): Generator<string, undefined> {
  if (bookmark.isDeleted === true) return;
  const indent = '    '.repeat(Math.min(depth, 12));
  if (bookmark.kind === 'folder') {
    const modified = attribute('LAST_MODIFIED', secondsOf(bookmark.modifiedAt));
    const bar = bookmark.role === 'favorites' ? ' PERSONAL_TOOLBAR_FOLDER="true"' : '';
    yield `${indent}<DT><H3${modified}${bar}>${oneLine(folderTitle(bookmark))}</H3>\n${indent}<DL><p>\n`;
    for (const child of bookmark.children) yield* lines(child, depth + 1);
    yield `${indent}</DL><p>\n`;
    return;
  }
  const { url, title, readingList, modifiedAt } = bookmark;
  if (!url) return;
  const added = attribute('ADD_DATE', secondsOf(readingList?.addedAt ?? modifiedAt));
  const unread = readingList === undefined ? '' : attribute('TOREAD', readingList.isRead === true ? '0' : '1');
  // Bookmarklets are scripts on purpose. Programs that take the file in keep them; a page must not run them.
  yield `${indent}<DT><A HREF="${oneLine(url)}"${added}${unread}>${oneLine(title || url)}</A>\n`;
  if (readingList?.previewText) yield `${indent}<DD>${oneLine(readingList.previewText)}\n`;
}

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${value}"`;

const secondsOf = (at: Date | null | undefined): string | undefined =>
  at && at.getTime() > 0 ? String(Math.floor(at.getTime() / 1000)) : undefined;

/** The readers of this format go line by line. */
const oneLine = (text: string): string => escapeHtml(text.toWellFormed().replaceAll(/\s+/g, ' ').trim());
