/** Pages that were visited: one or several databases, by place and by profile. */
import type { Row } from '../../database/index.ts';
import { asDictionary, arrayAt, numberAt, stringAt } from '../../formats/index.ts';
import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import { FormatError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase, type Place } from '../source/content-database.ts';
import { readPlistAt } from '../source/property-list.ts';
import { cocoaDateOf, flagOf, isBadDate, numberOf, textOf, type Recorded } from '../source/row-values.ts';

export interface HistoryVisit {
  readonly url: string;
  readonly title: Recorded<string>;
  readonly at: Date | undefined;
  /** Whether it happened on this device, or came from another one of the same account. */
  readonly origin: 'this-device' | 'other-device' | undefined;
  /** How often the page was visited in all. */
  readonly visitCount: Recorded<number>;
  readonly isLoaded: Recorded<boolean>;
  readonly redirectedFrom: Recorded<string>;
  readonly redirectedTo: Recorded<string>;
  /** The profile it was visited in; undefined for the one that everybody has. */
  readonly profile: string | undefined;
  readonly problem?: 'time' | 'url';
}

/** A page, or all pages of a span of time, that somebody removed from the history. */
export interface HistoryTombstone {
  readonly url: string | undefined;
  readonly from: Date | undefined;
  readonly until: Date | undefined;
}

/** Both places, and the folders that hold those of profiles. */
export const SAFARI_DOMAINS = ['HomeDomain', 'AppDomain-com.apple.mobilesafari'] as const;
const PROFILE_PATH = /^Library\/Safari\/Profiles\/([^/]+)\/History\.db$/;
const LEGACY_PLACE: Place = { domain: 'HomeDomain', relativePath: 'Library/Safari/History.plist' };

interface Source {
  readonly database: ContentDatabase;
  readonly profile: string | undefined;
}

/** Visits of all profiles. They are read as they are asked for. */
export class SafariHistory implements Disposable {
  readonly notAvailable: readonly string[];
  readonly #sources: readonly Source[];
  readonly #legacy: readonly HistoryVisit[];

  constructor(sources: readonly Source[], legacy: readonly HistoryVisit[]) {
    this.#sources = sources;
    this.#legacy = legacy;
    const lacks = (column: string): boolean => sources.some(({ database }) => !database.has('history_visits', column));
    this.notAvailable = ['title', 'origin', 'load_successful', 'redirect_source'].filter(lacks);
  }

  /** The names of the profiles with a history of their own. */
  get profiles(): readonly string[] {
    return this.#sources.flatMap(({ profile }) => profile ?? []);
  }

  get count(): number {
    const counts = this.#sources.map(({ database }) =>
      Number(database.get('SELECT count(*) AS n FROM history_visits')?.['n'] ?? 0),
    );
    return counts.reduce((sum, each) => sum + each, this.#legacy.length);
  }

