import { pause } from '../device/index.ts';

/** What time it is, and how to wait: tests bring a clock that runs faster. */
export interface ServiceClock {
  now(): Date;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: ServiceClock = { now: () => new Date(), sleep: pause };
