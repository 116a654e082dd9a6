/**
 * The list of apps that a restored device loads again from the App Store: what Info.plist says of them, left in the
 * device's media folder before the restore, as Finder and iTunes do.
 */
import type { Duplex } from 'node:stream';
import { AfcClient, AfcError, destroyOnAbort, untilAborted } from '../device/index.ts';
import { asDictionary, decodePlist, dictionaryAt, encodeXmlPlist, type PlistDictionary } from '../formats/index.ts';
import { TargetError } from '../shared/target/backup-target.ts';
import { isAppError } from '../shared/errors.ts';
import type { BackupSource } from '../snapshot/index.ts';

/** What this takes of a device. */
interface MediaFolderOwner {
  startService(name: string): Promise<Duplex>;
}

const FOLDER = '/iTunesRestore';
const LIST = `${FOLDER}/RestoreApplications.plist`;
/** Icons of all apps are in it: up to 10 MB in real backups. */
const MAX_INFO_BYTES = 128 * 1024 * 1024;
/** How long removing the list may take on a device that may be gone. */
const REMOVAL_LIMIT_MS = 3_000;

/** The apps of a backup by bundle identifier; undefined when it does not say, which only costs the apps. */
export async function applicationsOf(source: BackupSource): Promise<PlistDictionary | undefined> {
  try {
    const file = await source.read('Info.plist');
    if (file.sizeBytes > MAX_INFO_BYTES) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of file.chunks()) chunks.push(Buffer.from(chunk));
    const applications = dictionaryAt(asDictionary(decodePlist(Buffer.concat(chunks))), 'Applications');
    return applications === undefined || Object.keys(applications).length === 0 ? undefined : applications;
  } catch (error) {
    if (error instanceof TargetError || isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

/**
 * Leaves the list on the device.
 *
 * @returns false when the device does not take it: some versions of iOS keep this folder to themselves.
 * @throws {AppError} CONNECTION_LOST, CANCELLED
 */
export async function leaveApplications(
  device: MediaFolderOwner,
  applications: PlistDictionary,
  signal: AbortSignal,
): Promise<boolean> {
  const stream = await device.startService('com.apple.afc');
  using _cancellation = destroyOnAbort(stream, signal);
  await using files = new AfcClient(stream);
  try {
    await makeFolder(files);
    await files.write(LIST, encodeXmlPlist(applications));
    return true;
  } catch (error) {
    if (error instanceof AfcError) return false;
    throw error;
  }
}

/** An earlier restore may have left it, and not every device passes over that. */
async function makeFolder(files: AfcClient): Promise<void> {
  try {
    await files.makeDirectory(FOLDER);
  } catch (error) {
    if (!(error instanceof AfcError) || error.status !== 'exists') throw error;
  }
}

/** Takes the list away after a restore that failed. Never fails: the next restore writes it anew. */
export async function removeApplications(device: MediaFolderOwner): Promise<void> {
  const limit = AbortSignal.timeout(REMOVAL_LIMIT_MS);
  try {
    const stream = await untilAborted(device.startService('com.apple.afc'), limit, (late) => void late.destroy());
    using _limit = destroyOnAbort(stream, limit);
    await using files = new AfcClient(stream);
    await files.remove(LIST);
    await files.remove(FOLDER);
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}
