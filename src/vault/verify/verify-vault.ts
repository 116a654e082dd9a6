import { setImmediate } from 'node:timers/promises';
import { draftRoots } from '../drafts/open-draft.ts';
import { isUnreadable } from '../lists/list-errors.ts';
import type { ListStore } from '../lists/list-store.ts';
import { joinPath } from '../lists/list-path.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { PlaceTable } from '../objects/places/place-table.ts';
import type { Amount, Coverage, DamagedObject, ReadingOptions, VerifyEvent } from '../objects/verify/verify.ts';
import { PrefixTable } from '../references/prefix-table.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { damagedBases } from './damaged-bases.ts';
import { isLoss, type AffectedFile, type VaultProblem } from './problem.ts';

export type VerifyVaultEvent =
  | Extract<VerifyEvent, { kind: 'progress' }>
  | { readonly kind: 'problem'; readonly problem: VaultProblem }
  | {
      readonly kind: 'done';
      readonly snapshots: number;
      /** Read now. */
      readonly objects: number;
      readonly bytes: number;
      /** Known to be whole from a reading that the log has. */
      readonly earlier: Amount;
      /** Left out, because no more was to be read. */
      readonly unread: Amount;
      readonly problems: number;
    };

export interface VerifyVaultOptions extends ReadingOptions {
  /** Only these snapshots; otherwise everything in the vault. */
  readonly snapshots?: readonly SnapshotRecord[];
  /**
   * Takes damaged objects out of use, so that the next backup of a device that still has the bytes stores them anew.
   * Only where the vault is open for writing.
   */
  readonly quarantine?: boolean;
  readonly signal?: AbortSignal;
}

export interface VerifyHost {
  readonly dir: string;
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
}

/** Files named for one damaged object; a whole disk gone bad must not fill the memory. */
const MAX_NAMED_FILES = 100;
const NOTHING: Amount = { objects: 0, bytes: 0 };

/**
 * Proves that the vault holds what it says: every record's sum, every list's hash, every object re-hashed. Damage is
 * told by the snapshots, devices and files it belongs to. Nothing is changed unless `quarantine` asks for it.
 *
 * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE; the reason of `signal` when it aborts.
 */
export async function* verifyVault(
  host: VerifyHost,
  options: VerifyVaultOptions = {},
): AsyncGenerator<VerifyVaultEvent, undefined> {
  const records = options.snapshots ?? host.snapshots.listFromDisk();
  const problems: VaultProblem[] = options.snapshots
    ? []
    : host.snapshots.unreadable.map((each) => ({ kind: 'record', ...each }));
  const byList = Map.groupBy(records, ({ list }) => list.sha256);
  const { named, damagedLists } = await readLists(host, byList, options.signal);
  problems.push(...damagedLists);
  for (const sha256 of await damagedBases(host.lists, [...byList.keys()], options.signal)) {
    problems.push({ kind: 'list-base', sha256, path: `lists/${sha256}` });
  }
  yield* problems.map((problem) => ({ kind: 'problem', problem }) as const);

  const damaged = new Map<string, DamagedObject>();
  const note = (object: DamagedObject): void => void damaged.set(object.hash.toString('hex'), object);
  let coverage: Coverage = { read: NOTHING, earlier: NOTHING, unread: NOTHING };
  const onCoverage = (all: Coverage): void => void (coverage = all);
  const only = options.snapshots === undefined ? undefined : hashesIn(named);
  const isGarbage = problems.some(isLoss) ? () => false : garbageTest(host.dir, named);
  for await (const event of host.objects.verify({ ...options, onCoverage, ...(only && { only }) })) {
    if (event.kind === 'damaged') {
      if (event.object.kind !== 'missing' || !isGarbage(event.object.hash)) note(event.object);
    } else if (event.kind === 'progress') yield event;
    else {
      const problem = { kind: 'segment-index', path: event.path } as const;
      problems.push(problem);
      yield { kind: 'problem', problem };
    }
  }
  if (only === undefined) for (const object of unknownObjects(host.objects, named)) note(object);
  const there = damaged.size === 0 ? byList : await lookAgain(host, byList, damaged);
  const isDrafted = draftedTest(host.dir);
  const isAllKnown = !problems.some(isLoss);
  for (const problem of describeDamage(host.lists, there, damaged)) {
    // What was forgotten and pruned away meanwhile is missing, and no damage.
    const isPruned = isAllKnown && problem.damage === 'missing' && problem.fileCount === 0;
    if (isPruned && !isDrafted(Buffer.from(problem.sha256, 'hex'))) {
      damaged.delete(problem.sha256);
      continue;
    }
    problems.push(problem);
    yield { kind: 'problem', problem };
  }
  if (options.quarantine === true) for (const object of damaged.values()) host.objects.quarantine(object);
  yield {
    kind: 'done',
    snapshots: records.length,
    ...coverage.read,
    earlier: coverage.earlier,
    unread: coverage.unread,
    problems: problems.length,
  };
}

/**
 * Takes notice of what other processes have done meanwhile: objects that a prune has moved to other segments are damaged no
 * longer, and snapshots that were forgotten are left out.
 */
