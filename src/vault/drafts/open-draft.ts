import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import type { ListFile } from '../lists/list-file.ts';
import type { ListStore } from '../lists/list-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { DirectoryTree } from './directory-tree.ts';
import { Draft, type DraftHost, type OpenedDraft } from './draft.ts';
import { DraftDatabase, type DraftMeta } from './draft-database.ts';

const UDID = /^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/;

/**
 * Opens the draft of a device: the one an interrupted backup left, else a new one over the newest snapshot whose list
 * can be read.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when an interrupted draft's base is not there any more, OUT_OF_SPACE,
 * STORAGE_FAILED
 */
export function openDraft(vaultDir: string, udid: string, host: DraftHost): Draft {
  if (!UDID.test(udid)) throw new RangeError(`${JSON.stringify(udid)} is not the UDID of a device`);
  const folder = join(vaultDir, 'drafts', udid);
  return new Draft(host, resume(folder, host) ?? begin(folder, udid, host), () =>
    removeDraft(vaultDir, udid, host.disk),
  );
}

/**
 * Clears away what is left of drafts that became snapshots or were discarded, when a crash came between.
 * Only under the vault's lock.
 */
export function sweepDrafts(vaultDir: string, committed: ReadonlySet<string>): void {
  for (const name of draftNames(vaultDir)) {
    const folder = join(vaultDir, 'drafts', name);
    if (name.endsWith('.removed') || !existsSync(databasePath(folder))) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    const database = DraftDatabase.open(databasePath(folder));
    const id = database?.meta.id;
    database?.[Symbol.dispose]();
    if (id === undefined || committed.has(id)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes the draft of a device that is not open, whatever state it is in. Succeeds when there is none. */
export async function removeDraft(vaultDir: string, udid: string, disk: Disk): Promise<void> {
  const folder = join(vaultDir, 'drafts', udid);
  if (!UDID.test(udid) || !existsSync(folder)) return;
  // Renamed first: a folder half removed must not be taken for a draft.
  const doomed = join(vaultDir, 'drafts', `${randomUUID()}.removed`);
  disk.rename(folder, doomed);
  await disk.syncDirectory(join(vaultDir, 'drafts'));
  rmSync(doomed, { recursive: true, force: true });
}

/** UDIDs of the devices with a draft on disk. */
export function draftedUdids(vaultDir: string): string[] {
  return draftNames(vaultDir).filter(
    (name) => UDID.test(name) && existsSync(databasePath(join(vaultDir, 'drafts', name))),
  );
}

/** What a draft needs of the rest of the vault. */
export interface DraftRoots {
  readonly snapshot: string | undefined;
  readonly list: string | undefined;
  /** Hashes, valid while this draft is being looked at. */
  readonly objects: Iterable<Buffer>;
}

/** What a draft keeps alive while it is on disk: the list it is based on, and the objects it received. */
export function* draftRoots(vaultDir: string): Generator<DraftRoots> {
  for (const udid of draftedUdids(vaultDir)) {
    using database = DraftDatabase.open(databasePath(join(vaultDir, 'drafts', udid)));
    if (database === undefined) continue;
    const { base } = database.meta;
    yield { snapshot: base?.snapshot, list: base?.list, objects: database.objects() };
  }
}

function resume(folder: string, host: DraftHost): OpenedDraft | undefined {
  if (!existsSync(databasePath(folder))) return undefined;
  const database = DraftDatabase.open(databasePath(folder));
  if (database === undefined) return undefined;
  try {
    const { meta } = database;
    const records = host.snapshots.list(meta.udid);
    if (records.some(({ draft }) => draft === meta.id)) {
      database[Symbol.dispose]();
      return undefined;
    }
    const record = records.find(({ id }) => id === meta.base?.snapshot);
    if (meta.base !== undefined && record === undefined) throw lostBase(meta);
    const base = record === undefined ? undefined : openBase(record, host.lists);
    const tree = treeOver(base?.draftBase.list);
    tree.restore(database.directories());
    return { meta, resumed: true, base, tree, database };
  } catch (error) {
    database[Symbol.dispose]();
    throw error;
  }
}

function begin(folder: string, udid: string, host: DraftHost): OpenedDraft {
  const base = newestReadable(host.snapshots.list(udid), host.lists);
  const meta: DraftMeta = {
    id: randomUUID(),
    udid,
    startedAt: new Date(host.now()).toISOString(),
    newBytes: 0,
    ...(base && { base: { snapshot: base.record.id, list: base.record.list.sha256 } }),
  };
  rmSync(folder, { recursive: true, force: true });
  host.disk.makeDirectory(folder);
  const database = DraftDatabase.create(databasePath(folder), meta);
  return { meta, resumed: false, base, tree: treeOver(base?.draftBase.list), database };
}

/** A damaged list costs the phone a longer upload, not the backup. */
function newestReadable(records: readonly SnapshotRecord[], lists: ListStore): OpenedDraft['base'] {
  for (const record of records) {
    try {
      return openBase(record, lists);
    } catch (error) {
      if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
    }
  }
  return undefined;
}

function openBase(record: SnapshotRecord, lists: ListStore): NonNullable<OpenedDraft['base']> {
  return { record, draftBase: { list: lists.open(record.list.sha256), takenAtMs: record.takenAt.getTime() } };
}

function treeOver(list: ListFile | undefined): DirectoryTree {
  const tree = new DirectoryTree();
  for (const directory of list?.allDirectories() ?? []) tree.addBase(directory);
  return tree;
}

function draftNames(vaultDir: string): string[] {
  const dir = join(vaultDir, 'drafts');
  try {
    return readdirSync(dir);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw storageError(error, 'look into', dir);
  }
}

function databasePath(folder: string): string {
  return join(folder, 'draft.db');
}

function lostBase({ udid, base }: DraftMeta): AppError {
  return new AppError('SNAPSHOT_CORRUPT', 'the snapshot that the unfinished backup was based on is gone', {
    hint: 'Restore it from a copy of the vault, or discard the unfinished backup and start anew.',
    details: { udid, snapshot: base?.snapshot ?? '' },
  });
}
