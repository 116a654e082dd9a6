import type { SearchHit as ToldHit, SearchQuery, SearchResult } from '../../contract/index.ts';
import {
  EXCERPT_MARKS,
  searchOverTime,
  type ContentKind,
  type Occurrence,
  type SearchHit,
  type SearchIndex,
  type SearchOptions,
} from '../../content/index.ts';
import type { SnapshotRecord } from '../../vault/index.ts';
import { searchIndexOf } from '../reading/search-versions.ts';
import type { Browsing } from './browsing.ts';
import type { Unlocked } from './unlocked.ts';
import { isoOf } from './values.ts';
import type { Visitor } from './visitor.ts';

/** The words of a version; made the first time and kept, sealed. */
export const searchIndexIn = (unlocked: Unlocked, stateDir: string): Promise<SearchIndex> =>
  unlocked.once('search index', () => temporaryIndex(unlocked, stateDir));

/** The same of a version that is looked at once; to be disposed. */
export function temporaryIndex(unlocked: Unlocked, stateDir: string): Promise<SearchIndex> {
  return searchIndexOf(unlocked, stateDir, unlocked.signal, { inSlices: true });
}

/** Looks for words in one version, or in all of the device that this session can open. */
export async function search(
  browsing: Browsing,
  visitor: Visitor,
  unlocked: Unlocked,
  query: SearchQuery,
): Promise<SearchResult> {
  const options = optionsOf(query);
  if (query.versions === 'all') return searchAll(browsing, visitor, unlocked, query.q, options);
  const index = await searchIndexIn(unlocked, browsing.stateDir);
  return { hits: index.search(query.q, options).map(tellHit), unreadable: unreadableIn(index), lockedVersions: [] };
}

async function searchAll(
  browsing: Browsing,
  visitor: Visitor,
  unlocked: Unlocked,
  words: string,
  options: SearchOptions,
): Promise<SearchResult> {
  const records = await browsing.versionsOf(unlocked.record.udid);
  const locked: SnapshotRecord[] = [];
  const open: SnapshotRecord[] = [];
  for (const record of records) ((await browsing.canRead(visitor, record.id)) ? open : locked).push(record);
  const unreadable = new Set<string>();
  const versions = open.map(({ id, takenAt }) => ({
    id,
    takenAt,
    open: async () => {
      await using other = await browsing.readAlso(visitor, id);
      const index = await temporaryIndex(other.unlocked, browsing.stateDir);
      for (const kind of unreadableIn(index)) unreadable.add(kind);
      return index;
    },
  }));
  const found = await searchOverTime(versions, words, options);
  return {
    hits: found.map((occurrence) => ({ ...tellHit(occurrence), ...tellTime(occurrence) })),
    unreadable: [...unreadable],
    lockedVersions: locked.map(tellVersion),
  };
}

const tellVersion = ({ id, takenAt }: { id: string; takenAt: Date }): { snapshot: string; takenAt: string } => ({
  snapshot: id,
  takenAt: takenAt.toISOString(),
});

function tellTime({ firstSeen, lastSeen, goneSince }: Occurrence): Partial<ToldHit> {
  return {
    firstSeen: tellVersion(firstSeen),
    lastSeen: tellVersion(lastSeen),
    goneSince: goneSince && tellVersion(goneSince),
  };
}

function optionsOf({ kinds, from, until, limit }: SearchQuery): SearchOptions {
  const wanted = kinds?.split(',').filter((kind) => kind !== '');
  return {
    limit,
    // A kind that nobody knows is one that nothing is found of.
    ...(wanted !== undefined && wanted.length > 0 && { kinds: wanted as ContentKind[] }),
    ...(from !== undefined && { from: new Date(from) }),
    ...(until !== undefined && { until: new Date(until) }),
  };
}

const MARKS = new RegExp(`[${EXCERPT_MARKS.start}${EXCERPT_MARKS.end}]`, 'u');
const LONGEST_EXCERPT = 600;

function tellHit({ kind, key, at, title, excerpt }: SearchHit): ToldHit {
  return { kind, id: key, at: isoOf(at), title, excerpt: excerpt.slice(0, LONGEST_EXCERPT).split(MARKS) };
}

function unreadableIn(index: SearchIndex): string[] {
  return [...index.kinds()].filter(([, { state }]) => state === 'unreadable').map(([kind]) => kind);
}
