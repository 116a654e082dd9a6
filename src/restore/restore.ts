import { type BackupDevice, claimDevice, deviceOfJob, eventsOfJob } from '../backup/index.ts';
import { type Logger, SILENT_LOGGER } from '../shared/logger.ts';
import type { RestoreEvent } from './events.ts';
import type { RestoreSource } from './restore-source.ts';
import { runRestore } from './run-restore.ts';

/** What a restore does beside bringing the person's data back. Without any: everything, as Finder does. */
export interface RestoreOptions {
  /** Also what belongs to the system rather than to the person: network settings, preferences. Default true. */
  readonly systemFiles?: boolean | undefined;
  /** Keep the settings that are on the device. Default false. */
  readonly preserveSettings?: boolean | undefined;
  /**
   * Remove from the device what is not in the backup, as it does unless told: what is left of newer databases does not
   * go with older ones. Default true.
   */
  readonly removeOthers?: boolean | undefined;
  /** Have the device restart once it has everything, which finishes the restore. Default true. */
  readonly reboot?: boolean | undefined;
  /** Have the device load the apps of the backup again. Default true. */
  readonly apps?: boolean | undefined;
  readonly log?: Logger | undefined;
}

/**
 * Restores a backup to a device: a full restore, of any backup to any device that takes it. What is on the device
 * stays until it has everything. Nothing is checked here before: see `rehearse`.
 *
 * @param request.device opened and paired; it stays open, and loses its connections when it restarts.
 * @param request.signal ends the restore with CANCELLED, or with the AppError that is its reason. Leaving the
 * iteration does the same.
 * @returns what happens, as it happens; the last event is `done`.
 * @throws {AppError} whatever kept the restore from being finished: CONNECTION_LOST, WRONG_PASSWORD, DEVICE_REFUSED,
 * SNAPSHOT_CORRUPT, PASSCODE_NOT_ENTERED, CANCELLED, DEVICE_BUSY, PROTOCOL_VIOLATION, STORAGE_FAILED, …
 *
 * @example
 * for await (const event of restore({ device, source })) if (event.event === 'done') console.log(event.files);
 */
export async function* restore(request: {
  device: BackupDevice;
  source: RestoreSource;
  options?: RestoreOptions;
  signal?: AbortSignal | undefined;
}): AsyncGenerator<RestoreEvent, void> {
  const { device, source, options = {}, signal } = request;
  using _claim = claimDevice(device.udid);
  yield* eventsOfJob<RestoreEvent>((tell, left) => {
    const whole = AbortSignal.any([left, device.lost, ...(signal === undefined ? [] : [signal])]);
    return runRestore({
      startedMs: performance.now(),
      device: deviceOfJob(device, whole),
      deviceAfterwards: device,
      source,
      options,
      log: options.log ?? SILENT_LOGGER,
      signal: whole,
      tell,
    });
  });
}
