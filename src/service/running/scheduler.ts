import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServiceClock } from '../clock.ts';
import type { DecidedDevice, DeviceBook } from './known-devices/device-book.ts';
import type { KnownDevice } from './known-devices/known-device.ts';
import type { SkippedTries } from './skipped-tries.ts';

/** The longest sleep: a clock that was set, or a computer that slept, is noticed after it. */
const MAX_SLEEP_MS = 60_000;
/** Between two looks: whatever changes at the same time is looked at once. */
const MIN_SLEEP_MS = 500;
/** Reasons that a device should be listened to for, so that their end is not missed. */
const WORTH_LISTENING = new Set(['waits-for-unlock', 'asks-passcode', 'needs-lock', 'lock-unknown', 'needs-power']);

export interface SchedulerOptions {
  readonly book: DeviceBook;
  readonly clock: ServiceClock;
  readonly timeZone: string;
  readonly logger: Logger;
  readonly skipped: SkippedTries;
  /** @throws {AppError} when it cannot begin. */
  readonly start: (device: KnownDevice) => void;
  /** Tells somebody that the device is going to ask for its passcode. */
  readonly announce: (device: KnownDevice, now: Date) => void;
  /** Whether the device is worth a connection of its own. */
  readonly listen: (udid: string, isWorthIt: boolean) => void;
  /** Whatever else is due by time. */
  readonly others: (now: Date) => Promise<void>;
  readonly onBug: (error: unknown) => void;
}

/** Looks at every device whenever something may have changed, and does what the rules say. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #woken = Promise.withResolvers<void>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Something changed: it is looked again soon. */
  wake(): void {
    this.#woken.resolve();
  }

  /** Until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const stopped = (): void => this.wake();
    signal.addEventListener('abort', stopped);
    while (!signal.aborted) {
      this.#woken = Promise.withResolvers();
      const now = clock.now();
      const lookAgainAt = await this.#look(now, signal);
      if (signal.aborted) return;
      await this.#sleepUntil(lookAgainAt, signal);
    }
  }

  /** Sleeps in pieces, so that a clock that jumps is believed. */
  async #sleepUntil(lookAgainAt: Date, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const sleep = (ms: number): Promise<unknown> => clock.sleep(ms, until).catch(() => undefined);
    try {
      await sleep(MIN_SLEEP_MS);
      for (let isWoken = false; !isWoken && !signal.aborted;) {
        const before = clock.now().getTime();
        const leftMs = lookAgainAt.getTime() - before;
        if (leftMs <= 0) return;
        const woken = this.#woken.promise.then(() => true);
        isWoken = await Promise.race([woken, sleep(Math.min(leftMs, MAX_SLEEP_MS)).then(() => false)]);
        if (clock.now().getTime() < before) return;
      }
    } finally {
      over.abort();
    }
  }

  async #look(now: Date, signal: AbortSignal): Promise<Date> {
    const { book, others, timeZone, onBug, logger } = this.#options;
    const again = new Date(now.getTime() + MAX_SLEEP_MS);
    try {
      const decided = await book.decided({ now, timeZone });
      for (const each of decided) {
        if (signal.aborted) return again;
        await this.#carryOut(each, now);
      }
      await others(now);
      const moments = decided.map(({ decision }) => decision.lookAgainAt.getTime());
      const isBlocked = decided.some(({ blocked }) => blocked !== undefined);
      return isBlocked ? again : new Date(Math.min(now.getTime() + 3_600_000, ...moments));
    } catch (error) {
      if (!isAppError(error)) onBug(error);
      else logger.warn('what is due cannot be found out', { code: error.code, reason: error.message });
      return again;
    }
  }

  async #carryOut({ device, decision, blocked }: DecidedDevice, now: Date): Promise<void> {
    const { start, announce, listen, skipped } = this.#options;
    const { action, reasons, dueAt } = decision;
    // Just plugged in: it is about to say how it is.
    if (device.presence?.link !== undefined && !device.presence.hasTold) return;
    const isDue = dueAt !== undefined && dueAt <= now;
    listen(device.udid, isDue && reasons.some(({ code }) => WORTH_LISTENING.has(code)));
    if (blocked !== undefined && isDue && action !== 'off') return skipped.note(device.udid, [blocked], now);
    if (action === 'start') this.#start(device, start);
    else if (action === 'announce') announce(device, now);
    else if (action === 'wait' && isDue) await skipped.note(device.udid, reasons, now);
  }

  #start(device: KnownDevice, start: SchedulerOptions['start']): void {
    try {
      start(device);
    } catch (error) {
      if (!isAppError(error)) throw error;
      this.#options.logger.warn('a backup that is due cannot begin', { udid: device.udid, reason: error.message });
    }
  }
}
