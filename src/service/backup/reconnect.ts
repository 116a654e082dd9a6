/**
 * What becomes of a backup whose link broke. The conversation with the device cannot be taken up again: a new request
 * goes on from what has arrived, and a current device asks for its passcode before each. So a run goes on by itself
 * only a few times, and the person is told each time.
 */
import type { BackupEvent } from '../../backup/index.ts';
import { pause, type DeviceListing } from '../../device/index.ts';
import { type AppError, isAppError } from '../../shared/errors.ts';
import { findDevice, type DeviceSetup } from '../devices/find-devices.ts';

export interface ReconnectOptions {
  /** How often in a row without anything new having arrived; where the passcode is asked for, how often at all. */
  readonly times?: number;
  /** How long the device is waited for each time. */
  readonly waitMs?: number;
}

const TIMES = 3;
const WAIT_MS = 120_000;
const POLL_MS = 3_000;

/** Follows the runs of one backup and decides after each that failed. */
export class ReconnectPolicy {
  readonly waitMs: number;
  readonly #times: number;
  #used = 0;
  #hasBegun = false;
  #asksPasscode = false;
  #receivedFiles = 0;

  constructor({ times = TIMES, waitMs = WAIT_MS }: ReconnectOptions = {}) {
    this.#times = times;
    this.waitMs = waitMs;
  }

  /** Whether the device is going to ask for its passcode when it is asked for the backup again. */
  get asksPasscode(): boolean {
    return this.#asksPasscode;
  }

  follow(event: BackupEvent): void {
    if (event.event === 'requested') this.#hasBegun = true;
    if (event.event !== 'progress') return;
    this.#asksPasscode ||= event.phase === 'waiting-for-passcode';
    this.#receivedFiles = event.files;
  }

  /**
   * Whether to go on after this. Only where the device had been asked: what fails before is told at once, and to a
   * person who is still there. A device that went to sleep comes back when it wakes, not in two minutes.
   */
  allows(error: unknown): error is AppError {
    if (!this.#hasBegun || !isAppError(error, 'CONNECTION_LOST') || error.details['asleep'] === true) return false;
    if (this.#receivedFiles > 0 && !this.#asksPasscode) this.#used = 0;
    this.#receivedFiles = 0;
    this.#used += 1;
    return this.#used <= this.#times;
  }
}

/**
 * Waits until the device is there again, on whichever way it comes.
 *
 * @throws {AppError} `reason` when it is not back in time; CANCELLED
 */
export async function waitForDevice(
  setup: DeviceSetup,
  device: { readonly udid: string; readonly address: string | undefined },
  { reason, waitMs, signal }: { reason: AppError; waitMs: number; signal: AbortSignal | undefined },
): Promise<DeviceListing> {
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    try {
      return await findDevice(setup, device.udid, { address: device.address, signal });
    } catch (error) {
      if (!isAppError(error, 'DEVICE_NOT_FOUND', 'CONNECTION_LOST', 'USBMUXD_UNAVAILABLE')) throw error;
    }
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) throw reason;
    await pause(Math.min(POLL_MS, leftMs), signal);
  }
}
