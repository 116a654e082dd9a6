import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { asDictionary, decodePlist, stringAt, type PlistDictionary } from '../../../formats/index.ts';
import type { ClassKeys } from '../../../keybag/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { folderSource, openManifest, readManifestPlist, type Manifest } from '../../../snapshot/index.ts';
import { AgentError, errorOfStatus, MB_ERROR } from '../agent-error.ts';
import { CURRENT_LAYOUT, layoutOf, BackupFolder, type Layout } from '../folder/layout.ts';
import { readFile } from '../folder/read-files.ts';
import { parseStatusPlist } from '../folder/status-plist.ts';
import { openWithPassword } from '../keys/backup-keys.ts';
import type { Session } from '../session.ts';
import { downloadFiles } from '../wire/download.ts';
import { DL_STATUS } from '../wire/messages.ts';
import { makeFolders } from '../../../shared/files/make-folders.ts';

/** A backup that has passed the phone's checks and can be restored from. */
export interface RestoreSource extends Disposable {
  readonly folder: BackupFolder;
  readonly manifest: Manifest;
  /** Present when the backup is encrypted. */
  readonly classKeys: ClassKeys | undefined;
}

/** Versions of Status.plist that can be restored: from the first, up to but not including the second. */
const OLDEST_STATUS_VERSION = 2.4;
const STATUS_VERSION_END = 4;

/**
 * Fetches what describes a backup, and checks whether this phone can take it.
 *
 * @throws {AgentError} noBackup, unsupportedVersion, corrupt, wrongPassword @throws {HostGone}
 */
export async function openSource(
  session: Session,
  source: string,
  password: string | undefined,
): Promise<RestoreSource> {
  await checkStatus(session, source);
  const manifestPlist = await readFile(session, `${source}/Manifest.plist`);
  if (manifestPlist === undefined) throw corrupt('Manifest.plist is missing');
  const dir = join(session.context.disk.stateDir, 'restore');
  rmSync(dir, { recursive: true, force: true });
  makeFolders(dir);
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    writeFileSync(join(dir, 'Manifest.plist'), manifestPlist, { mode: 0o600 });
    const layout = await fetchManifest(session, source, dir);
    await checkVersion(session, source, manifestPlist);
    const facts = await readManifestPlist(folderSource(dir));
    const classKeys = facts?.isEncrypted === true ? await openWithPassword(facts.keybag, password) : undefined;
    const manifest = await openManifest(folderSource(dir), classKeys === undefined ? {} : { classKeys });
    const dispose = (): void => {
      manifest[Symbol.dispose]();
      remove();
    };
    return { folder: new BackupFolder(source, layout), manifest, classKeys, [Symbol.dispose]: dispose };
  } catch (error) {
    remove();
    if (isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT', 'NOT_A_BACKUP')) throw corrupt(error.message);
    throw error;
  }
}

async function checkStatus(session: Session, source: string): Promise<void> {
  const bytes = await readFile(session, `${source}/Status.plist`);
  if (bytes === undefined) throw new AgentError(MB_ERROR.noBackup, 'No backup status');
  const status = parseStatusPlist(bytes);
  const version = Number.parseFloat(status.version);
  if (status.backupState === 'empty') throw new AgentError(MB_ERROR.noBackup, 'Backup is empty');
  if (status.backupState === 'old' || !(version >= OLDEST_STATUS_VERSION && version < STATUS_VERSION_END)) {
    throw new AgentError(MB_ERROR.unsupportedVersion, 'Unsupported backup version');
  }
  if (status.snapshotState !== 'finished') throw corrupt(`backup is ${status.snapshotState}`);
}

/** Fetches Manifest.db or, where there is none, Manifest.mbdb. */
async function fetchManifest(session: Session, source: string, dir: string): Promise<Layout> {
  for (const layout of [CURRENT_LAYOUT, layoutOf('9')]) {
    const status = await fetch(session, `${source}/${layout.manifestName}`, join(dir, layout.manifestName));
    if (status === DL_STATUS.ok) return layout;
    rmSync(join(dir, layout.manifestName), { force: true });
    if (status !== DL_STATUS.notFound) throw errorOfStatus(status, 'Error reading backup properties');
  }
  throw corrupt('Manifest.db is missing');
}

/** Fetches a file of any size onto this computer. @returns the DeviceLink status. */
async function fetch({ link, context }: Session, path: string, localPath: string): Promise<number> {
  const descriptor = openSync(localPath, 'w', 0o600);
  try {
    const failed = await downloadFiles(
      link,
      [path],
      () => ({ data: (bytes) => writeAll(descriptor, bytes), end: () => {} }),
      { progress: 0, totalBytes: 0, maxFrameBytes: context.backup.maxDownloadFrameBytes },
    );
    return failed.get(path) ?? DL_STATUS.ok;
  } finally {
    closeSync(descriptor);
  }
}

/** A backup of a newer iOS does not go onto an older one. Info.plist says what it is of, or the manifest. */
async function checkVersion(session: Session, source: string, manifestPlist: Buffer): Promise<void> {
  const info = await readFile(session, `${source}/Info.plist`);
  const version =
    (info && stringAt(dictionaryIn(info), 'Product Version')) ??
    stringAt(asDictionary(dictionaryIn(manifestPlist)['Lockdown']), 'ProductVersion');
  if (version !== undefined && isNewer(version, session.context.identity.productVersion)) {
    throw new AgentError(MB_ERROR.unsupportedVersion, 'Backup is from an incompatible OS version');
  }
}

function isNewer(version: string, than: string): boolean {
  const mine = than.split('.').map(Number);
  const theirs = version.split('.').map(Number);
  const differing = theirs.findIndex((number, i) => number !== (mine[i] ?? 0));
  return differing !== -1 && (theirs[differing] ?? 0) > (mine[differing] ?? 0);
}

function dictionaryIn(bytes: Buffer): PlistDictionary {
  try {
    return asDictionary(decodePlist(bytes)) ?? {};
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    throw new AgentError(MB_ERROR.malformed, 'Malformed property list');
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}

function corrupt(detail: string): AgentError {
  return new AgentError(MB_ERROR.corrupt, `Backup is corrupt: ${detail}`);
}
