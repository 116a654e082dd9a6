import { setImmediate } from 'node:timers/promises';
import { keybagId } from '../keybag/index.ts';
import {
  FileIdSet,
  isFileId,
  openManifest,
  readManifestPlist,
  readStatus,
  type Manifest,
  type ManifestFacts,
} from '../snapshot/index.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { type LocalTarget, sourceIn } from './draft-source.ts';

/** How many files are looked at before other work gets its turn. */
const FILES_PER_TURN = 4096;

export interface BackupChecks {
  readonly encrypted: boolean;
  /** What was looked at, for the snapshot's record. */
  readonly checks: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Looks at what a device calls a finished backup before it is kept as one: its own state, its manifest, and that
 * every file of the manifest is there. The manifest of an encrypted backup needs the password and is left to the
 * device, which has compared it itself.
 *
 * @throws {AppError} BACKUP_UNFINISHED, SNAPSHOT_CORRUPT
 */
export async function checkBackup(target: LocalTarget, udid: string): Promise<BackupChecks> {
  const source = sourceIn(target, udid);
  const status = await readable('Status.plist', () => readStatus(source));
  if (status?.isFinished !== true) throw unfinished(status?.snapshotState);
  const facts = await readable('Manifest.plist', () => readManifestPlist(source));
  if (facts === undefined) throw corrupt('the backup has no Manifest.plist');
  if (facts.isEncrypted) return { encrypted: true, checks: encryptedChecks(facts) };
  using manifest = await readable('its manifest', () => openManifest(source));
  const files = await countPresent(manifest, target, udid);
  return { encrypted: false, checks: { status: 'finished', manifest: 'complete', manifestFiles: files } };
}

/** Which keybag it is tells which password opens the snapshot: see `keybagId`. */
function encryptedChecks({ keybag }: ManifestFacts): BackupChecks['checks'] {
  const id = keybag && keybagId(keybag);
  return { status: 'finished', manifest: 'encrypted', ...(id !== undefined && { keybag: id }) };
}

/** The error for a device that says it is done while the state it wrote last says otherwise. */
export function unfinished(snapshotState: string | undefined): AppError {
  return new AppError('BACKUP_UNFINISHED', 'the device ended the backup without finishing it', {
    hint: 'Start it again: it goes on where it stopped.',
    details: { snapshotState: snapshotState ?? 'unknown' },
  });
}

/** @returns how many files the manifest names, all of which are there. */
async function countPresent(manifest: Manifest, target: LocalTarget, udid: string): Promise<number> {
  // Of a first backup the target knows every file by heart; what an incremental one builds on is listed once.
  let listed: FileIdSet | undefined;
  let files = 0;
  let missing = 0;
  let firstFileId = '';
  for (const id of manifest.contentIds({ anyOrder: true })) {
    files += 1;
    let isThere = target.knowsFile?.(`${udid}/${manifest.contentPath(id)}`);
    if (isThere === undefined) {
      listed ??= await contentsIn(target, udid, manifest.format);
      isThere = listed.has(id);
    }
    if (!isThere && ++missing === 1) firstFileId = id;
    if (files % FILES_PER_TURN === 0) await setImmediate();
  }
  if (missing === 0) return files;
  throw corrupt(`${missing} of the files that the backup should hold did not arrive`, { missing, firstFileId });
}

/** The ids of all contents in a target that lie where the layout wants them. */
async function contentsIn(target: LocalTarget, udid: string, format: Manifest['format']): Promise<FileIdSet> {
  const present = new FileIdSet();
  const addFrom = async (directory: string, prefix: string): Promise<void> => {
    for (const { kind, name } of await target.list(directory)) {
      if (kind === 'file' && name.startsWith(prefix) && isFileId(name)) present.add(name);
    }
  };
  if (format === 'mbdb') {
    await addFrom(udid, '');
    return present;
  }
  for (const { kind, name } of await target.list(udid)) {
    if (kind !== 'directory' || !/^[0-9a-f]{2}$/.test(name)) continue;
    await addFrom(`${udid}/${name}`, name);
    await setImmediate();
  }
  return present;
}

/** What a device wrote and nobody can read makes the backup unusable. */
async function readable<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID', 'NOT_A_BACKUP', 'SNAPSHOT_CORRUPT', 'WRONG_PASSWORD')) throw error;
    throw corrupt(`${what} cannot be read`, {}, error);
  }
}

function corrupt(message: string, details: Readonly<Record<string, string | number>> = {}, cause?: unknown): AppError {
  return new AppError('SNAPSHOT_CORRUPT', message, {
    hint: 'No snapshot was made of it. Start the backup again with --full.',
    details,
    cause,
  });
}
