import type { BackupEvent } from '../../backup/index.ts';
import { AsyncQueue, type DeviceListing } from '../../device/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { backUpIntoOpenVault, type BackUpRequest } from './back-up-device.ts';
import { openKnownVault } from '../../vault/index.ts';

export interface BackUpDevicesRequest extends Omit<BackUpRequest, 'device' | 'address'> {
  readonly devices: readonly DeviceListing[];
}

/** What happens to one of several devices. */
export interface DeviceEvent {
  readonly device: DeviceListing;
  readonly event: BackupEvent | { readonly event: 'failed'; readonly error: AppError };
}

/**
 * Backs several devices up into one vault at the same time. One that fails, which `failed` tells, does not keep the
 * others from finishing.
 *
 * @throws {AppError} what opening the vault failed with.
 */
export async function* backUpDevices(request: BackUpDevicesRequest): AsyncGenerator<DeviceEvent, void> {
  const { devices, vaultDir, stateDir, signal } = request;
  await using vault = await openKnownVault({
    dir: vaultDir,
    stateDir,
    purpose: `a backup of ${devices.length} devices`,
    create: true,
    lock: 'write',
  });
  const left = new AbortController();
  const whole = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const queue = new AsyncQueue<DeviceEvent>();
  const jobs = devices.map(async (device) => {
    try {
      for await (const event of backUpIntoOpenVault({ ...request, device, signal: whole }, vault)) {
        queue.push({ device, event });
      }
    } catch (error) {
      if (!isAppError(error)) throw error;
      queue.push({ device, event: { event: 'failed', error } });
    }
  });
  const all = Promise.all(jobs);
  all.then(
    () => queue.end(),
    (error: unknown) => queue.end(error),
  );
  try {
    yield* queue;
  } finally {
    left.abort(new AppError('CANCELLED', 'stopped'));
    await Promise.allSettled(jobs);
  }
}
