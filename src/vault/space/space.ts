import type { Catalogue } from '../catalogue/catalogue.ts';
import { draftRoots } from '../drafts/open-draft.ts';
import type { ListStore } from '../lists/list-store.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { PrefixTable } from '../references/prefix-table.ts';
import { referencesOf, type ListToRead } from '../references/references.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { fullAt, usualGrowth } from './growth.ts';
import { PackedSizes } from './packed-sizes.ts';

/** What one snapshot takes. */
export interface SnapshotSpace {
  readonly record: SnapshotRecord;
  /** Bytes that nothing else in the vault holds: what forgetting this one alone would free. */
  readonly aloneBytes: number;
  /** Bytes that no older snapshot of the vault that is still there holds. */
  readonly addedBytes: number;
}

export interface DeviceSpace {
  readonly udid: string;
  readonly name: string;
  readonly snapshots: number;
  /** Bytes that its snapshots hold, each only once. Where two devices hold the same, it counts for one of them. */
  readonly bytes: number;
  /** Usual growth in bytes a day; undefined while there are less than three days to go by. */
  readonly growthPerDay: number | undefined;
}

export interface SpaceReport {
  /** Newest first. */
  readonly snapshots: readonly SnapshotSpace[];
  readonly devices: readonly DeviceSpace[];
  /** The sum of the sizes of all snapshots, as if each were a folder. */
  readonly listedBytes: number;
  /** What that takes on the disk with everything counted once. */
  readonly distinctBytes: number;
  /** What objects take on the disk, with what nobody refers to. */
  readonly storedBytes: number;
  /** Bytes that unfinished backups alone hold. */
  readonly draftBytes: number;
  /** What `prune` would free now. */
  readonly garbageBytes: number;
  /** What is free for backups. */
  readonly freeBytes: number;
  /** Of all devices; undefined while nothing can be told. */
  readonly growthPerDay: number | undefined;
  /** When the disk is full at the usual growth and with nothing thinned; undefined when that is not foreseen. */
  readonly fullAt: Date | undefined;
  /** Ids of snapshots that could not be counted because their lists are damaged. */
  readonly damaged: readonly string[];
}

export interface SpaceHost {
  readonly catalogue: Catalogue;
  readonly dir: string;
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
  readonly now: () => number;
}

export interface SpaceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Instead of the number of a list: more than one holds it. */
const SEVERAL = -1;
const NOT_COUNTED = -1;

/**
 * Counts what the snapshots of a vault take, together and each alone. Reads all lists; holds about 20 bytes for each
 * distinct object.
 *
 * @throws {AppError} STORAGE_FAILED; the reason of `signal`
 */
export async function measureSpace(host: SpaceHost, freeBytes: number, options: SpaceOptions): Promise<SpaceReport> {
  const records = host.snapshots.list();
  const tally = new Tally(records, new PackedSizes(host.catalogue));
  const damaged = new Set<string>();
  let done = 0;
  for await (const { sha256, count, high, low, sizes, isLast } of referencesOf(tally.listsToRead(host.lists), {
    signal: options.signal,
    onDamaged: (list) => damaged.add(list),
  })) {
    const list = tally.numberOf(sha256);
    for (let at = 0; at < count; at++) {
      tally.name(list, high[at] ?? 0, low[at] ?? 0, sizes[at] ?? 0, isLast[at] === 1);
    }
    options.onProgress?.(++done, tally.lists);
  }
  const draftBytes = tally.nameDrafts(host.dir);
  const devices = tally.devices();
  const growths = devices.flatMap(({ growthPerDay }) => growthPerDay ?? []);
  const growthPerDay = growths.length === 0 ? undefined : growths.reduce((sum, each) => sum + each, 0);
  const { freeableBytes, storedBytes } = host.objects.findGarbage(tally.objects);
  return {
    snapshots: records.map((record) => tally.spaceOf(record)),
    devices,
    listedBytes: records.reduce((sum, { list }) => sum + list.bytes, 0),
    distinctBytes: tally.distinctBytes,
    storedBytes,
    draftBytes,
    // What a damaged list names cannot be told from garbage.
    garbageBytes: damaged.size === 0 ? freeableBytes : 0,
    freeBytes,
    growthPerDay,
    fullAt: fullAt(freeBytes, growthPerDay, host.now()),
    damaged: records.filter(({ list }) => damaged.has(list.sha256)).map(({ id }) => id),
  };
}

/**
 * How many bytes only these snapshots hold: what forgetting them and pruning frees, about.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT, STORAGE_FAILED; the reason of `signal`
 */
