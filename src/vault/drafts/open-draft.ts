import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import type { ListStore } from '../lists/list-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { Draft, type DraftHost, type OpenedDraft } from './draft.ts';
import { DraftDatabase, type DraftMeta } from './draft-database.ts';
import { DraftState, type DraftBase } from './draft-state.ts';

const UDID = /^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/;

/**
 * Opens the draft of a device: the one an interrupted backup left, else a new one over the newest snapshot whose list
 * can be read.
 *
 * @throws {AppError} SNAPSHOT_CORRUPT when an interrupted draft's base is not there any more, OUT_OF_SPACE,
 * STORAGE_FAILED
 */
export function openDraft(vaultDir: string, udid: string, host: DraftHost): Draft {
  if (!UDID.test(udid)) {
    throw new AppError('PROTOCOL_VIOLATION', `${JSON.stringify(udid)} is not the UDID of a device`, {
      details: { udid },
    });
  }
  const folder = join(vaultDir, 'drafts', udid);
  return new Draft(host, resume(folder, host) ?? begin(folder, udid, host), () =>
    removeDraft(vaultDir, udid, host.disk),
  );
}

/**
 * Clears away what is left of drafts that became snapshots or were discarded, when a crash came between.
 * Only under the vault's lock.
 */
export function sweepDrafts(vaultDir: string, committedDrafts: () => ReadonlySet<string>): void {
  const names = draftNames(vaultDir);
  const committed = names.length === 0 ? new Set() : committedDrafts();
  for (const name of names) {
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
  /** Hashes and sizes, valid while this draft is being looked at. */
  readonly objects: Iterable<{ readonly hash: Buffer; readonly sizeBytes: number }>;
}

/** What a draft keeps alive while it is on disk: the list it is based on, and the objects it received. */
export function* draftRoots(vaultDir: string): Generator<DraftRoots> {
  for (const udid of draftedUdids(vaultDir)) {
    using database = DraftDatabase.open(databasePath(join(vaultDir, 'drafts', udid)));
    if (database === undefined) continue;
    const { base } = database.meta;
    yield { snapshot: base?.snapshot, list: base?.list, objects: objectsPut(database) };
  }
}

/** Every object the draft ever received: one that it has dropped again only stays a little longer. */
function* objectsPut(database: DraftDatabase): Generator<{ hash: Buffer; sizeBytes: number }> {
  for (const operation of database.operations()) if (operation.kind === 'put') yield operation;
}

function resume(folder: string, host: DraftHost): OpenedDraft | undefined {
  if (!existsSync(databasePath(folder))) return undefined;
  const database = DraftDatabase.open(databasePath(folder));
  if (database === undefined) return undefined;
  let base: DraftBase | undefined;
  try {
    const { meta } = database;
    const records = host.snapshots.list(meta.udid);
    if (records.some(({ draft }) => draft === meta.id)) {
      database[Symbol.dispose]();
      return undefined;
    }
    const record = records.find(({ id }) => id === meta.base?.snapshot);
    if (meta.base !== undefined && record === undefined) throw lostBase(meta);
    base = record && openBase(record, host.lists);
    const state = new DraftState(base);
    for (const operation of database.operations()) state.apply(operation);
    return { meta, resumed: true, base: record, state, database };
  } catch (error) {
    base?.list[Symbol.dispose]();
    database[Symbol.dispose]();
    throw error;
  }
}

function begin(folder: string, udid: string, host: DraftHost): OpenedDraft {
  const newest = newestReadable(host.snapshots.list(udid), host.lists);
  const meta: DraftMeta = {
    id: randomUUID(),
    udid,
    startedAt: new Date(host.now()).toISOString(),
    ...(newest && { base: { snapshot: newest.record.id, list: newest.record.list.sha256 } }),
  };
  try {
    rmSync(folder, { recursive: true, force: true });
    host.disk.makeDirectory(folder);
    const database = DraftDatabase.create(databasePath(folder), meta);
    return { meta, resumed: false, base: newest?.record, state: new DraftState(newest?.base), database };
  } catch (error) {
    // On a full disk this is tried again and again: nothing may stay open.
    newest?.base.list[Symbol.dispose]();
    throw error;
  }
}

/** A damaged list costs the phone a longer upload, not the backup. */
function newestReadable(
  records: readonly SnapshotRecord[],
  lists: ListStore,
): { record: SnapshotRecord; base: DraftBase } | undefined {
  for (const record of records) {
    try {
      return { record, base: openBase(record, lists) };
    } catch (error) {
      if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
    }
  }
  return undefined;
}

function openBase(record: SnapshotRecord, lists: ListStore): DraftBase {
  return { list: lists.open(record.list.sha256), takenAtMs: record.takenAt.getTime() };
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
