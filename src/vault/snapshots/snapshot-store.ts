import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import type { Disk } from '../durability.ts';
import { namesIn, readIfThere } from '../look.ts';
import { decodeRecord, encodeRecord, type SnapshotRecord } from './record.ts';
import { decodeRecordCache, encodeRecordCache, type CachedRecords } from './record-cache.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

const RECORD_NAME = /^(\d{8}T\d{6}Z)-([0-9a-f]{8})\.json$/;

/** A record that is there but cannot be read. */
export interface UnreadableRecord {
  /** Relative to the vault. */
  readonly path: string;
  readonly udid: string;
}

/** So many records are read one by one in a moment; more are kept together in a file, too. */
const RECORDS_WORTH_CACHE = 500;

/** The records of finished snapshots: `snapshots/<UDID>/<UTC time>-<id>.json`. A record's rename is the commit. */
export class SnapshotStore {
  readonly #dir: string;
  readonly #cachePath: string;
  readonly #disk: Disk;
  /** By UDID and name. Records never change, so one that was read once need not be read again. */
  readonly #read = new Map<string, Map<string, SnapshotRecord>>();
  /** What the cache file held; undefined while nobody has asked. */
  #cached: CachedRecords | undefined;
  #unreadable: UnreadableRecord[] = [];

  constructor(vaultDir: string, disk: Disk) {
    this.#dir = join(vaultDir, 'snapshots');
    this.#cachePath = join(vaultDir, 'snapshots.cache');
    this.#disk = disk;
  }

