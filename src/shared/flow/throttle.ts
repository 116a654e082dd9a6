import { setTimeout } from 'node:timers/promises';

/** The longest pause at a time: a limit that is lifted or an abort is noticed within it. */
const MAX_PAUSE_MS = 1000;
/** Bytes that may pass at once after a pause, in seconds of the limit: keeps the rate even without many timers. */
const BURST_SECONDS = 0.25;

/** Lets bytes pass at a limited rate. */
export interface Throttle {
  /**
   * Resolves when `bytes` more may pass.
   *
   * @throws the reason of the signal when it aborts.
   */
  pass(bytes: number): Promise<void>;
}

/** For tests: a clock that only goes forward, and waiting by it. */
export interface ThrottleClock {
  nowMs(): number;
  wait(ms: number, signal: AbortSignal | undefined): Promise<unknown>;
}

const REAL_CLOCK: ThrottleClock = {
  nowMs: () => performance.now(),
  wait: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
};

const UNLIMITED: Throttle = { pass: () => Promise.resolve() };

/**
 * Makes a throttle for one stream of bytes; several streams that share it share the rate.
 *
 * @param bytesPerSecond undefined for no limit.
 */
export function throttleTo(
  bytesPerSecond: number | undefined,
  signal?: AbortSignal,
  clock: ThrottleClock = REAL_CLOCK,
): Throttle {
  if (bytesPerSecond === undefined) return UNLIMITED;
  const perMs = bytesPerSecond / 1000;
  let freeAtMs = clock.nowMs();
  return {
    pass: async (bytes) => {
      freeAtMs = Math.max(freeAtMs, clock.nowMs() - BURST_SECONDS * 1000) + bytes / perMs;
      for (;;) {
        signal?.throwIfAborted();
        const waitMs = freeAtMs - clock.nowMs();
        if (waitMs <= 0) return;
        await clock.wait(Math.min(waitMs, MAX_PAUSE_MS), signal);
      }
    },
  };
}