  /** All visits, newest first; those without a time come first of all. Visits that two places hold come once. */
  *visits(): Generator<HistoryVisit, undefined> {
    const heads = [...this.#sources.map(visitsOf), this.#legacy.values()].map((stream) => new Head(stream));
    let last: { readonly visit: HistoryVisit; readonly head: Head } | undefined;
    for (;;) {
      const head = newestOf(heads);
      const visit = head?.visit;
      if (head === undefined || visit === undefined) return undefined;
      head.advance();
      if (last === undefined || last.head === head || !isSameVisit(last.visit, visit)) yield visit;
      last = { visit, head };
    }
  }

  *tombstones(): Generator<HistoryTombstone, undefined> {
    for (const { database } of this.#sources) {
      if (!database.has('history_tombstones')) continue;
      for (const row of database.rows('SELECT * FROM history_tombstones', [], { bigints: true })) {
        const from = cocoaDateOf(row['start_time']) ?? undefined;
        // Newer releases keep a digest in the place of the address.
        const url = typeof row['url'] === 'string' ? row['url'] : undefined;
        yield { url, from, until: cocoaDateOf(row['end_time']) ?? undefined };
      }
    }
  }

  [Symbol.dispose](): void {
    for (const { database } of this.#sources) database[Symbol.dispose]();
  }
}

/**
 * Opens the history.
 *
 * @param profileName the name of the profile whose folder has this name, where there is one.
 * @param onProblem told of a database that cannot be read; the others are there all the same.
 * @returns undefined when the backup has none: unencrypted ones do not since iOS 13.
 */
export async function openHistory(
  backup: Backup,
  profileName: (folder: string) => string | undefined,
  onProblem: (problem: FormatError) => void,
): Promise<SafariHistory | undefined> {
  const sources: Source[] = [];
  for (const { place, profile } of placesIn(backup)) {
    try {
      const database = await openContentDatabase(backup, [place]);
      if (database === undefined) continue;
      try {
        database.require('history_visits', 'visit_time', 'history_item');
        database.require('history_items', 'id', 'url');
      } catch (error) {
        database[Symbol.dispose]();
        throw error;
      }
      sources.push({ database, profile: profile === undefined ? undefined : (profileName(profile) ?? profile) });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      onProblem(error);
    }
  }
  const legacy = await legacyVisits(backup, onProblem);
  return sources.length === 0 && legacy.length === 0 ? undefined : new SafariHistory(sources, legacy);
}

function* placesIn(backup: Backup): Generator<{ place: Place; profile: string | undefined }, undefined> {
  for (const domain of SAFARI_DOMAINS) {
    yield { place: { domain, relativePath: 'Library/Safari/History.db' }, profile: undefined };
    for (const { relativePath } of backup.manifest.entries({ domain })) {
      const profile = PROFILE_PATH.exec(relativePath)?.[1];
      if (profile !== undefined) yield { place: { domain, relativePath }, profile };
    }
  }
}

/** A stream of visits, and the one that comes next. */
class Head {
  visit: HistoryVisit | undefined;
  readonly #stream: Iterator<HistoryVisit>;

  constructor(stream: Iterator<HistoryVisit>) {
    this.#stream = stream;
    this.advance();
  }

  advance(): void {
    const next = this.#stream.next();
    this.visit = next.done === true ? undefined : next.value;
  }
}

function newestOf(heads: readonly Head[]): Head | undefined {
  let newest: Head | undefined;
  for (const head of heads) {
    if (head.visit && (!newest?.visit || timeOf(head.visit) > timeOf(newest.visit))) newest = head;
  }
  return newest;
}

const timeOf = ({ at }: HistoryVisit): number => at?.getTime() ?? Infinity;

const isSameVisit = (a: HistoryVisit, b: HistoryVisit): boolean =>
  a.url === b.url &&
  a.at !== undefined &&
  a.at.getTime() === b.at?.getTime() &&
  a.profile === b.profile &&
  a.title === b.title;

function* visitsOf({ database, profile }: Source): Generator<HistoryVisit, undefined> {
  const hasRedirects =
    database.has('history_visits', 'redirect_source') && database.has('history_visits', 'redirect_destination');
  const columns = database.select('history_visits', 'v', ['visit_time', 'title', 'origin', 'load_successful']);
  const visitCount = database.select('history_items', 'i', ['visit_count']);
  const redirects = hasRedirects
    ? `, ${redirect('redirect_source')} AS redirected_from, ${redirect('redirect_destination')} AS redirected_to`
    : '';
  const sql = `SELECT ${columns}, ${visitCount}, i.url AS url${redirects}
    FROM history_visits AS v LEFT JOIN history_items AS i ON i.id = v.history_item ORDER BY v.visit_time DESC, v.ROWID DESC`;
  for (const row of database.rows(sql, [], { bigints: true })) yield visitOf(row, profile);
}

const redirect = (column: string): string =>
  `(SELECT url FROM history_items WHERE id = (SELECT history_item FROM history_visits WHERE id = v.${column}))`;

function visitOf(row: Row, profile: string | undefined): HistoryVisit {
  const url = textOf(row['url']);
  const origin = numberOf(row['origin']);
  const problem = isBadDate(row['visit_time']) ? 'time' : url ? undefined : 'url';
  return {
    url: url ?? '',
    title: textOf(row['title']),
    at: cocoaDateOf(row['visit_time']) ?? undefined,
    origin: origin === 0 ? 'this-device' : origin === undefined || origin === null ? undefined : 'other-device',
    visitCount: numberOf(row['visit_count']),
    isLoaded: flagOf(row['load_successful']),
    redirectedFrom: textOf(row['redirected_from']),
    redirectedTo: textOf(row['redirected_to']),
    profile,
    ...(problem && { problem }),
  };
}

/** Until iOS 7 a property list with one entry for each page, at its last visit. */
async function legacyVisits(backup: Backup, onProblem: (problem: FormatError) => void): Promise<HistoryVisit[]> {
  try {
    const list = asDictionary(await readPlistAt(backup, LEGACY_PLACE));
    const visits = (arrayAt(list, 'WebHistoryDates') ?? []).map((each): HistoryVisit => {
      const page = asDictionary(each);
      const url = stringAt(page, '');
      return {
        url: url ?? '',
        title: stringAt(page, 'title') ?? null,
        at: fromCocoaSeconds(stringAt(page, 'lastVisitedDate') ?? numberAt(page, 'lastVisitedDate')),
        origin: undefined,
        visitCount: numberAt(page, 'visitCount') ?? null,
        isLoaded: undefined,
        redirectedFrom: undefined,
        redirectedTo: undefined,
        profile: undefined,
        ...(url === undefined && { problem: 'url' as const }),
      };
    });
    return visits.toSorted((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    onProblem(error);
    return [];
  }
}
