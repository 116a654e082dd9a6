import { hash } from 'node:crypto';
import type { ContentItem, ContentKind } from '../source/content-item.ts';
import type { SearchIndex, SearchOptions } from './search-index.ts';

/** One backup of a device among several. */
export interface Version {
  readonly id: string;
  readonly takenAt: Date;
}

export interface IndexedVersion extends Version {
  /** Its index, which is disposed after use. Called once; one or two indexes are open at a time. */
  open(): Promise<SearchIndex>;
}

/** A thing, and the backups of the device that hold it. */
export interface Occurrence extends ContentItem {
  /** The piece of text that was found; the whole text where nothing was searched for. */
  readonly excerpt: string;
  readonly firstSeen: Version;
  /** The newest version that holds it: take it out of this one. */
  readonly lastSeen: Version;
  /** The first version after `lastSeen`, which could have held it and does not; undefined when it is still there. */
  readonly goneSince: Version | undefined;
}

/**
 * Searches all versions of a device at once. A thing is told once, with its newest text that was found; things whose
 * text was changed since are found by the old one too.
 *
 * @param versions of one device, the oldest first.
 */
export async function searchOverTime(
  versions: readonly IndexedVersion[],
  query: string,
  options: SearchOptions = {},
): Promise<Occurrence[]> {
  const presence = new Presence();
  const found = new Map<string, ContentItem & { readonly excerpt: string }>();
  for (const version of versions) {
    using index = await version.open();
    presence.add(version, index);
    for (const hit of index.search(query, options)) found.set(idOf(hit), hit);
  }
  const occurrences = [...found.values()].flatMap((item) => presence.occurrenceOf(item));
  return occurrences.toSorted(byTimeNewestFirst).slice(0, options.limit ?? Infinity);
}

/**
 * Everything that some version held and the newest does not: deleted on the phone, or fallen out of what it keeps.
 *
 * @param versions of one device, the oldest first.
 */
export async function* goneOverTime(
  versions: readonly IndexedVersion[],
  kinds: readonly ContentKind[],
): AsyncGenerator<Occurrence, undefined> {
  const presence = new Presence();
  for (const version of versions) {
    using index = await version.open();
    presence.add(version, index);
  }
  // Told with the text of the last version that has it.
  for (const version of versions) {
    if (!presence.losesAny(version, kinds)) continue;
    using index = await version.open();
    for (const item of index.items(kinds)) {
      const [occurrence] = presence.occurrenceOf({ ...item, excerpt: item.text });
      if (occurrence?.goneSince !== undefined && occurrence.lastSeen.id === version.id) yield occurrence;
    }
  }
}

const idOf = ({ kind, key }: ContentItem): string => `${kind}\0${key}`;

const byTimeNewestFirst = (a: Occurrence, b: Occurrence): number => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0);

/** Which version holds what: eight bytes for each thing in each version. */
class Presence {
  readonly #versions: { readonly version: Version; readonly kinds: ReadonlyMap<ContentKind, BigUint64Array> }[] = [];

  add({ id, takenAt }: Version, index: SearchIndex): void {
    const kinds = new Map<ContentKind, BigUint64Array>();
    for (const [kind, { state }] of index.kinds()) {
      // A version that could not have held it says nothing about whether it was there.
      if (state === 'read') kinds.set(kind, sortedFingerprints(index.items([kind])));
    }
    this.#versions.push({ version: { id, takenAt }, kinds });
  }

  /** Empty only for an item that no version holds. */
  occurrenceOf(item: ContentItem & { readonly excerpt: string }): [] | [Occurrence] {
    const fingerprint = fingerprintOf(item);
    const able = this.#versions.filter(({ kinds }) => kinds.has(item.kind));
    const holds = able.map(({ kinds }) => includes(kinds.get(item.kind), fingerprint));
    const first = able[holds.indexOf(true)];
    const last = able[holds.lastIndexOf(true)];
    if (first === undefined || last === undefined) return [];
    const goneSince = able[holds.lastIndexOf(true) + 1]?.version;
    return [{ ...item, firstSeen: first.version, lastSeen: last.version, goneSince }];
  }

  /** Whether the version holds anything that the next one able to hold it does not. */
  losesAny({ id }: Version, kinds: readonly ContentKind[]): boolean {
    const at = this.#versions.findIndex(({ version }) => version.id === id);
    return kinds.some((kind) => {
      const own = this.#versions[at]?.kinds.get(kind);
      const next = this.#versions
        .slice(at + 1)
        .find((each) => each.kinds.has(kind))
        ?.kinds.get(kind);
      return own !== undefined && next !== undefined && own.some((fingerprint) => !includes(next, fingerprint));
    });
  }
}

function sortedFingerprints(items: Iterable<ContentItem>): BigUint64Array {
  return BigUint64Array.from(items, fingerprintOf).toSorted();
}

/** 64 bits of a hash: among ten million things, two that are taken for one another are a matter of one in 300,000. */
function fingerprintOf({ key }: ContentItem): bigint {
  return hash('sha1', key, 'buffer').readBigUInt64LE(0);
}

function includes(sorted: BigUint64Array | undefined, wanted: bigint): boolean {
  if (sorted === undefined) return false;
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0n) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}
