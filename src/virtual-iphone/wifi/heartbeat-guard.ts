import type { BreachLog } from '../breaches.ts';

export interface HeartbeatGuardOptions {
  /** How long the phone tolerates Wi-Fi connections without an answered heartbeat; undefined for ever. */
  readonly graceMs: number | undefined;
  readonly breaches: BreachLog;
  /** Drops every Wi-Fi connection. */
  readonly drop: () => void;
}

/**
 * What iOS does to computers on Wi-Fi that keep no heartbeat: after a while it drops all their connections. The time
 * runs while any such connection is open and starts again with every Polo.
 */
export class HeartbeatGuard {
  readonly #options: HeartbeatGuardOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HeartbeatGuardOptions) {
    this.#options = options;
  }

  /** Told whenever the number of open Wi-Fi connections changes. */
  connections(count: number): void {
    if (count === 0) this.stop();
    else if (this.#timer === undefined) this.#start();
  }

  /** The host answered a heartbeat. */
  polo(): void {
    if (this.#timer === undefined) return;
    this.stop();
    this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    const { graceMs, breaches, drop } = this.#options;
    if (graceMs === undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      breaches.report('heartbeat.missing', `no heartbeat was answered for ${graceMs} ms: all Wi-Fi connections drop`);
      drop();
    }, graceMs);
    this.#timer.unref();
  }
}
