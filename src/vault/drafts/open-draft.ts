import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError, systemErrorCode, type ErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import type { ListStore } from '../lists/list-store.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { Draft, type DraftHost, type OpenedDraft } from './draft.ts';
import { DraftDatabase, type DraftMeta } from './draft-database.ts';
import { DraftState, type DraftBase } from './draft-state.ts';

const UDID = /^[0-9A-Za-z][0-9A-Za-z-]{7,63}$/;

/**
 * Opens the draft of a device: the one an interrupted backup left, else a new one over the newest snapshot whose list
 * can be read. One that is damaged, or whose base is, gives way to a new one: it never was a backup, and must not keep
 * the device from having one.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
 */
export function openDraft(vaultDir: string, udid: string, host: DraftHost): Draft {
  if (!UDID.test(udid)) {
    throw new AppError('PROTOCOL_VIOLATION', `${JSON.stringify(udid)} is not the UDID of a device`, {
      details: { udid },
    });
  }
  const folder = join(vaultDir, 'drafts', udid);
  const earlier = tryResuming(folder, host);
  const opened = typeof earlier === 'object' ? earlier : begin(folder, udid, host, earlier === 'damaged');
  return new Draft(host, opened, (close) => removeDraft(vaultDir, udid, host.disk, close));
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
    // What is damaged, of another version, or on a failing part of the disk, is a matter between it and its device's next backup.
    const id = unlessDamaged(() => idOf(folder), 'damaged', 'STORAGE_FAILED', 'VAULT_UNREADABLE');
    if (id === undefined || committed.has(id)) rmSync(folder, { recursive: true, force: true });
  }
}

function idOf(folder: string): string | undefined {
  using database = DraftDatabase.open(databasePath(folder));
  return database?.meta.id;
}

/**
 * Removes drafts that are damaged, durably. Before a prune: it would take what they received for garbage, and none of
 * them may come back to be built upon afterwards.
 */
export async function removeDamagedDrafts(vaultDir: string, disk: Disk): Promise<void> {
  for (const udid of draftedUdids(vaultDir)) {
    if (unlessDamaged(() => countOperations(vaultDir, udid), undefined) === undefined) {
      await removeDraft(vaultDir, udid, disk);
    }
  }
}

function countOperations(vaultDir: string, udid: string): number {
  using database = DraftDatabase.open(databasePath(join(vaultDir, 'drafts', udid)));
  if (database === undefined) return 0;
  let count = 0;
  for (const _ of database.operations()) count++;
  return count;
}

/** What is read from a draft; `otherwise` where the draft is damaged. */
export function unlessDamaged<T, U>(read: () => T, otherwise: U, ...also: ErrorCode[]): T | U {
  try {
    return read();
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID', ...also)) return otherwise;
    throw error;
  }
}

/**
 * Removes the draft of a device, whatever state it is in. Succeeds when there is none.
 *
 * @param close of an open one; may be called twice. It is closed where nobody finds it, so that SQLite does not bring in
 * order what is about to go.
 */
export async function removeDraft(
  vaultDir: string,
  udid: string,
  disk: Disk,
  close?: () => Promise<void>,
): Promise<void> {
  const folder = join(vaultDir, 'drafts', udid);
  if (!UDID.test(udid) || !existsSync(folder)) return;
  // Renamed first: a folder half removed must not be taken for a draft.
  const doomed = join(vaultDir, 'drafts', `${randomUUID()}.removed`);
  try {
    disk.rename(folder, doomed);
  } catch (error) {
    if (close === undefined) throw error;
    // A network share holds on to a folder as long as files in it are open.
    await close();
    disk.rename(folder, doomed);
  }
  await close?.();
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

/**
 * What a draft keeps alive while it is on disk: the list it is based on, and the objects it received. A damaged one
 * keeps what can be read of it.
 */
export function* draftRoots(vaultDir: string): Generator<DraftRoots> {
  for (const udid of draftedUdids(vaultDir)) {
    const path = databasePath(join(vaultDir, 'drafts', udid));
    const identity = identityOf(path);
    using database = openUnlessGone(path, identity);
    if (database === undefined) continue;
    const { base } = database.meta;
    yield { snapshot: base?.snapshot, list: base?.list, objects: objectsPut(database, path, identity) };
  }
}

/** Every object the draft ever received: one that it has dropped again only stays a little longer. */
function* objectsPut(
  database: DraftDatabase,
  path: string,
  identity: string | undefined,
): Generator<{ hash: Buffer; sizeBytes: number }> {
  try {
    for (const operation of database.operations()) if (operation.kind === 'put') yield operation;
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID') && !wasRemoved(error, path, identity)) throw error;
  }
}

/** One that is damaged, or removed in this very moment by its owner, is none. */
function openUnlessGone(path: string, identity: string | undefined): DraftDatabase | undefined {
  try {
    return unlessDamaged(() => DraftDatabase.open(path), undefined);
  } catch (error) {
    if (wasRemoved(error, path, identity)) return undefined;
    throw error;
  }
}

/** Whether a draft could not be read because it is there no more, be it that another one has taken its place. */
function wasRemoved(error: unknown, path: string, identity: string | undefined): boolean {
  if (!isAppError(error, 'STORAGE_FAILED', 'VAULT_BUSY')) return false;
  const now = identityOf(path);
  return now === undefined || now !== identity;
}

/** What tells a file from a later one at the same place, which may well get the same number. */
function identityOf(path: string): string | undefined {
  const facts = statSync(path, { bigint: true, throwIfNoEntry: false });
  return facts && `${facts.ino} ${facts.birthtimeNs}`;
}

function tryResuming(folder: string, host: DraftHost): OpenedDraft | 'damaged' | undefined {
  try {
    return resume(folder, host);
  } catch (error) {
    // A crash leaves none of these: what was made durable came back otherwise.
    if (!isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) throw error;
    return 'damaged';
  }
}

/** @throws {AppError} FORMAT_INVALID when the draft is damaged, SNAPSHOT_CORRUPT when its base is, or is gone */
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
    return { meta, resumed: true, replacesDamaged: false, base: record, state, database };
  } catch (error) {
    base?.list[Symbol.dispose]();
    database[Symbol.dispose]();
    throw error;
  }
}

function begin(folder: string, udid: string, host: DraftHost, replacesDamaged: boolean): OpenedDraft {
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
    const state = new DraftState(newest?.base);
    return { meta, resumed: false, replacesDamaged, base: newest?.record, state, database };
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
