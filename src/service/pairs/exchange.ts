/** Pair records that travel between computers: to a NAS that has no cable, or to a new computer. */
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodePairRecord, isUdid, normalizeUdid, parseForeignRecord, type PairRecord } from '../../device/index.ts';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';

/** Real ones have 8 KB. */
const MAX_RECORD_BYTES = 256 * 1024;

export interface ImportedPair {
  readonly udid: string;
  /** `same`: this very pairing was here already. */
  readonly result: 'imported' | 'replaced' | 'same';
  /** Without it backups cannot be started. */
  readonly hasEscrowBag: boolean;
}

/** A file of a folder that was passed over, and why. */
export interface PassedOver {
  readonly file: string;
  readonly reason: string;
}

export interface ImportRequest {
  readonly setup: DeviceSetup;
  /** A pair record, or a folder of them such as /var/db/lockdown. */
  readonly path: string;
  /** Whose record a file is that is not named by it. */
  readonly udid?: string | undefined;
  /** Whether another pairing with the same device may be replaced. */
  readonly replace?: boolean;
}

/**
 * Takes in pair records of a Mac, a Windows computer or usbmuxd.
 *
 * @throws {AppError} FORMAT_INVALID when the file is no pair record; USAGE when it does not tell whose it is, or
 * another pairing is there; STORAGE_FAILED
 */
export async function importPairs(
  request: ImportRequest,
): Promise<{ readonly imported: ImportedPair[]; readonly passedOver: PassedOver[] }> {
  const { path } = request;
  if (!(await isFolder(path))) {
    const udid = udidOf(request.udid ?? nameOf(path));
    if (udid === undefined) throw namelessRecord(path);
    return { imported: [await importOne(request, udid, path)], passedOver: [] };
  }
  const imported: ImportedPair[] = [];
  const passedOver: PassedOver[] = [];
  for (const file of (await list(path)).toSorted()) {
    const udid = udidOf(nameOf(file));
    if (udid === undefined) continue;
    try {
      imported.push(await importOne(request, udid, join(path, file)));
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID', 'USAGE')) throw error;
      passedOver.push({ file, reason: error.message });
    }
  }
  return { imported, passedOver };
}

/**
 * Writes the pairing with a device into a file that only its owner can read.
 *
 * @param file must not be there yet, unless `replace`.
 * @throws {AppError} DEVICE_NOT_FOUND when there is no pairing; FOLDER_NOT_EMPTY, STORAGE_FAILED
 */
export async function exportPair(
  { pairRecords }: DeviceSetup,
  udid: string,
  { file, replace = false }: { file: string; replace?: boolean },
): Promise<void> {
  let record: PairRecord | undefined;
  for await (const candidate of pairRecords.candidates(udid)) record ??= candidate.record;
  if (record === undefined) {
    throw new AppError('DEVICE_NOT_FOUND', 'this computer is not paired with the device', {
      hint: '`holdfast pairs list` shows the devices it is paired with.',
      details: { udid },
    });
  }
  try {
    if (replace) await rm(file, { force: true });
    await using handle = await open(file, 'wx', 0o600);
    await handle.writeFile(encodePairRecord(record));
    await handle.sync();
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw storageFailed('written', file, error);
    throw new AppError('FOLDER_NOT_EMPTY', `${file} is there already`, {
      hint: 'Choose another name, or add --replace.',
    });
  }
}

async function importOne({ setup, replace }: ImportRequest, udid: string, path: string): Promise<ImportedPair> {
  const { pairRecords } = setup;
  const record = parseForeignRecord(await readRecord(path));
  const hasEscrowBag = record.escrowBag !== undefined;
  const before = await pairRecords.readOwn(udid);
  if (before?.hostId === record.hostId && before.hostPrivateKey.equals(record.hostPrivateKey)) {
    return { udid, result: 'same', hasEscrowBag };
  }
  if (before !== undefined && replace !== true) {
    throw new AppError('USAGE', `another pairing with ${udid} is here already`, {
      hint: 'If that one does not work any more, add --replace.',
    });
  }
  await pairRecords.saveOwn(udid, record);
  return { udid, result: before === undefined ? 'imported' : 'replaced', hasEscrowBag };
}

async function readRecord(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_RECORD_BYTES) return await readFile(path);
  } catch (error) {
    throw storageFailed('read', path, error);
  }
  throw new AppError('FORMAT_INVALID', `${path} is too large for a pair record`);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw storageFailed('read', path, error);
  }
}

async function list(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw storageFailed('read', path, error);
  }
}

const nameOf = (path: string): string => basename(path).replace(/\.plist$/i, '');

function udidOf(text: string): string | undefined {
  const udid = normalizeUdid(text);
  return isUdid(udid) ? udid : undefined;
}

function namelessRecord(path: string): AppError {
  return new AppError('USAGE', `the name of ${path} does not tell whose pair record it is`, {
    hint: 'Such a file is called after its device, as in 00008110-000A1B2C3D4E5F60.plist; else give --udid.',
  });
}

function storageFailed(what: 'read' | 'written', path: string, cause: unknown): unknown {
  const systemCode = systemErrorCode(cause);
  if (systemCode === undefined) return cause;
  const denied = systemCode === 'EACCES' || systemCode === 'EPERM';
  return new AppError('STORAGE_FAILED', `${path} cannot be ${what}`, {
    hint:
      denied && what === 'read'
        ? 'Only an administrator may look there: copy the file as one (sudo cp), and take it in from the copy.'
        : 'Check the path, and who may use it.',
    details: { systemCode },
    cause,
  });
}
