import { openCalendars, openContentDatabase, openNotes, openPhotos, openReminders } from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { CountedItems, Part } from './parts.ts';

/** Larger encrypted databases are not counted in: they would have to be decrypted into memory as a whole. */
const MAX_IN_MEMORY_BYTES = 32 * 1024 * 1024;

const home = (relativePath: string) => [{ domain: 'HomeDomain', relativePath }];
const inSafari = (name: string) =>
  ['HomeDomain', 'AppDomain-com.apple.mobilesafari'].map((domain) => ({
    domain,
    relativePath: `Library/Safari/${name}`,
  }));

type Count = (backup: Backup) => Promise<number | undefined>;

const COUNTS: Readonly<Record<CountedItems, Count>> = {
  messages: rows(home('Library/SMS/sms.db'), 'message'),
  contacts: rows(home('Library/AddressBook/AddressBook.sqlitedb'), 'ABPerson'),
  calls: rows(home('Library/CallHistoryDB/CallHistory.storedata'), 'ZCALLRECORD'),
  notes: async (backup) => {
    using notes = await openNotes(backup);
    return notes?.count();
  },
  events: async (backup) => {
    using calendars = await openCalendars(backup);
    return calendars?.count;
  },
  reminders: async (backup) => {
    using reminders = await openReminders(backup);
    return reminders?.count;
  },
  bookmarks: rows(inSafari('Bookmarks.db'), 'bookmarks'),
  visits: rows(inSafari('History.db'), 'history_visits'),
  photos: async (backup) => {
    using photos = await openPhotos(backup);
    return photos?.count().own;
  },
};

/** How many messages, contacts … a backup has. Undefined where nothing is counted, or cannot be. */
export async function countItems(backup: Backup, part: Part): Promise<number | undefined> {
  if (part.counted === undefined || (backup.isEncrypted && isLarge(backup, part))) return undefined;
  try {
    return await COUNTS[part.counted](backup);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

function isLarge(backup: Backup, { anchors }: Part): boolean {
  return anchors.some(({ domain, relativePath }) => {
    const entry = backup.find(domain, relativePath);
    return (entry?.outline().sizeBytes ?? 0) > MAX_IN_MEMORY_BYTES;
  });
}

function rows(places: Parameters<typeof openContentDatabase>[1], table: string): Count {
  return async (backup) => {
    using database = await openContentDatabase(backup, places);
    if (database?.has(table) !== true) return undefined;
    return Number(database.get(`SELECT count(*) AS n FROM "${table}"`)?.['n']);
  };
}
