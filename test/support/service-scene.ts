/** A running service with several virtual iPhones, in a time of its own. */
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { DeviceOverview, Job, LiveEvent, TryEntry } from '../../src/contract/index.ts';
import { type RunningService, startService, type StartServiceOptions } from '../../src/service/index.ts';
import type { LogFacts, Logger } from '../../src/shared/logger.ts';
import type { VirtualIphone, VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';
import { FastClock } from './fast-clock.ts';
import { ManyPhones } from './many-phones.ts';

/** Nothing here takes longer, even on a busy machine. */
const PATIENCE_MS = 30_000;
const POLL_MS = 10;

export interface ServiceSceneOptions {
  readonly phones?: number;
  readonly phone?: Partial<VirtualIphoneOptions>;
  readonly speed?: number;
  readonly service?: Partial<StartServiceOptions>;
  /** Something to be done before the service starts. */
  readonly before?: (many: ManyPhones) => void | Promise<void>;
}

export class ServiceScene implements AsyncDisposable {
  readonly many: ManyPhones;
  readonly clock: FastClock;
  /** What the service said was wrong: warnings, and mistakes of ours. */
  readonly logged: string[] = [];
  readonly events: LiveEvent[] = [];
  service: RunningService;
  readonly #options: Partial<StartServiceOptions>;
  #listening = new AbortController();

  private constructor(many: ManyPhones, clock: FastClock, options: Partial<StartServiceOptions>) {
    this.many = many;
    this.clock = clock;
    this.#options = options;
    // Set by `start`, which is the only way to one.
    this.service = undefined as unknown as RunningService;
  }

  /** The first phone is plugged in, and so are the others. They have no passcode and are locked unless told otherwise. */
  static async start(options: ServiceSceneOptions = {}): Promise<ServiceScene> {
    const { phones = 1, phone, speed = 60, service = {}, before } = options;
    await using stack = new AsyncDisposableStack();
    const many = stack.use(await ManyPhones.start(phones, { productVersion: '15.5', ...phone }));
    for (const each of many.phones) each.setLocked(true);
    await before?.(many);
    const scene = new ServiceScene(many, FastClock.fromNoon(speed), service);
    await scene.startService();
    stack.move();
    return scene;
  }

  get phone(): VirtualIphone {
    const [phone] = this.many.phones;
    assert.ok(phone);
    return phone;
  }

  get udid(): string {
    return this.phone.udid;
  }

  async startService(): Promise<void> {
    const { places, env } = this.many;
    const logger = logInto(this.logged);
    const clock = this.clock;
    this.service = await startService({ places, env, logger, clock, network: false, ...this.#options });
    this.#listening = new AbortController();
    void this.#listen(this.#listening.signal);
  }

  async stopService(): Promise<void> {
    this.#listening.abort();
    await this.service[Symbol.asyncDispose]();
  }

  /** Resolves with what `look` finds as soon as it finds something. */
  async until<T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > deadlineMs) assert.fail(`${what} did not happen. The log: ${this.logged.join('\n')}`);
      await setTimeout(POLL_MS);
    }
  }

  /** A job of a device that is over, the newest. */
  async ended(udid = this.udid, state?: Job['state']): Promise<Job> {
    return this.until(`the end of a job (${state ?? 'any'})`, () =>
      this.service
        .jobs()
        .find((job) => job.udid === udid && job.endedAt !== undefined && (!state || job.state === state)),
    );
  }

  /** The newest try of a device that is as wanted. */
  async tried(wanted: Partial<TryEntry>, udid = this.udid): Promise<TryEntry> {
    return this.until(`a try: ${JSON.stringify(wanted)}`, async () =>
      (await this.service.history(udid)).find((entry) =>
        Object.entries(wanted).every(([key, value]) => entry[key as keyof TryEntry] === value),
      ),
    );
  }

  async device(udid = this.udid): Promise<DeviceOverview> {
    const device = await this.service.device(udid);
    assert.ok(device);
    return device;
  }

  /** Waits until it is put down that a device was waited for with this reason first. */
  async skipped(code: string, udid = this.udid): Promise<TryEntry> {
    return this.until(`a line for ${code}`, async () =>
      (await this.service.history(udid)).find(
        ({ outcome, reasons }) => outcome === 'skipped' && reasons?.[0]?.code === code,
      ),
    );
  }

  /** Somebody takes the phone into their hand; again until the service has heard of it, which needs a moment to listen. */
  async unlock(phone = this.phone): Promise<void> {
    await this.until('the unlocking', async () => {
      phone.setLocked(true);
      await setTimeout(POLL_MS * 2);
      phone.setLocked(false);
      await setTimeout(POLL_MS * 10);
      return (await this.service.device(phone.udid))?.locked === false;
    });
  }

  /** Waits until a device is waited for with this reason first. */
  async waitsFor(code: string, udid = this.udid): Promise<DeviceOverview> {
    return this.until(`waiting for ${code}`, async () => {
      const device = await this.service.device(udid);
      return device?.next.waitingFor[0]?.code === code && device;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopService();
    await this.many[Symbol.asyncDispose]();
    const mistakes = this.logged.filter((line) => line.startsWith('error'));
    assert.deepEqual(mistakes, []);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    for await (const event of this.service.events(signal)) this.events.push(event);
  }
}

function logInto(lines: string[]): Logger {
  const write =
    (level: string) =>
    (message: string, facts: LogFacts = {}): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(facts)}`);
  return { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') };
}
