/** What every restore goes through, of everything or of a part. */
import type { BackupEvent } from '../../backup/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import { blockedError, type Check } from '../../restore/index.ts';
import { openKnownVault, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import { backUpDevice, backUpIntoOpenVault } from '../backup/back-up-device.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import type { OpenedForReading } from '../reading/open-for-reading.ts';

export interface OpenedEvent {
  readonly event: 'opened';
  /** Undefined for a folder. */
  readonly snapshot?: string;
  readonly folder?: string;
  /** The device whose backup it is, by its UDID and by the name it had. */
  readonly sourceUdid: string;
  readonly name?: string;
  readonly takenAt?: Date;
  readonly encrypted: boolean;
}

/** The backup of the device as it is, before anything is written to it. */
export interface SafetyBackupEvent {
  readonly event: 'safety-backup';
  readonly backup: BackupEvent;
}

export type CheckEvent = { readonly event: 'check' } & Check;

interface RestorePlaces {
  readonly setup: DeviceSetup;
  readonly vaultDir: string;
  readonly stateDir: string;
  /** The vault, where it is open for writing already. */
  readonly writableVault?: Vault | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function openedEvent({ backup, record, folder }: OpenedForReading, sourceUdid: string): OpenedEvent {
  const name = record?.device.name ?? backup.info?.deviceName ?? backup.facts?.deviceName;
  const takenAt = record?.takenAt ?? backup.info?.lastBackupAt ?? backup.facts?.date;
  return {
    event: 'opened',
    ...(record === undefined ? {} : { snapshot: record.id }),
    ...(folder === undefined ? {} : { folder }),
    sourceUdid,
    ...(name === undefined ? {} : { name }),
    ...(takenAt === undefined ? {} : { takenAt }),
    encrypted: backup.isEncrypted,
  };
}

export function* told(checks: readonly Check[]): Generator<CheckEvent, void> {
  for (const check of checks) yield { event: 'check', ...check };
}

/** @throws {AppError} RESTORE_BLOCKED or SNAPSHOT_CORRUPT when a check stops the restore and nobody insists. */
export function refuseBlocked(checks: readonly Check[], request: { force: boolean; dryRun: boolean }): void {
  const error = blockedError(checks);
  if (error !== undefined && (request.dryRun || !request.force)) throw error;
}

/** Backs the device up as it is. @returns the id of the snapshot */
export async function* safetyBackup(
  { setup, vaultDir, stateDir, writableVault, signal }: RestorePlaces,
  device: DeviceListing,
): AsyncGenerator<SafetyBackupEvent, string> {
  let snapshot: string | undefined;
  const request = { setup, device, stateDir, signal };
  const events =
    writableVault === undefined ? backUpDevice({ ...request, vaultDir }) : backUpIntoOpenVault(request, writableVault);
  for await (const backup of events) {
    yield { event: 'safety-backup', backup };
    if (backup.event === 'done') snapshot = backup.snapshot;
  }
  if (snapshot === undefined) throw new Error('the backup ended without a snapshot');
  return snapshot;
}

/** The newest snapshot of a device. @throws {AppError} VAULT_NOT_FOUND */
export async function newestSnapshotOf(
  { vaultDir, stateDir }: RestorePlaces,
  udid: string,
): Promise<SnapshotRecord | undefined> {
  const purpose = 'looking for a snapshot';
  await using vault = await openKnownVault({ dir: vaultDir, stateDir, purpose, create: false, lock: 'none' });
  return vault.snapshots(udid)[0];
}
