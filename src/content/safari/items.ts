import type { ContentItem } from '../source/content-item.ts';
import type { Bookmark } from './bookmarks.ts';
import type { Safari } from './safari.ts';

/** Visits, bookmarks and open tabs for searching, and for following them from backup to backup. Private tabs are left out. */
export function* safariItems(safari: Safari): Generator<ContentItem, undefined> {
  for (const { url, title, at } of safari.history?.visits() ?? []) {
    // Visits have no identifier; the page and the moment are the same in every backup.
    yield item(`visit ${at?.toISOString() ?? '?'} ${url}`, at, title, url);
  }
  for (const top of safari.bookmarks?.top ?? []) yield* bookmarkItems(top);
  for (const tab of safari.tabs) {
    if (!tab.isPrivate) yield item(`tab ${tab.key}`, tab.lastViewedAt ?? undefined, tab.title, tab.url);
  }
}

function* bookmarkItems(bookmark: Bookmark): Generator<ContentItem, undefined> {
  const { kind, isDeleted, key, readingList, modifiedAt, title, url, children } = bookmark;
  if (kind === 'bookmark' && isDeleted !== true) {
    yield item(key, readingList?.addedAt ?? modifiedAt ?? undefined, title, url, readingList?.previewText);
  }
  for (const child of children) yield* bookmarkItems(child);
}

function item(
  key: string,
  at: Date | undefined,
  title: string | null | undefined,
  url: string | null | undefined,
  more?: string,
): ContentItem {
  return { kind: 'safari', key, at, title: title || url || '', text: [title, url, more].filter(Boolean).join('\n') };
}
