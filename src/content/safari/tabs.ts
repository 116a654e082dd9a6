/** Open tabs: of this device with their groups and profiles, and of the other devices of the account. */
import { inflateSync } from 'node:zlib';
import type { Row, SqlValue } from '../../database/index.ts';
import { arrayAt, asDictionary, booleanAt, dateAt, numberAt, stringAt, type PlistValue } from '../../formats/index.ts';
import type { ContentDatabase } from '../source/content-database.ts';
import { bytesOf, cocoaDateOf, flagOf, numberOf, textOf, unixDateOf, type Recorded } from '../source/row-values.ts';
import { attributesOf } from './bookmarks.ts';
import { EPOCH_2001_MS } from '../../shared/time/apple-time.ts';

export interface SafariTab {
  readonly key: string;
  readonly title: Recorded<string>;
  readonly url: Recorded<string>;
  /** Where it is open. */
  readonly place: 'group' | 'window' | 'pinned' | 'recently-closed' | 'start-page' | 'other-device' | 'earlier';
  /** The name of the tab group, or of the other device. */
  readonly name: string | undefined;
  readonly profile: string | undefined;
  readonly lastViewedAt: Recorded<Date>;
  /** Private tabs are told apart so that nobody shows them by accident. */
  readonly isPrivate: boolean;
}

/** A profile: its name, and what its folder is called. */
export interface SafariProfile {
  readonly name: string | undefined;
  readonly keys: readonly string[];
}

const FOLDER = 1;
const PROFILE_SUBTYPE = 2;
const FAVORITES_SUBTYPE = 1;
const MAX_STEPS_UP = 50;
const MAX_POSITION_BYTES = 64 * 1024;

/** The profiles that SafariTabs.db names, since iOS 17. */
export function profilesIn(database: ContentDatabase): SafariProfile[] {
  if (!database.has('bookmarks', 'subtype')) return [];
  const sql = `SELECT * FROM bookmarks WHERE type = ${FOLDER} AND subtype = ${PROFILE_SUBTYPE}`;
  return [...database.rows(sql, [], { bigints: true })].map((row) => ({
    name: textOf(row['title']) || undefined,
    keys: [textOf(row['external_uuid']), textOf(row['server_id'])].flatMap((key) => key || []),
  }));
}

/** SafariTabs.db, since iOS 15: folders for windows, groups and profiles, tabs as the bookmarks in them. */
export function* tabsIn(database: ContentDatabase): Generator<SafariTab, undefined> {
  const order = database.has('bookmarks', 'order_index') ? 'parent, order_index, id' : 'id';
  const folders = new Map<number, Row>();
  for (const row of database.rows(`SELECT * FROM bookmarks WHERE type = ${FOLDER}`, [], { bigints: true })) {
    folders.set(numberOf(row['id']) ?? -1, row);
  }
  const privateGroups = privateGroupsIn(database);
  for (const row of database.rows(`SELECT * FROM bookmarks WHERE type IS NOT ${FOLDER} ORDER BY ${order}`, [], {
    bigints: true,
  })) {
    const folder = folders.get(numberOf(row['parent']) ?? -1);
    const { place, name } = placeOf(folder);
    yield {
      key: textOf(row['external_uuid']) || `tab ${numberOf(row['id']) ?? ''}`,
      title: textOf(row['title']),
      url: textOf(row['url']),
      place: flagOf(row['deleted']) === true ? 'recently-closed' : place,
      name,
      profile: profileOf(folder, folders),
      lastViewedAt: lastVisitOf(row),
      isPrivate: isPrivateFolder(folder) || privateGroups.has(numberOf(folder?.['id']) ?? -1),
    };
  }
}

function placeOf(folder: Row | undefined): Pick<SafariTab, 'place' | 'name'> {
  const uuid = textOf(folder?.['external_uuid']) ?? '';
  const title = textOf(folder?.['title']) || undefined;
  if (uuid === 'pinned' || uuid === 'privatePinned') return { place: 'pinned', name: undefined };
  if (uuid === 'recentlyClosed') return { place: 'recently-closed', name: undefined };
  if (numberOf(folder?.['subtype']) === FAVORITES_SUBTYPE) return { place: 'start-page', name: undefined };
  if (folder === undefined || flagOf(folder['hidden']) === true || title === undefined)
    return { place: 'window', name: undefined };
  return { place: 'group', name: title };
}

/** Groups that a person named "Private" are not hidden. */
const isPrivateFolder = (folder: Row | undefined): boolean =>
  textOf(folder?.['external_uuid']) === 'privatePinned' ||
  (flagOf(folder?.['hidden']) === true && textOf(folder?.['title']) === 'Private');

function privateGroupsIn(database: ContentDatabase): ReadonlySet<number> {
  const groups = new Set<number>();
  if (!database.has('windows')) return groups;
  for (const row of database.rows('SELECT * FROM windows', [], { bigints: true })) {
    groups.add(numberOf(row['private_tab_group_id']) ?? -2);
    const attributes = bytesOf(row['extra_attributes']);
    const isPrivate = attributes && booleanAt(attributesOf(attributes), 'IsPrivateWindow') === true;
    if (isPrivate)
      groups.add(numberOf(row['active_tab_group_id']) ?? -2).add(numberOf(row['local_tab_group_id']) ?? -2);
  }
  return groups;
}

