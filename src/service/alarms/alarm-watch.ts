import type { Alarm, ChannelState, Settings } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServiceClock } from '../clock.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { Alarms, type AlarmsChange } from './alarms.ts';
import type { AlarmFacts } from './facts.ts';
import { setChannelSecret } from './channel-secrets.ts';
import type { ReportToTell, Telling } from './telling.ts';
import { testChannels } from './test-channels.ts';

/** Between two looks where nothing is known to have changed. */
const LOOK_EVERY_MS = 5 * 60_000;

export interface AlarmWatchOptions {
  readonly stateDir: string;
  readonly log: Logger;
  readonly clock: ServiceClock;
  /** IANA. */
  readonly timeZone: string;
  readonly settings: () => Settings;
  readonly secrets: SecretStore;
  readonly facts: (now: Date) => Promise<AlarmFacts>;
  readonly onChange: (change: AlarmsChange) => void;
  readonly onBug: (error: unknown) => void;
}

/** The alarms of a running service: looks at how everything stands, and tells whoever is to be told. */
export class AlarmWatch implements AsyncDisposable {
  readonly #options: AlarmWatchOptions;
  readonly #alarms: Alarms;
  #telling: Telling | undefined;
  #lookedAt: Date | undefined;
  #isStale = true;

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
    this.#alarms = new Alarms(options);
  }

  /** Begins to tell. Until then alarms are only listed. */
  start(): void {
    this.#telling ??= this.#alarms.startTelling(this.#options);
  }

  list(): Alarm[] {
    return this.#alarms.list();
  }

  /** How telling goes over each channel. */
  channels(): ChannelState[] {
    return this.#telling?.channels() ?? [];
  }

  /** @throws {AppError} NOT_FOUND */
  mute(id: string, until: Date | undefined): Alarm {
    const alarm = this.#alarms.mute(id, until);
    if (alarm === undefined) throw new AppError('NOT_FOUND', 'there is no such alarm any more');
    return alarm;
  }

  /** Sends a test message over a channel, at once. @throws {AppError} NOT_FOUND, TELLING_FAILED, SECRETS_UNREADABLE */
  async test(id: string): Promise<void> {
    const { settings, clock, ...options } = this.#options;
    const request = { ...options, settings: settings(), now: clock.now(), only: id };
    for await (const { problem } of testChannels(request)) if (problem !== undefined) throw problem;
  }

  /** @throws {AppError} NOT_FOUND, SECRETS_UNREADABLE, STORAGE_FAILED, OUT_OF_SPACE */
  setSecret(id: string, secret: string | undefined, part?: 'url'): void {
    const { secrets, settings } = this.#options;
    setChannelSecret(secrets, settings().notify, { id, secret, part });
    this.#telling?.wake();
  }

  announce(device: { readonly udid: string; readonly name: string }): void {
    this.#telling?.announce(device);
  }

  report(report: ReportToTell): void {
    this.#telling?.report(report);
  }

  /** Something ended or was changed: the next look is not put off. */
  expectChange(): void {
    this.#isStale = true;
  }

  settingsChanged(): void {
    this.#isStale = true;
    this.#telling?.wake();
  }

  /** Looks, where something changed or the last look was some time ago. To be called often. */
  async look(now: Date): Promise<void> {
    const sinceMs = this.#lookedAt === undefined ? Number.POSITIVE_INFINITY : now.getTime() - this.#lookedAt.getTime();
    if (!this.#isStale && sinceMs >= 0 && sinceMs < LOOK_EVERY_MS) return;
    this.#isStale = false;
    this.#lookedAt = now;
    const change = this.#alarms.evaluate(await this.#options.facts(now), now);
    if (change.isChanged) this.#options.onChange(change);
  }

  /** What was tried to be told is tried to its end, or given up where it takes too long: it waits in the outbox. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#telling?.[Symbol.asyncDispose]();
  }
}
