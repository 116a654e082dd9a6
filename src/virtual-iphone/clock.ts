import type { Clock } from './context.ts';

/** The longest a timer of Node can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The computer's own time. */
export const SYSTEM_CLOCK: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = ms > MAX_TIMER_MS ? undefined : setTimeout(done, ms);
      function done(): void {
        signal?.removeEventListener('abort', stopped);
        resolve();
      }
      function stopped(): void {
        clearTimeout(timer);
        reject(signal?.reason);
      }
      signal?.addEventListener('abort', stopped, { once: true });
    }),
};