export async function bytesHeldBy(
  host: SpaceHost,
  wanted: readonly SnapshotRecord[],
  options: SpaceOptions,
): Promise<number> {
  const packed = new PackedSizes(host.catalogue);
  const ids = new Set(wanted.map(({ id }) => id));
  const kept = new Tally(
    host.snapshots.list().filter(({ id }) => !ids.has(id)),
    packed,
  );
  const going = new Tally(
    wanted.filter(({ list }) => !kept.has(list.sha256)),
    packed,
  );
  const total = kept.lists + going.lists;
  let done = 0;
  const { objects } = kept;
  for await (const { count, high, low } of referencesOf(kept.listsToRead(host.lists), { signal: options.signal })) {
    for (let at = 0; at < count; at++) objects.set(high[at] ?? 0, low[at] ?? 0, 0);
    options.onProgress?.(++done, total);
  }
  for (const roots of draftRoots(host.dir)) for (const { hash } of roots.objects) objects.addHash(hash);
  let bytes = 0;
  const references = referencesOf(going.listsToRead(host.lists), { signal: options.signal });
  for await (const { count, high, low, sizes } of references) {
    for (let at = 0; at < count; at++) {
      const [first = 0, second = 0] = [high[at], low[at]];
      if (objects.get(first, second) !== undefined) continue;
      objects.set(first, second, 0);
      bytes += packed.takenBy(first, second, sizes[at] ?? 0);
    }
    options.onProgress?.(++done, total);
  }
  return bytes;
}

/** Who holds what, counted list by list: a device's one after another, oldest first. */
class Tally {
  readonly objects: PrefixTable;
  distinctBytes = 0;
  readonly #packed: PackedSizes;
  readonly #byDevice: readonly (readonly SnapshotRecord[])[];
  readonly #numbers = new Map<string, number>();
  readonly #counts: { readonly first: SnapshotRecord; isShared: boolean }[] = [];
  readonly #alone: Float64Array;
  readonly #added: Float64Array;

  /** @param records newest first. */
  constructor(records: readonly SnapshotRecord[], packed: PackedSizes) {
    this.#packed = packed;
    this.#byDevice = [...Map.groupBy(records.toReversed(), ({ udid }) => udid).values()];
    for (const record of this.#byDevice.flat()) {
      const known = this.#counts[this.numberOf(record.list.sha256)];
      if (known !== undefined) {
        known.isShared = true;
        continue;
      }
      this.#numbers.set(record.list.sha256, this.#counts.length);
      this.#counts.push({ first: record, isShared: false });
    }
    this.objects = new PrefixTable(records.reduce((most, { list }) => Math.max(most, list.files), 0));
    this.#alone = new Float64Array(this.#counts.length);
    this.#added = new Float64Array(this.#counts.length);
  }

  get lists(): number {
    return this.#counts.length;
  }

  has(sha256: string): boolean {
    return this.#numbers.has(sha256);
  }

  listsToRead(lists: ListStore): ListToRead[] {
    return this.#counts.map(({ first: { list } }) => ({
      path: lists.pathOf(list.sha256),
      sha256: list.sha256,
      files: list.files,
    }));
  }

  numberOf(sha256: string): number {
    return this.#numbers.get(sha256) ?? NOT_COUNTED;
  }

  /** A list names an object. @param isOnlyHere whether the lists before and after it do not have the line. */
  name(list: number, high: number, low: number, plainBytes: number, isOnlyHere: boolean): void {
    const sizeBytes = this.#packed.takenBy(high, low, plainBytes);
    const owner = this.objects.get(high, low);
    if (owner === undefined) {
      this.distinctBytes += sizeBytes;
      this.#added[list] = (this.#added[list] ?? 0) + sizeBytes;
    }
    const isAlone = isOnlyHere && this.#counts[list]?.isShared !== true && (owner === undefined || owner === list);
    if (isAlone && owner === undefined) this.#alone[list] = (this.#alone[list] ?? 0) + sizeBytes;
    if (!isAlone && owner !== undefined && owner >= 0) this.#alone[owner] = (this.#alone[owner] ?? 0) - sizeBytes;
    this.objects.set(high, low, isAlone ? list : SEVERAL);
  }

  /** Unfinished backups have objects, too. @returns bytes that they alone have */
  nameDrafts(vaultDir: string): number {
    let bytes = 0;
    for (const { objects } of draftRoots(vaultDir)) {
      for (const { hash, sizeBytes: plainBytes } of objects) {
        const [high, low] = [hash.readUInt32BE(0), hash.readUInt32BE(4)];
        const sizeBytes = this.#packed.takenBy(high, low, plainBytes);
        const owner = this.objects.get(high, low);
        if (owner === undefined) bytes += sizeBytes;
        else if (owner !== SEVERAL) this.#alone[owner] = (this.#alone[owner] ?? 0) - sizeBytes;
        this.objects.set(high, low, SEVERAL);
      }
    }
    return bytes;
  }

  spaceOf(record: SnapshotRecord): SnapshotSpace {
    const list = this.numberOf(record.list.sha256);
    const isFirst = this.#counts[list]?.first === record;
    return { record, aloneBytes: this.#alone[list] ?? 0, addedBytes: isFirst ? (this.#added[list] ?? 0) : 0 };
  }

  devices(): DeviceSpace[] {
    return this.#byDevice.flatMap((records) => {
      const newest = records.at(-1);
      if (newest === undefined) return [];
      const arrivals = records.map((record) => ({
        takenAt: record.takenAt,
        addedBytes: this.spaceOf(record).addedBytes,
      }));
      return {
        udid: newest.udid,
        name: newest.device.name,
        snapshots: records.length,
        bytes: arrivals.reduce((sum, { addedBytes }) => sum + addedBytes, 0),
        growthPerDay: usualGrowth(arrivals),
      };
    });
  }
}