function profileOf(folder: Row | undefined, folders: ReadonlyMap<number, Row>): string | undefined {
  let current = folder;
  for (let steps = 0; current !== undefined && steps < MAX_STEPS_UP; steps++) {
    if (numberOf(current['subtype']) === PROFILE_SUBTYPE) return textOf(current['title']) || undefined;
    current = folders.get(numberOf(current['parent']) ?? -1);
  }
  return undefined;
}

/** When a tab was last looked at stands among its attributes, by release as a date or as seconds since 2001. */
function lastVisitOf(row: Row): Recorded<Date> {
  for (const column of ['local_attributes', 'extra_attributes']) {
    const bytes = bytesOf(row[column]);
    const attributes = bytes ? attributesOf(bytes) : undefined;
    for (const key of ['LastVisitTime', 'DateLastViewed', 'LastViewedTime']) {
      const at = dateAt(attributes, key) ?? viewedAt(numberAt(attributes, key));
      if (at) return at;
    }
  }
  return row['local_attributes'] === undefined && row['extra_attributes'] === undefined ? undefined : null;
}

/** In seconds since 2001 this is 2032; since 1970, from which iOS 26 counts, it is 2001. */
const SINCE_1970_FROM = EPOCH_2001_MS / 1000;

/** When a tab was last looked at; null for never, which is written as zero. */
function viewedAt(value: SqlValue | undefined): Recorded<Date> {
  const seconds = numberOf(value);
  if (seconds === 0) return null;
  return (seconds ?? 0) >= SINCE_1970_FROM ? unixDateOf(value) : cocoaDateOf(value);
}

/** BrowserState.db: all tabs until iOS 14, what is left of closed ones since iOS 16. */
export function* browserStateTabs(
  database: ContentDatabase,
  place: 'window' | 'earlier',
): Generator<SafariTab, undefined> {
  const order = database.has('tabs', 'order_index') ? ' ORDER BY order_index' : '';
  for (const row of database.rows(`SELECT ROWID AS row, * FROM tabs${order}`, [], { bigints: true })) {
    yield {
      key: textOf(row['uuid']) || `tab ${numberOf(row['row']) ?? ''}`,
      title: textOf(row['title']),
      url: textOf(row['url']) || textOf(row['user_visible_url']),
      place,
      name: undefined,
      profile: undefined,
      lastViewedAt: viewedAt(row['last_viewed_time']),
      isPrivate: flagOf(row['private_browsing']) === true,
    };
  }
}

/** SuspendState.plist: all tabs until iOS 8 or 9, those nobody may see in a list of their own. */
export function* suspendedTabs(list: PlistValue, place: 'window' | 'earlier'): Generator<SafariTab, undefined> {
  for (const [key, isPrivate] of [
    ['SafariStateDocuments', false],
    ['SafariStatePrivateDocuments', true],
  ] as const) {
    for (const [index, each] of (arrayAt(asDictionary(list), key) ?? []).entries()) {
      const tab = asDictionary(each);
      const url = stringAt(tab, 'SafariStateDocumentURL') ?? stringAt(tab, 'SafariStateDocumentUserVisibleURL');
      if (url === undefined || url === '') continue;
      const seconds = numberAt(tab, 'SafariStateDocumentLastViewedTime');
      yield {
        key: stringAt(tab, 'SafariStateDocumentUUID') ?? `${key} ${index}`,
        title: stringAt(tab, 'SafariStateDocumentTitle') ?? null,
        url,
        place,
        name: undefined,
        profile: undefined,
        lastViewedAt: viewedAt(seconds),
        isPrivate,
      };
    }
  }
}

/** CloudTabs.db: what the other devices of the account have open. */
export function* cloudTabs(database: ContentDatabase): Generator<SafariTab, undefined> {
  const devices = new Map<string, string>();
  if (database.has('cloud_tab_devices', 'device_uuid')) {
    for (const row of database.rows('SELECT * FROM cloud_tab_devices', [], { bigints: true })) {
      devices.set(textOf(row['device_uuid']) ?? '', textOf(row['device_name']) || 'Another device');
    }
  }
  const rows = [...database.rows('SELECT ROWID AS row, * FROM cloud_tabs', [], { bigints: true })].map((row) => ({
    row,
    order: positionOf(row),
  }));
  for (const { row } of rows.toSorted((a, b) => a.order - b.order)) {
    yield {
      key: textOf(row['tab_uuid']) || `tab ${numberOf(row['row']) ?? ''}`,
      title: textOf(row['title']),
      url: textOf(row['url']),
      place: 'other-device',
      name: devices.get(textOf(row['device_uuid']) ?? '') ?? 'Another device',
      profile: undefined,
      lastViewedAt: viewedAt(row['last_viewed_time']),
      isPrivate: false,
    };
  }
}

/** A position is compressed JSON: `{ "sortValues": [{ "sortValue": 1, … }] }`. Tabs without one keep their order. */
function positionOf(row: Row): number {
  const bytes = bytesOf(row['position']);
  if (!bytes || bytes.length > MAX_POSITION_BYTES) return 0;
  try {
    const text = inflateSync(bytes, { maxOutputLength: MAX_POSITION_BYTES }).toString();
    const value: unknown = /"sortValue"\s*:\s*(-?\d+(?:\.\d+)?)/.exec(text)?.[1];
    return typeof value === 'string' ? Number(value) : 0;
  } catch {
    // Whatever is in it, it only says in which order they stood.
    return 0;
  }
}
