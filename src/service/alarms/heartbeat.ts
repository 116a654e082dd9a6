import type { ChannelState, PingSettings } from '../../contract/index.ts';
import { ping } from '../../notify/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServiceClock } from '../clock.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { channelSecret } from './channel-secrets.ts';

const MINUTE_MS = 60_000;

export interface HeartbeatOptions {
  readonly log: Logger;
  readonly clock: ServiceClock;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly timeoutMs?: number | undefined;
}

/** Signs of life for a place outside, which raises the alarm when none come. A missed one is not made up for: it would lie. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #wasWell = true;
  #lastSentAt: Date | undefined;
  #failingSince: Date | undefined;
  #problem: string | undefined;
  #failures = 0;
  #nextAt: Date | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /**
   * Gives a sign when its time has come, or at once when what there is to say has changed.
   *
   * @param isWell undefined while it is too early to say: then nothing is said.
   * @returns when the next is due; undefined where none is wanted, or none can be given yet.
   */
  async beat(
    settings: PingSettings | undefined,
    { isWell, signal }: { isWell: () => boolean | undefined; signal: AbortSignal },
  ): Promise<Date | undefined> {
    if (settings === undefined) {
      this.#nextAt = undefined;
      return undefined;
    }
    const { clock } = this.#options;
    const everyMs = settings.everyMinutes * MINUTE_MS;
    const well = isWell();
    if (well === undefined) return undefined;
    const aheadMs = this.#nextAt === undefined ? 0 : this.#nextAt.getTime() - clock.now().getTime();
    // Further ahead than one turn: the clock was set back, or it is to be more often now.
    const isDue = aheadMs <= 0 || aheadMs > everyMs || well !== this.#wasWell;
    if (!isDue) return this.#nextAt;
    this.#wasWell = well;
    const hasFailed = !(await this.#send(settings, well, signal));
    const restMs = hasFailed ? Math.min(everyMs, MINUTE_MS * 2 ** Math.min(10, this.#failures)) : everyMs;
    this.#nextAt = new Date(clock.now().getTime() + restMs);
    return this.#nextAt;
  }

  states(settings: PingSettings | undefined): ChannelState[] {
    if (settings === undefined) return [];
    return [
      {
        id: 'ping',
        kind: 'ping',
        enabled: true,
        waiting: 0,
        ...(this.#lastSentAt === undefined ? {} : { lastSentAt: this.#lastSentAt.toISOString() }),
        ...(this.#failingSince === undefined ? {} : { failingSince: this.#failingSince.toISOString() }),
        ...(this.#problem === undefined ? {} : { problem: this.#problem }),
        ...(this.#nextAt === undefined ? {} : { nextTryAt: this.#nextAt.toISOString() }),
      },
    ];
  }

  /** @returns whether it got through, or nothing was to be said. */
  async #send({ url, onFailure }: PingSettings, isWell: boolean, signal: AbortSignal): Promise<boolean> {
    const { clock, secrets, log, timeoutMs } = this.#options;
    try {
      const address = url ?? secrets.get(channelSecret('ping', 'url'));
      const isSent = await ping({ url: address, isWell, onFailure, signal, timeoutMs });
      if (isSent) this.#lastSentAt = clock.now();
      this.#failingSince = undefined;
      this.#problem = undefined;
      this.#failures = 0;
      return true;
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (error.code === 'CANCELLED') return true;
      this.#failures++;
      this.#failingSince ??= clock.now();
      this.#problem = error.message;
      log.warn('no sign of life given', { code: error.code, problem: error.message });
      return false;
    }
  }
}
