import { type Logger, SILENT_LOGGER } from '../shared/logger.ts';
import type { Vault } from '../vault/index.ts';
import { type BackupDevice, deviceOfJob } from './backup-device.ts';
import type { BackupEvent } from './events.ts';
import { eventsOfJob } from './events-of-job.ts';
import { claimDevice } from './one-job-per-device.ts';
import { runBackup } from './run-backup.ts';

export interface BackupOptions {
  /** Have the device send everything again. */
  readonly full?: boolean;
  /** Disk space to leave free beside what the vault keeps back by itself. */
  readonly reserveBytes?: number;
  readonly log?: Logger;
}

/**
 * Backs a device up into a vault: phone → draft → snapshot. An attempt that ends early, for whatever reason, keeps
 * its draft, and the next one goes on from there.
 *
 * @param request.device opened and paired; it stays open.
 * @param request.vault opened for writing.
 * @param request.signal ends the backup with CANCELLED, or with the AppError that is its reason. Leaving the iteration
 * does the same.
 * @returns what happens, as it happens; the last event is `done`.
 * @throws {AppError} whatever kept the backup from being finished: CONNECTION_LOST, PASSCODE_NOT_ENTERED,
 * OUT_OF_SPACE, CANCELLED, DEVICE_BUSY, DEVICE_REFUSED, PROTOCOL_VIOLATION, STORAGE_FAILED, …
 *
 * @example
 * for await (const event of backUp({ device, vault })) if (event.event === 'done') console.log(event.snapshot);
 */
export async function* backUp(request: {
  device: BackupDevice;
  vault: Vault;
  options?: BackupOptions;
  signal?: AbortSignal | undefined;
}): AsyncGenerator<BackupEvent, void> {
  const { device, vault, options = {}, signal } = request;
  using _claim = claimDevice(device.udid);
  yield* eventsOfJob<BackupEvent>((tell, left) => {
    const whole = AbortSignal.any([left, device.lost, ...(signal === undefined ? [] : [signal])]);
    return runBackup({
      startedMs: performance.now(),
      device: deviceOfJob(device, whole),
      vault,
      full: options.full ?? false,
      reserveBytes: options.reserveBytes ?? 0,
      log: options.log ?? SILENT_LOGGER,
      signal: whole,
      tell,
    });
  });
}
