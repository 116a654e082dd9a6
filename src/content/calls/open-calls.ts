import type { Backup } from '../../snapshot/index.ts';
import type { Contacts } from '../contacts/open-contacts.ts';
import { openContentDatabase, readIfPossible, type ContentDatabase, type Place } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { CALL_COLUMNS, readCallRecords } from './call-records.ts';
import type { Call } from './call.ts';
import { readOldCalls } from './old-calls.ts';

const PLACES = [{ domain: 'HomeDomain', relativePath: 'Library/CallHistoryDB/CallHistory.storedata' }];
/** What was noted while the other one could not be opened, before the phone was first unlocked. */
const WAITING_PLACES = [{ domain: 'HomeDomain', relativePath: 'Library/CallHistoryDB/CallHistoryTemp.storedata' }];
const OLD_PLACES = [
  { domain: 'WirelessDomain', relativePath: 'Library/CallHistory/call_history.db' },
  { domain: 'HomeDomain', relativePath: 'Library/CallHistory/call_history.db' },
];

/** The list of calls that the phone kept: the last thousand at most. */
export class Calls implements Disposable {
  /** Fields that this iOS does not record. */
  readonly notAvailable: readonly string[];
  readonly #records: ContentDatabase | undefined;
  readonly #old: ContentDatabase | undefined;
  readonly #waiting: ContentDatabase | undefined;

  constructor(
    records: ContentDatabase | undefined,
    old: ContentDatabase | undefined,
    waiting: ContentDatabase | undefined,
  ) {
    this.#records = records;
    this.#old = old;
    this.#waiting = waiting;
    const first = records ?? waiting;
    const fields = Object.entries(CALL_COLUMNS).filter(([, column]) => first?.has('ZCALLRECORD', column) === false);
    this.notAvailable = fields.map(([field]) => field);
  }

  /**
   * Every call, oldest first. A phone that came from an old iOS may have two lists, and one list waits to be put into
   * the other; what is in both comes once.
   *
   * @throws {FormatError} when a list is not laid out as it should be.
   */
  *all(): Generator<Call, undefined> {
    const seen = new Set<string>();
    if (this.#old !== undefined) {
      const inBoth = this.#records === undefined ? new Set<string>() : this.#moments(this.#records);
      for (const call of readOldCalls(this.#old)) {
        if (inBoth.has(momentOf(call)) || seen.has(call.key)) continue;
        seen.add(call.key);
        yield call;
      }
    }
    const waiting = this.#waiting === undefined ? [] : [...readCallRecords(this.#waiting)];
    const noted = new Set<string>();
    if (waiting.length > 0 && this.#records !== undefined) {
      for (const call of readCallRecords(this.#records)) noted.add(identityOf(call));
    }
    const left = waiting.filter((call) => !noted.has(identityOf(call)));
    for (const call of this.#records === undefined ? [] : readCallRecords(this.#records)) {
      while (left[0] !== undefined && timeOf(left[0]) < timeOf(call)) yield* left.splice(0, 1);
      yield call;
    }
    yield* left;
  }

  [Symbol.dispose](): void {
    this.#records?.[Symbol.dispose]();
    this.#old?.[Symbol.dispose]();
    this.#waiting?.[Symbol.dispose]();
  }

  #moments(records: ContentDatabase): Set<string> {
    return new Set([...readCallRecords(records)].map(momentOf));
  }
}

/** Without a number of its own a call is only known by its row, which another list has for another call. */
const identityOf = ({ key, at }: Call): string => `${key} ${at?.getTime() ?? ''}`;

const timeOf = ({ at }: Call): number => at?.getTime() ?? 0;

/** To the second, as old phones count. */
function momentOf({ at, direction, participants }: Call): string {
  return [Math.floor((at?.getTime() ?? 0) / 1000), direction, participants[0]?.address].join(' ');
}

/**
 * Opens the list of calls. Backups without encryption do not hold it since iOS 13.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when it is damaged.
 */
export async function openCalls(backup: Backup): Promise<Calls | undefined> {
  using opening = new DisposableStack();
  let failure: unknown;
  const open = async (places: readonly Place[], ...needed: readonly [string, ...string[]]) => {
    const read = (): Promise<ContentDatabase | undefined> => openList(backup, places, needed);
    const database = await readIfPossible(backup, 'One list of calls', read, (error) => (failure ??= error));
    return database && opening.use(database);
  };
  const records = await open(PLACES, 'ZCALLRECORD', 'ZDATE', 'ZORIGINATED');
  const old = await open(OLD_PLACES, 'call', 'address', 'date', 'flags');
  const waiting = await open(WAITING_PLACES, 'ZCALLRECORD', 'ZDATE', 'ZORIGINATED');
  if (records === undefined && old === undefined && waiting === undefined) {
    if (failure !== undefined) throw failure;
    return undefined;
  }
  opening.move();
  return new Calls(records, old, waiting);
}

async function openList(
  backup: Backup,
  places: readonly Place[],
  [table, ...columns]: readonly [string, ...string[]],
): Promise<ContentDatabase | undefined> {
  const database = await openContentDatabase(backup, places);
  try {
    database?.require(table, ...columns);
    return database;
  } catch (error) {
    database?.[Symbol.dispose]();
    throw error;
  }
}

/** Whom a call was with: by the address book, else as the network or app said, else the number itself. */
export function namesOfCall(call: Call, contacts: Contacts | undefined): string[] {
  const { participants, callerName } = call;
  if (participants.length === 0) return [callerName ?? 'Unknown number'];
  return participants.map(({ address, normalized = address }) => {
    const known = contacts?.nameFor(normalized) ?? contacts?.nameFor(address);
    return known ?? (participants.length === 1 ? callerName : undefined) ?? address;
  });
}

/** For searching and for merging the lists of several backups into one. */
export function* callsItems(calls: Calls, contacts?: Contacts): Generator<ContentItem, undefined> {
  for (const call of calls.all()) {
    const names = namesOfCall(call, contacts);
    yield {
      kind: 'calls',
      key: call.key,
      at: call.at,
      title: names.join(', '),
      text: [...names, ...call.participants.map(({ address }) => address), call.callerName, call.location]
        .filter((each) => typeof each === 'string' && each !== '')
        .join('\n'),
    };
  }
}