async function lookAgain(
  { objects, snapshots }: VerifyHost,
  byList: ReadonlyMap<string, readonly SnapshotRecord[]>,
  damaged: Map<string, DamagedObject>,
): Promise<ReadonlyMap<string, readonly SnapshotRecord[]>> {
  objects.refresh();
  const missing = [...damaged.values()].filter(({ kind }) => kind === 'missing').map(({ hash }) => hash);
  const found = new Set(missing.map((hash) => hash.toString('hex')));
  for await (const event of missing.length === 0 ? [] : objects.verify({ only: missing })) {
    if (event.kind === 'damaged') found.delete(event.object.hash.toString('hex'));
  }
  for (const sha256 of found) damaged.delete(sha256);
  const ids = idsThere(snapshots);
  return new Map(Array.from(byList, ([list, records]) => [list, records.filter(({ id }) => ids.has(id))]));
}

const idsThere = (snapshots: SnapshotStore): Set<string> => new Set(snapshots.listFromDisk().map(({ id }) => id));

/** Reads every list in full: which objects they name, and which lists are damaged. */
async function readLists(
  { lists, snapshots }: VerifyHost,
  byList: ReadonlyMap<string, readonly SnapshotRecord[]>,
  signal: AbortSignal | undefined,
): Promise<{ named: PlaceTable; damagedLists: VaultProblem[] }> {
  const named = new PlaceTable();
  const damagedLists: VaultProblem[] = [];
  for (const [sha256, records] of byList) {
    // A list of 500,000 files takes half a second; other work goes on between two.
    await setImmediate();
    signal?.throwIfAborted();
    try {
      using list = lists.open(sha256);
      for (const { entry } of list.entries()) {
        if (entry.kind === 'file') named.set(Buffer.from(entry.sha256, 'hex'), 0, 0, entry.sizeBytes);
      }
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      // A list goes after its snapshots were forgotten: whoever lists them first and reads it then finds it missing.
      const ids = idsThere(snapshots);
      if (!records.some(({ id }) => ids.has(id))) continue;
      damagedLists.push({ kind: 'list', sha256, reason: error.message, snapshots: records.map(({ id }) => id) });
    }
  }
  return { named, damagedLists };
}

/**
 * Whether nothing refers to an object. Of such a one it is no damage to be missing: a prune that was cut off has removed
 * it and not yet said so to the catalogue.
 */
function garbageTest(vaultDir: string, named: PlaceTable): (hash: Buffer) => boolean {
  const isDrafted = draftedTest(vaultDir);
  return (hash) => !named.has(hash) && !isDrafted(hash);
}

/** Whether an unfinished backup has an object. */
function draftedTest(vaultDir: string): (hash: Buffer) => boolean {
  let drafted: PrefixTable | undefined;
  return (hash) => {
    if (drafted === undefined) {
      drafted = new PrefixTable();
      for (const { objects } of draftRoots(vaultDir)) for (const each of objects) drafted.addHash(each.hash);
    }
    return drafted.has(hash);
  };
}

function* hashesIn({ entries }: PlaceTable): Generator<Buffer> {
  for (let entry = 0; entry < entries.length; entry++) yield entries.hashAt(entry);
}

/** Objects that a list names and that the vault knows nothing of, which a walk over what it has cannot find. */
function* unknownObjects(objects: ObjectStore, { entries }: PlaceTable): Generator<DamagedObject> {
  for (const entry of entries.entriesByHash()) {
    const hash = Buffer.from(entries.hashAt(entry));
    if (objects.sizeOf(hash) !== undefined) continue;
    yield { hash, sizeBytes: entries.sizeAt(entry), kind: 'missing', path: undefined, offset: 0 };
  }
}

/** Finds what belongs to the damaged objects by reading the lists once more. */
function describeDamage(
  lists: ListStore,
  byList: ReadonlyMap<string, readonly SnapshotRecord[]>,
  damaged: ReadonlyMap<string, DamagedObject>,
): Extract<VaultProblem, { kind: 'object' }>[] {
  const affected = new Map([...damaged.keys()].map((sha256) => [sha256, { files: [] as AffectedFile[], count: 0 }]));
  for (const [list, records] of damaged.size === 0 ? [] : byList) {
    for (const { sha256, path } of filesOf(lists, list)) {
      const found = affected.get(sha256);
      if (found === undefined) continue;
      found.count += records.length;
      for (const { id, udid, device } of records) {
        if (found.files.length < MAX_NAMED_FILES) {
          found.files.push({ snapshot: id, udid, deviceName: device.name, path });
        }
      }
    }
  }
  return Array.from(damaged, ([sha256, { kind, sizeBytes, path }]) => {
    const { files = [], count = 0 } = affected.get(sha256) ?? {};
    return { kind: 'object', sha256, damage: kind, sizeBytes, path, files, fileCount: count };
  });
}

/** The files of a list, as far as it can be read. That it cannot be read further has been told already. */
function* filesOf(lists: ListStore, sha256: string): Generator<{ sha256: string; path: string }> {
  try {
    using list = lists.open(sha256);
    for (const { directory, entry } of list.entries()) {
      if (entry.kind === 'file') yield { sha256: entry.sha256, path: joinPath(directory, entry.name) };
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
}
