import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { CALENDAR_PLACES } from '../calendar/calendar.ts';
import { openContentDatabase, type Place } from '../source/content-database.ts';
import { LegacyReminderStore } from './legacy-store.ts';
import type { Reminder, ReminderList } from './reminder.ts';
import { ReminderStore } from './store.ts';

/**
 * Since iOS 17, and from iOS 13 to 16. One database for each account, named by nothing that is written down elsewhere,
 * and one of the phone itself.
 */
const STORES = [
  { domain: 'AppDomainGroup-group.com.apple.reminders', path: /^Container_v\d+\/Stores\/(Data-[^/]+\.sqlite)$/ },
  { domain: 'HomeDomain', path: /^Library\/Reminders\/Container_v\d+\/Stores\/(Data-[^/]+\.sqlite)$/ },
] as const;

type Store = ReminderStore | LegacyReminderStore;

/** The reminders of all accounts of one backup. They are read as they are asked for. */
export class Reminders implements Disposable {
  readonly #stores: readonly Store[];
  /** Stores that could not be read, and why: the others are there all the same. */
  readonly problems: readonly string[];

  constructor(stores: readonly Store[], problems: readonly string[]) {
    this.#stores = stores;
    this.problems = problems;
  }

  get lists(): readonly ReminderList[] {
    return this.#stores.flatMap(({ lists }) => lists);
  }

  /** Fields that this version of iOS does not record. */
  get notAvailable(): readonly string[] {
    return [...new Set(this.#stores.flatMap(({ notAvailable }) => notAvailable))];
  }

  get count(): number {
    return this.#stores.reduce((sum, { count }) => sum + count, 0);
  }

  /** All reminders, store by store, those of a list together in its order. */
  *reminders(): Generator<Reminder, undefined> {
    for (const store of this.#stores) yield* store.reminders();
  }

  [Symbol.dispose](): void {
    for (const store of this.#stores) store[Symbol.dispose]();
  }
}

/**
 * Opens the reminders.
 *
 * @returns undefined when the backup has none: neither stores of their own, nor any beside the events.
 * @throws {FormatError} when the layout of all stores there are is not known.
 */
export async function openReminders(backup: Backup): Promise<Reminders | undefined> {
  const stores: Store[] = [];
  const failures: FormatError[] = [];
  for (const place of storePlaces(backup)) {
    try {
      const store = await openStore(backup, place);
      if (store) stores.push(store);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      failures.push(error);
    }
  }
  if (stores.length === 0) {
    const legacy = await openLegacyStore(backup);
    if (legacy) stores.push(legacy);
    else if (failures[0]) throw failures[0];
    else return undefined;
  }
  return new Reminders(
    stores,
    failures.map(({ message }) => message),
  );
}

/** What an update left behind at the older place is what it was then. */
function storePlaces(backup: Backup): Place[] {
  const byName = new Map<string, Place>();
  for (const { domain, path } of STORES) {
    for (const { relativePath, kind } of backup.manifest.entries({ domain })) {
      const name = path.exec(relativePath)?.[1];
      if (kind === 'file' && name !== undefined && !byName.has(name)) byName.set(name, { domain, relativePath });
    }
  }
  return [...byName.values()];
}

async function openStore(backup: Backup, place: Place): Promise<ReminderStore | undefined> {
  const database = await openContentDatabase(backup, [place]);
  if (database === undefined) return undefined;
  try {
    return new ReminderStore(database);
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}

async function openLegacyStore(backup: Backup): Promise<LegacyReminderStore | undefined> {
  const database = await openContentDatabase(backup, CALENDAR_PLACES);
  if (database === undefined) return undefined;
  try {
    if (LegacyReminderStore.holdsReminders(database)) return new LegacyReminderStore(database, backup);
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
  database[Symbol.dispose]();
  return undefined;
}
