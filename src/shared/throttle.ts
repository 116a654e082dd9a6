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

const UNLIMITED: Throttle = { pass: () => Promise.resolve() };

/**
 * Makes a throttle for one stream of bytes; several streams that share it share the rate.
 *
 * @param bytesPerSecond undefined for no limit.
 */
export function throttleTo(bytesPerSecond: number | undefined, signal?: AbortSignal): Throttle {
  if (bytesPerSecond === undefined) return UNLIMITED;
  const perMs = bytesPerSecond / 1000;
  let freeAtMs = performance.now();
  return {
    pass: async (bytes) => {
      freeAtMs = Math.max(freeAtMs, performance.now() - BURST_SECONDS * 1000) + bytes / perMs;
      for (;;) {
        signal?.throwIfAborted();
        const waitMs = freeAtMs - performance.now();
        if (waitMs <= 0) return;
        await setTimeout(Math.min(waitMs, MAX_PAUSE_MS), undefined, signal === undefined ? {} : { signal });
      }
    },
  };
}
