import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase, type Place } from '../source/content-database.ts';
import { readBookmarks, type Bookmarks } from './bookmarks.ts';
import { openHistory, SAFARI_DOMAINS, type SafariHistory } from './history.ts';
import { readPlistAt } from '../source/property-list.ts';
import {
  browserStateTabs,
  cloudTabs,
  profilesIn,
  suspendedTabs,
  tabsIn,
  type SafariProfile,
  type SafariTab,
} from './tabs.ts';

/** What Safari keeps, in one backup. */
export interface Safari extends Disposable {
  /** Undefined when the backup holds none: since iOS 13 only encrypted ones do. */
  readonly history: SafariHistory | undefined;
  readonly bookmarks: Bookmarks | undefined;
  readonly tabs: readonly SafariTab[];
  readonly profiles: readonly SafariProfile[];
  /** Databases that could not be read, and why; the others are there all the same. */
  readonly problems: readonly string[];
}

/**
 * Opens what Safari keeps.
 *
 * @returns undefined when the backup has nothing of it.
 * @throws {FormatError} when there is something, and nothing of it can be read.
 */
export async function openSafari(backup: Backup): Promise<Safari | undefined> {
  const failures: FormatError[] = [];
  const tolerant = async <T>(read: () => Promise<T> | T): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      failures.push(error);
      return undefined;
    }
  };
  const profiles: SafariProfile[] = [];
  const tabs: SafariTab[] = [];
  const hasTabs = await tolerant(() =>
    withTable(backup, 'SafariTabs.db', 'bookmarks', ['id', 'parent', 'type', 'title', 'url'], (database) => {
      profiles.push(...profilesIn(database));
      tabs.push(...tabsIn(database));
    }),
  );
  const hasState = await tolerant(() =>
    withTable(backup, 'BrowserState.db', 'tabs', ['url'], (database) => {
      const known = new Set(tabs.map(({ url }) => url));
      const more = browserStateTabs(database, hasTabs === true ? 'earlier' : 'window');
      tabs.push(...[...more].filter(({ url }) => !known.has(url)));
    }),
  );
  for (const domain of SAFARI_DOMAINS) {
    await tolerant(async () => {
      const list = await readPlistAt(backup, { domain, relativePath: 'Library/Safari/SuspendState.plist' });
      const known = new Set(tabs.map(({ url }) => url));
      const more = suspendedTabs(list ?? null, hasTabs === true || hasState === true ? 'earlier' : 'window');
      tabs.push(...[...more].filter(({ url }) => !known.has(url)));
    });
  }
  await tolerant(() =>
    withTable(backup, 'CloudTabs.db', 'cloud_tabs', ['url'], (database) => tabs.push(...cloudTabs(database))),
  );
  const bookmarks = await tolerant(() => readBookmarks(backup));
  const nameOf = (folder: string): string | undefined =>
    profiles.find(({ keys }) => keys.some((key) => key.toLowerCase() === folder.toLowerCase()))?.name;
  const history = await openHistory(backup, nameOf, (failure) => failures.push(failure));
  if (!history && !bookmarks && tabs.length === 0) {
    if (failures[0]) throw failures[0];
    return undefined;
  }
  return {
    history,
    bookmarks,
    tabs,
    profiles,
    problems: failures.map(({ message }) => message),
    [Symbol.dispose]: () => history?.[Symbol.dispose](),
  };
}

/** Reads a database of Safari, wherever it lies. @returns whether there is one */
async function withTable(
  backup: Backup,
  name: string,
  table: string,
  columns: readonly string[],
  read: (database: ContentDatabase) => void,
): Promise<boolean> {
  const places: Place[] = SAFARI_DOMAINS.map((domain) => ({ domain, relativePath: `Library/Safari/${name}` }));
  using database = await openContentDatabase(backup, places);
  if (database === undefined) return false;
  database.require(table, ...columns);
  read(database);
  return true;
}
