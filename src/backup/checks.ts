import { setImmediate } from 'node:timers/promises';
import { openManifest, readManifestPlist, readStatus, type Manifest } from '../snapshot/index.ts';
import { TargetError } from '../shared/backup-target.ts';
import { AppError, isAppError } from '../shared/errors.ts';
import { type LocalTarget, sourceIn } from './draft-source.ts';

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
  if (facts.isEncrypted) return { encrypted: true, checks: { status: 'finished', manifest: 'encrypted' } };
  using manifest = await readable('its manifest', () => openManifest(source));
  const files = await countPresent(manifest, target, udid);
  return { encrypted: false, checks: { status: 'finished', manifest: 'complete', manifestFiles: files } };
}

/** The error for a device that says it is done while the state it wrote last says otherwise. */
export function unfinished(snapshotState: string | undefined): AppError {
  return new AppError('BACKUP_UNFINISHED', 'the device ended the backup without finishing it', {
    hint: 'Start it again: it goes on where it stopped.',
    details: { snapshotState: snapshotState ?? 'unknown' },
  });
}

/** @returns how many files the manifest names, all of which are there. Memory is that of one directory. */
async function countPresent(manifest: Manifest, target: LocalTarget, udid: string): Promise<number> {
  let files = 0;
  const missing: string[] = [];
  let prefix: string | undefined;
  let directory = '';
  let present: ReadonlySet<string> = new Set();
  for (const id of manifest.contentIds()) {
    // The ids come in order, and in every layout those that begin alike lie in one directory.
    if (prefix === undefined || !id.startsWith(prefix)) {
      prefix = id.slice(0, 2);
      const parent = parentOf(`${udid}/${manifest.contentPath(id)}`);
      if (parent !== directory) present = await fileNamesIn(target, parent);
      directory = parent;
      await setImmediate();
    }
    files += 1;
    if (!present.has(id)) missing.push(id);
  }
  const [firstFileId] = missing;
  if (firstFileId === undefined) return files;
  throw corrupt(`${missing.length} of the files that the backup should hold did not arrive`, {
    missing: missing.length,
    firstFileId,
  });
}

async function fileNamesIn(target: LocalTarget, directory: string): Promise<Set<string>> {
  try {
    const names = new Set<string>();
    for (const { kind, name } of await target.list(directory)) if (kind === 'file') names.add(name);
    return names;
  } catch (error) {
    if (error instanceof TargetError && error.reason === 'not-found') return new Set();
    throw error;
  }
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

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
