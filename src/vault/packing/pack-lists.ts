import type { ListStore } from '../lists/list-store.ts';
import type { VaultMark } from '../mark/mark.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';

export interface PackingHost {
  readonly mark: Pick<VaultMark, 'version'>;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
}

/** The version of vaults from which on a list may be packed against another one. */
const PACKING_SINCE = 2;

/** By the name of each list that is named its base; undefined for one that stands by itself. */
export type Bases = ReadonlyMap<string, string | undefined>;

export function mayPack({ mark }: Pick<PackingHost, 'mark'>): boolean {
  return mark.version >= PACKING_SINCE;
}

/** Of lists the base of each. @throws {AppError} SNAPSHOT_CORRUPT */
export function basesOf(lists: ListStore, named: Iterable<string>): Bases {
  return new Map(Array.from(named, (sha256) => [sha256, lists.baseOf(sha256)]));
}

/** The lists that others are packed against. */
export function neededIn(bases: Bases): Set<string> {
  return new Set([...bases.values()].filter((base) => base !== undefined));
}

export interface PackOptions {
  readonly signal?: AbortSignal | undefined;
  /** How many lists are written anew at most; the next time goes on. */
  readonly atMost?: number;
  /** Told of each list that has been seen to. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** As long as so many rest on a base that no snapshot names, it is kept: all of them would have to be packed anew. */
const WORTH_KEEPING = 4;

/**
 * Packs the lists of snapshots: of each device one after another by time, each against the last one that stands by
 * itself, the newest not at all. What is packed against a list that `bases` does not have, and few others rest on, is
 * packed against another one, or stands by itself again, so that the old base can go.
 *
 * @param bases of all lists that are to stay.
 * @returns how it is now.
 * @throws {AppError} SNAPSHOT_CORRUPT, OUT_OF_SPACE, STORAGE_FAILED; the reason of `signal`
 */
export async function packLists(
  host: PackingHost,
  bases: Bases,
  { signal, atMost = Infinity, onProgress }: PackOptions = {},
): Promise<Bases> {
  if (!mayPack(host)) return bases;
  const { lists, snapshots } = host;
  const now = new Map(bases);
  const resting = Map.groupBy(bases.keys(), (sha256) => bases.get(sha256));
  const staysBase = (base: string): boolean =>
    now.has(base) ? now.get(base) === undefined : (resting.get(base)?.length ?? 0) >= WORTH_KEEPING;
  let written = 0;
  let done = 0;
  const standAlone = async (sha256: string): Promise<void> => {
    if (now.get(sha256) === undefined) return;
    await lists.unpack(sha256);
    now.set(sha256, undefined);
    written++;
  };
  const devices = [...Map.groupBy(snapshots.list(), ({ udid }) => udid).values()].map((ofDevice) => [
    ...new Set(ofDevice.map(({ list }) => list.sha256)),
  ]);
  const total = devices.reduce((sum, ofDevice) => sum + ofDevice.length, 0);
  for (const newestFirst of devices) {
    const oldestFirst = newestFirst.toReversed();
    const newest = oldestFirst.pop();
    let base: string | undefined;
    for (const sha256 of oldestFirst) {
      signal?.throwIfAborted();
      const current = now.get(sha256);
      if (current !== undefined && staysBase(current)) {
        base = current;
      } else if (written >= atMost) {
        if (current === undefined) base = sha256;
      } else if (!resting.has(sha256) && base !== undefined && (await lists.pack(sha256, base))) {
        now.set(sha256, base);
        written++;
      } else {
        await standAlone(sha256);
        base = sha256;
      }
      onProgress?.(++done, total);
    }
    if (newest === undefined) continue;
    await standAlone(newest);
    onProgress?.(++done, total);
  }
  return now;
}
