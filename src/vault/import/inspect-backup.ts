import { existsSync, lstatSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  folderSource,
  readInfo,
  readManifestPlist,
  readStatus,
  type InfoFacts,
  type ManifestFacts,
  type StatusFacts,
} from '../../snapshot/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { DeviceFacts } from '../snapshots/record.ts';

/** Before this there was no iPhone; a clock that says so is wrong. */
const FIRST_IPHONE = new Date('2007-06-29');
const ONE_DAY_MS = 24 * 60 * 60 * 1000;
/** 40 hexadecimal digits until the iPhone X, 8 and 16 since; archives have the time of their making behind it. */
const UDID_IN_NAME = /^([0-9a-f]{40}|[0-9a-f]{8}-[0-9a-f]{16})(?:-\d{8}-\d{6})?$/i;

/** What a backup is nothing without. */
const MAIN_FILES = ['Manifest.plist', 'Manifest.db', 'Manifest.mbdb', 'Status.plist'];

/** What a backup folder says about itself. */
export interface BackupFacts {
  readonly folder: string;
  readonly udid: string;
  readonly device: DeviceFacts;
  readonly encrypted: boolean;
  readonly takenAt: Date;
}

/**
 * Reads what kind of backup lies in a folder, and refuses one that is not complete.
 *
 * @throws {AppError} NOT_A_BACKUP, BACKUP_UNFINISHED
 */
export async function inspectBackup(folder: string): Promise<BackupFacts> {
  const source = folderSource(folder);
  const manifest = await optional(readManifestPlist(source));
  if (manifest === undefined) throw notABackup(folder, 'it has no Manifest.plist that could be read');
  if (!existsSync(join(folder, 'Manifest.db')) && !existsSync(join(folder, 'Manifest.mbdb'))) {
    throw notABackup(folder, 'it has neither Manifest.db nor Manifest.mbdb');
  }
  for (const name of MAIN_FILES) refuseStandIn(folder, name);
  const status = await optional(readStatus(source));
  if (status?.isFinished !== true) throw unfinished(folder, status?.snapshotState);
  const info = await optional(readInfo(source));
  return {
    folder,
    udid: udidOf(folder, manifest, info),
    device: deviceOf(manifest, info),
    encrypted: manifest.isEncrypted,
    takenAt: takenAtOf(folder, status, manifest, info),
  };
}

/** Links are not followed into a vault, so that what is taken in would lack the file that was just looked into. */
function refuseStandIn(folder: string, name: string): void {
  const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  throw notABackup(folder, `its ${name} is ${found.isSymbolicLink() ? 'only a link' : 'no file'}`);
}

function udidOf(folder: string, manifest: ManifestFacts, info: InfoFacts | undefined): string {
  const inName = UDID_IN_NAME.exec(basename(folder))?.[1];
  const udid = [manifest.udid, info?.udid, inName].find((each) => each !== undefined && UDID_IN_NAME.test(each));
  if (udid === undefined) throw notABackup(folder, 'nothing in it says which device it is of');
  // Info.plist may have it in capitals; the two kinds of UDID are written in these cases everywhere else.
  return udid.length === 40 ? udid.toLowerCase() : udid.toUpperCase();
}

function deviceOf(manifest: ManifestFacts, info: InfoFacts | undefined): DeviceFacts {
  const serialNumber = info?.serialNumber ?? manifest.serialNumber;
  return {
    name: info?.deviceName ?? info?.displayName ?? manifest.deviceName ?? '',
    productType: info?.productType ?? manifest.productType ?? '',
    productVersion: info?.productVersion ?? manifest.productVersion ?? '',
    buildVersion: info?.buildVersion ?? manifest.buildVersion ?? '',
    ...(serialNumber !== undefined && { serialNumber }),
  };
}

function takenAtOf(folder: string, status: StatusFacts, manifest: ManifestFacts, info: InfoFacts | undefined): Date {
  const told = [status.date, info?.lastBackupAt, manifest.date].find((date) => date !== undefined && isPlausible(date));
  return told ?? statSync(join(folder, 'Status.plist')).mtime;
}

function isPlausible(date: Date): boolean {
  return date >= FIRST_IPHONE && date.getTime() <= Date.now() + ONE_DAY_MS;
}

/** A property list that cannot be read tells as little as one that is not there. */
export async function optional<T>(facts: Promise<T>): Promise<T | undefined> {
  try {
    return await facts;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

function notABackup(folder: string, why: string): AppError {
  return new AppError('NOT_A_BACKUP', `${folder} is not a backup that can be taken in: ${why}`, {
    hint: 'Choose a folder that Finder, iTunes, Apple Devices, iMazing or idevicebackup2 made.',
    details: { folder },
  });
}

function unfinished(folder: string, state = 'unknown'): AppError {
  return new AppError('BACKUP_UNFINISHED', `the backup in ${folder} was never finished`, {
    hint: 'Let the program that made it finish it, then try again.',
    details: { folder, state },
  });
}
