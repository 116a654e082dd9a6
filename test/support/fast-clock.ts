/** A clock for the service that runs faster than the one on the wall, and can be set. */
import { setTimeout } from 'node:timers/promises';
import type { ServiceClock } from '../../src/service/index.ts';

export class FastClock implements ServiceClock {
  readonly #speed: number;
  readonly #beganMs = performance.now();
  #fromMs: number;

  constructor({ from, speed }: { from: Date; speed: number }) {
    this.#fromMs = from.getTime();
    this.#speed = speed;
  }

  /** Noon of today: whoever may be asked for a passcode is awake. */
  static fromNoon(speed: number): FastClock {
    const from = new Date();
    from.setHours(12, 0, 0, 0);
    return new FastClock({ from, speed });
  }

  now(): Date {
    return new Date(this.#fromMs + (performance.now() - this.#beganMs) * this.#speed);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    try {
      await setTimeout(ms / this.#speed, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    }
  }

  /** Somebody sets the clock, or the computer slept. */
  jump(ms: number): void {
    this.#fromMs += ms;
  }
}
