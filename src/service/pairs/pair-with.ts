import {
  openDevice,
  pairDevice,
  prepareForWifi,
  type Device,
  type DeviceListing,
  type PairingNeed,
  type PairRecordStore,
} from '../../device/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';

export interface PairWithOptions {
  /** Called when something is needed of the person at the device. */
  readonly onWaiting?: (need: PairingNeed) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface PairingResult {
  /** It trusted this computer before; nobody was asked. */
  readonly existing: boolean;
  /** Whether it can be reached over Wi-Fi from now on. */
  readonly wifi: 'enabled' | 'unchanged';
  /** Whether its backups are encrypted, which a device tells only those it trusts; undefined when it does not say. */
  readonly willEncrypt: boolean | undefined;
}

/**
 * Pairs with a device and lets it be reached over Wi-Fi too, which is what backups that happen by themselves need.
 *
 * @throws {AppError} as `pairDevice`
 */
export async function pairWith(
  { pairRecords }: DeviceSetup,
  { location }: DeviceListing,
  { onWaiting, signal }: PairWithOptions,
): Promise<PairingResult> {
  const { existing } = await pairDevice({
    location,
    store: pairRecords,
    signal,
    ...(onWaiting === undefined ? {} : { onWaiting }),
  });
  await using device = await openDevice({ location, pairRecords, signal });
  const { willEncrypt } = await device.facts();
  return { existing, willEncrypt, wifi: await enableWifi(device, pairRecords) };
}

/** Lets a device on a cable be reached over Wi-Fi too, where it allows that. */
export async function enableWifi(device: Device, store: PairRecordStore): Promise<PairingResult['wifi']> {
  if (device.connection === 'network') return 'unchanged';
  try {
    await device.withLockdown((client) => prepareForWifi(client, { udid: device.udid, store }));
    return 'enabled';
  } catch (error) {
    // Old devices and managed ones refuse; a cable serves them all the same.
    if (isAppError(error, 'DEVICE_REFUSED')) return 'unchanged';
    throw error;
  }
}
