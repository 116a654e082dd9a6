import type { BackupDevice } from '../../backup/index.ts';
import { type Device, type DeviceListing, openDevice } from '../../device/index.ts';
import {
  type Check,
  checkFiles,
  type FilesEvent,
  lookAtContent,
  mayHoldData,
  type PhoneContent,
  quickChecks,
  restore,
  type RestoreEvent,
  type RestoreOptions,
  type RestoreSource,
  stops,
  UNCHECKED_FILES,
} from '../../restore/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { sentence } from '../../shared/text/sentence.ts';
import type { SnapshotRecord, Vault } from '../../vault/index.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { recordTry } from '../history/record-try.ts';
import { openForReading, type OpenedForReading, type OpenForReadingRequest } from '../reading/open-for-reading.ts';
import { RememberedPassword } from './remembered-password.ts';
import {
  newestSnapshotOf,
  openedEvent,
  refuseBlocked,
  safetyBackup,
  told,
  type CheckEvent,
  type OpenedEvent,
  type SafetyBackupEvent,
} from './steps.ts';

export interface RestoreDeviceRequest extends Omit<OpenForReadingRequest, 'onWarning'> {
  readonly setup: DeviceSetup;
  /** The vault, where it is open for writing already: for the backup before. */
  readonly writableVault?: Vault | undefined;
  /** Finds the device. Under `dryRun` it may fail: then only the backup is looked at. */
  readonly find: () => Promise<DeviceListing>;
  readonly options: RestoreOptions;
  /** Only looks whether it would work. */
  readonly dryRun: boolean;
  /** Leave out reading every file before. */
  readonly skipVerify: boolean;
  /** Let the device decide although a check says that it will refuse. */
  readonly force: boolean;
  /** Asked before anything is written to the device, and before what takes long. */
  readonly confirm: (plan: RestorePlan) => Promise<RestoreDecision>;
}

/** What a person has to know before a device is restored. */
export interface RestorePlan {
  readonly device: DeviceListing;
  readonly content: PhoneContent;
  /** Whether the device may hold something that a restore would cost. */
  readonly mayHoldData: boolean;
  /** The newest snapshot of this very device. */
  readonly newestSnapshot: SnapshotRecord | undefined;
  readonly removesOthers: boolean;
}

export interface RestoreDecision {
  readonly proceed: boolean;
  readonly safetyBackup: boolean;
}

export type RestoreDeviceEvent =
  | OpenedEvent
  | CheckEvent
  | FilesEvent
  | SafetyBackupEvent
  /** The last event of a dry run that found nothing in the way. */
  | { readonly event: 'rehearsed'; readonly warnings: number }
  | RestoreEvent;

/**
 * Restores a snapshot or a backup folder to a device, with everything looked at before and, if wanted, the device
 * backed up first. Under `dryRun` it is only looked at.
 *
 * @throws {AppError} RESTORE_BLOCKED or SNAPSHOT_CORRUPT when a check stops it; CANCELLED when it is not confirmed;
 * whatever finding or opening the device, opening the backup, the safety backup or the restore fails with.
 */
export async function* restoreDevice(request: RestoreDeviceRequest): AsyncGenerator<RestoreDeviceEvent, void> {
  const { signal, dryRun } = request;
  const found = await findOrExplain(request);
  const passwords = new RememberedPassword(request);
  await using opened = await openForReading({ ...request, password: passwords.ask });
  const source = await sourceOf(opened, passwords, found.listing?.udid);
  yield openedEvent(opened, source.udid);
  await using device = found.listing && (await openOrExplain(request, found.listing, found.checks));
  const checks = [...found.checks, ...(await quickChecks(source, device, signal))];
  yield* told(checks);
  if (!dryRun) refuseBlocked(checks, request);
  const decision = dryRun || !found.listing || !device ? undefined : await decide(request, found.listing, device);
  if (decision?.proceed === false) throw new AppError('CANCELLED', 'nothing was restored', { hint: NOTHING_WRITTEN });
  const fileChecks = yield* filesOf(request, source, device);
  yield* told(fileChecks);
  refuseBlocked([...checks, ...fileChecks], request);
  if (decision === undefined || !found.listing || !device) {
    const warnings = [...checks, ...fileChecks].filter((check) => check.outcome === 'warns').length;
    yield { event: 'rehearsed', warnings };
    return;
  }
  if (decision.safetyBackup) yield* safetyBackup(request, found.listing);
  yield* recordTry(
    { stateDir: request.stateDir, udid: device.udid, kind: 'restore' },
    restore({ device, source, options: request.options, signal }),
  );
}

const NOTHING_WRITTEN = 'Nothing was written to the device.';

interface Found {
  readonly listing: DeviceListing | undefined;
  /** Why there is no device, in a dry run. */
  readonly checks: Check[];
}

async function findOrExplain({ find, dryRun }: RestoreDeviceRequest): Promise<Found> {
  try {
    return { listing: await find(), checks: [] };
  } catch (error) {
    if (!dryRun) throw error;
    return { listing: undefined, checks: [deviceCheck(error)] };
  }
}

/** Undefined, and a check more, when a dry run cannot have the device. */
async function openOrExplain(
  { setup, dryRun, signal }: RestoreDeviceRequest,
  listing: DeviceListing,
  checks: Check[],
): Promise<Device | undefined> {
  try {
    return await openDevice({ location: listing.location, pairRecords: setup.pairRecords, signal });
  } catch (error) {
    if (!dryRun) throw error;
    checks.push(deviceCheck(error));
    return undefined;
  }
}

/** @throws `error` when it says nothing of the device. */
function deviceCheck(error: unknown): Check {
  if (!isAppError(error) || error.code === 'CANCELLED') throw error;
  return stops(
    'device',
    ['device-problem', { problem: error.code }],
    sentence(error.message),
    error.hint ?? '`holdfast doctor` looks for what is in the way.',
  );
}

async function* filesOf(
  { skipVerify, signal }: RestoreDeviceRequest,
  source: RestoreSource,
  device: BackupDevice | undefined,
): AsyncGenerator<FilesEvent, readonly Check[]> {
  if (skipVerify) return [UNCHECKED_FILES];
  return yield* checkFiles(source, { isSameDevice: device === undefined || device.udid === source.udid, signal });
}

async function decide(request: RestoreDeviceRequest, device: DeviceListing, opened: Device): Promise<RestoreDecision> {
  const content = await lookAtContent(opened, request.signal);
  const newestSnapshot = await newestOf(request, device.udid);
  return request.confirm({
    device,
    content,
    mayHoldData: mayHoldData(content) || newestSnapshot !== undefined,
    newestSnapshot,
    removesOthers: request.options.removeOthers !== false,
  });
}

/** A folder can be restored where there is no vault. */
async function newestOf(request: RestoreDeviceRequest, udid: string): Promise<SnapshotRecord | undefined> {
  try {
    return await newestSnapshotOf(request, udid);
  } catch (error) {
    if (isAppError(error, 'VAULT_NOT_FOUND')) return undefined;
    throw error;
  }
}

async function sourceOf(
  { backup, record }: OpenedForReading,
  passwords: RememberedPassword,
  udid: string | undefined,
): Promise<RestoreSource> {
  const own = record?.udid ?? backup.facts?.udid ?? backup.info?.udid;
  const password = backup.isEncrypted && backup.facts ? await passwords.of(backup.facts) : undefined;
  // A folder says itself whose it is, and may say anything. Any plain name does.
  const name = own !== undefined && /^[0-9A-Za-z-]{1,64}$/.test(own) ? own : (udid ?? 'backup');
  return { backup, udid: name, password };
}