  /** Snapshots, newest first. Unreadable records are left out; `unreadable` tells of them afterwards. */
  list(udid?: string): SnapshotRecord[] {
    const udids = udid === undefined ? namesIn(this.#dir) : [udid];
    this.#unreadable = [];
    return udids
      .flatMap((each) => this.#listDevice(each))
      .toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime() || b.finishedAt.getTime() - a.finishedAt.getTime());
  }

  /** As `list`, with every record read from its file, whatever is known of it. */
  listFromDisk(udid?: string): SnapshotRecord[] {
    this.#read.clear();
    this.#cached = new Map();
    return this.list(udid);
  }

  /** What the last `list` had to leave out. */
  get unreadable(): readonly UnreadableRecord[] {
    return this.#unreadable;
  }

  /**
   * Finds one snapshot by its id, by the beginning of it that only it has, or by the word "latest".
   *
   * @throws {AppError} SNAPSHOT_NOT_FOUND
   */
  find(wanted: string, udid?: string): SnapshotRecord {
    const records = this.list(udid);
    const matches = wanted === 'latest' ? records.slice(0, 1) : records.filter(({ id }) => id.startsWith(wanted));
    const [match, another] = wanted === '' ? [] : matches;
    if (match === undefined) {
      throw new AppError('SNAPSHOT_NOT_FOUND', `there is no snapshot ${JSON.stringify(wanted)} in the vault`, {
        hint: 'See the ids of all snapshots with “holdfast snapshots”.',
        details: { wanted },
      });
    }
    if (another === undefined) return match;
    throw new AppError('SNAPSHOT_NOT_FOUND', `the ids of ${matches.length} snapshots begin with ${wanted}`, {
      hint: `Give more of the id: ${matches.map(({ id }) => id).join(', ')}.`,
      details: { wanted, matches: matches.length },
    });
  }

  /** Whether the snapshot's record is on the disk now, readable or not. */
  isThere({ udid, id }: Pick<SnapshotRecord, 'udid' | 'id'>): boolean {
    return this.#namesOf(udid).some((name) => idIn(name) === id);
  }

  /** An id that no snapshot of the vault has. */
  newId(): string {
    const taken = new Set(
      namesIn(this.#dir)
        .flatMap((udid) => this.#namesOf(udid))
        .map((name) => idIn(name)),
    );
    for (;;) {
      const id = randomBytes(4).toString('hex');
      if (!taken.has(id)) return id;
    }
  }

  /** Writes a record durably: when this resolves, the snapshot exists, whatever happens next. */
  add(record: SnapshotRecord): Promise<void> {
    return this.#write(record, encodeRecord(record));
  }

  /** The record as its file has it, for another vault. @throws {AppError} SNAPSHOT_CORRUPT when it is not there */
  bytesOf(record: SnapshotRecord): Buffer {
    const bytes = readIfThere(this.#pathOf(record));
    if (bytes !== undefined && decodeRecord(bytes) !== undefined) return bytes;
    throw new AppError('SNAPSHOT_CORRUPT', `the record of the snapshot ${record.id} is not there any more`, {
      details: { snapshot: record.id },
    });
  }

  /**
   * Writes a record of another vault, byte for byte and as durably as `add`, also in the place of a damaged one.
   *
   * @returns the record, undefined when the bytes are none.
   */
  async adopt(bytes: Buffer): Promise<SnapshotRecord | undefined> {
    const record = decodeRecord(bytes);
    if (record !== undefined) await this.#write(record, bytes);
    return record;
  }

  async #write(record: SnapshotRecord, bytes: Buffer): Promise<void> {
    const folder = join(this.#dir, record.udid);
    const made = this.#disk.makeDirectory(folder);
    await this.#disk.writeFileDurably(this.#pathOf(record), bytes);
    if (made === undefined) return;
    await this.#disk.syncDirectory(this.#dir);
    await this.#disk.syncDirectory(join(this.#dir, '..'));
  }

  /** Removes records, durably: the snapshots are no more. What only they named is garbage for `prune`. */
  async removeAll(records: readonly SnapshotRecord[]): Promise<void> {
    for (const record of records) {
      this.#disk.remove(this.#pathOf(record));
      this.#read.get(record.udid)?.delete(fileName(record));
    }
    for (const udid of new Set(records.map((record) => record.udid))) {
      await this.#disk.syncDirectory(join(this.#dir, udid));
    }
  }

  /** Makes durable that records which are gone are gone, also where whoever removed them died before it could. */
  async settle(): Promise<void> {
    for (const udid of namesIn(this.#dir)) await this.#disk.syncDirectory(join(this.#dir, udid));
  }

  /** Removes the temporary files of commits that were cut off. */
  sweep(): void {
    for (const udid of namesIn(this.#dir)) {
      for (const name of namesIn(join(this.#dir, udid))) {
        if (name.endsWith('.tmp')) rmSync(join(this.#dir, udid, name), { force: true });
      }
    }
  }

  makeFolder(): void {
    makeFolders(this.#dir);
  }

  /**
   * Where there are many records, keeps them together in a file, which is read in a tenth of the time. For whoever has
   * the vault's lock. Nothing is lost with the file, so nothing waits for the disk.
   */
  updateCache(): void {
    const names = namesIn(this.#dir).map((udid) => [udid, this.#namesOf(udid)] as const);
    if (names.reduce((sum, [, each]) => sum + each.length, 0) < RECORDS_WORTH_CACHE) return;
    const cached = this.#cachedRecords();
    const isSame = ([udid, each]: (typeof names)[number]): boolean => {
      const known = cached.get(udid);
      return each.length === (known?.size ?? 0) && each.every((name) => known?.has(name));
    };
    if (names.every(isSame) && [...cached.keys()].every((udid) => names.some(([each]) => each === udid))) return;
    const records = names.flatMap(([udid]) => this.list(udid)).map((record) => [fileName(record), record] as const);
    const temporary = `${this.#cachePath}.tmp`;
    try {
      writeFileSync(temporary, encodeRecordCache(records), { mode: 0o600 });
      renameSync(temporary, this.#cachePath);
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
      rmSync(temporary, { force: true });
    }
  }

  #listDevice(udid: string): SnapshotRecord[] {
    const names = this.#namesOf(udid);
    const cached = names.length < RECORDS_WORTH_CACHE ? undefined : this.#cachedRecords().get(udid);
    const read = this.#read.get(udid);
    const records: SnapshotRecord[] = [];
    for (const name of names) {
      const record = cached?.get(name) ?? read?.get(name) ?? this.#readRecord(udid, name);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  #readRecord(udid: string, name: string): SnapshotRecord | undefined {
    const bytes = readIfThere(join(this.#dir, udid, name));
    if (bytes === undefined) return undefined;
    const record = decodeRecord(bytes);
    if (record !== undefined && record.udid === udid && fileName(record) === name) {
      const read = this.#read.get(udid) ?? new Map<string, SnapshotRecord>();
      this.#read.set(udid, read.set(name, record));
      return record;
    }
    this.#unreadable.push({ path: join('snapshots', udid, name), udid });
    return undefined;
  }

  #cachedRecords(): CachedRecords {
    if (this.#cached === undefined) {
      const bytes = readIfThere(this.#cachePath);
      this.#cached = (bytes && decodeRecordCache(bytes)) ?? new Map();
    }
    return this.#cached;
  }

  /** The names of record files of a device. */
  #namesOf(udid: string): string[] {
    return namesIn(join(this.#dir, udid)).filter((name) => RECORD_NAME.test(name));
  }

  #pathOf(record: SnapshotRecord): string {
    return join(this.#dir, record.udid, fileName(record));
  }
}

/** `20261122T104300Z-3fa94c01.json` */
function fileName({ takenAt, id }: SnapshotRecord): string {
  return `${takenAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '')}-${id}.json`;
}

function idIn(recordName: string): string {
  return RECORD_NAME.exec(recordName)?.[2] ?? '';
}
