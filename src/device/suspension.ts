/**
 * Whether this computer was asleep: connections do not survive that, and a person who closed the lid should be told
 * that this was the reason.
 *
 * The system's uptime goes on while a computer sleeps, the clock of a process does not (Linux, most of macOS), or its
 * timers fire late (Windows). The time of day is left out of it: it may be set at any moment.
 */
import { uptime } from 'node:os';

const INTERVAL_MS = 5_000;
/** Less is a computer that is busy. */
const MIN_GAP_MS = 20_000;

export interface SuspensionClocks {
  /** Goes on while the computer sleeps. */
  readonly uptimeMs: () => number;
  /** Stands still while it sleeps, where the system has such a clock. */
  readonly awakeMs: () => number;
}

const SYSTEM_CLOCKS: SuspensionClocks = { uptimeMs: () => uptime() * 1000, awakeMs: () => performance.now() };

/** Watches from its creation until it is disposed of. */
export class SuspensionWatch implements Disposable {
  readonly #clocks: SuspensionClocks;
  readonly #timer: NodeJS.Timeout;
  #uptimeMs: number;
  #awakeMs: number;
  #sleptMs = 0;

  constructor(clocks: SuspensionClocks = SYSTEM_CLOCKS) {
    this.#clocks = clocks;
    this.#uptimeMs = clocks.uptimeMs();
    this.#awakeMs = clocks.awakeMs();
    this.#timer = setInterval(() => this.#look(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** How long the computer slept since the watch began; 0 when it did not. */
  get sleptMs(): number {
    this.#look();
    return this.#sleptMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const uptimeMs = this.#clocks.uptimeMs();
    const awakeMs = this.#clocks.awakeMs();
    const passedMs = uptimeMs - this.#uptimeMs;
    const awakeForMs = awakeMs - this.#awakeMs;
    this.#uptimeMs = uptimeMs;
    this.#awakeMs = awakeMs;
    const gapMs = Math.max(passedMs - awakeForMs, passedMs - INTERVAL_MS);
    if (gapMs >= MIN_GAP_MS) this.#sleptMs += gapMs;
  }
}
