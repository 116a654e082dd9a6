import { backUp, type BackupEvent } from '../backup/index.ts';
import { openDevice, type DeviceListing } from '../device/index.ts';
import type { DeviceSetup } from './devices.ts';
import { recordTry } from './history/record-try.ts';
import { openKnownVault } from './known-vaults.ts';

export interface BackUpRequest {
  readonly setup: DeviceSetup;
  readonly device: DeviceListing;
  readonly vaultDir: string;
  readonly stateDir: string;
  /** Have the device send everything again. */
  readonly full?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Backs one device up into the vault in a folder, making the vault if there was never one.
 *
 * The vault is opened before the device: a disk that is missing must not make anybody enter a passcode for nothing. How
 * it ended stays in the device's history.
 *
 * @throws {AppError} what opening the vault or the device, or the backup itself failed with.
 */
export function backUpDevice(request: BackUpRequest): AsyncGenerator<BackupEvent, void> {
  const { device, stateDir } = request;
  const connection = device.connections.includes('usb') ? ('usb' as const) : ('network' as const);
  return recordTry({ stateDir, udid: device.udid, kind: 'backup', connection: () => connection }, backUpOnce(request));
}

async function* backUpOnce(request: BackUpRequest): AsyncGenerator<BackupEvent, void> {
  const { setup, device: listing, vaultDir, stateDir, full = false, signal } = request;
  await using vault = await openKnownVault({
    dir: vaultDir,
    stateDir,
    purpose: `a backup of ${listing.facts.name ?? listing.udid}`,
    create: true,
    lock: 'write',
  });
  await using device = await openDevice({ location: listing.location, pairRecords: setup.pairRecords, signal });
  yield* backUp({ device, vault, options: { full }, signal });
}
