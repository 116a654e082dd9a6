import {
  findNearby,
  locationFromAddress,
  locationsFromMux,
  mergeLocations,
  type DeviceLocation,
  type MuxDevice,
  watchMuxDevices,
} from '../../device/index.ts';
import { type AppError, isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { ServiceClock } from '../clock.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { observeDevice, type Observation } from './observe-device.ts';
import { absent, type Presence } from './presence.ts';

/** How long to listen for phones on the network before trying their last addresses again. */
const SEARCH_MS = 120_000;
/** A device that is there answers within milliseconds, or is not to be had. */
const SETTLE_MS = 5_000;

export interface DeviceWatchOptions {
  readonly setup: DeviceSetup;
  readonly clock: ServiceClock;
  readonly logger: Logger;
  /** Called with the UDID of whatever changed. */
  readonly onChange: (udid: string) => void;
  /** What is no AppError. */
  readonly onBug: (error: unknown) => void;
  /** Whether phones are looked for on the network. */
  readonly network?: boolean;
}

interface Watched {
  presence: Presence;
  /** Attachments at usbmuxd. */
  readonly attachments: Map<number, MuxDevice>;
  /** Where it was found on the network. */
  host: string | undefined;
  /** Whether it is worth a connection over Wi-Fi to hear at once when it is unlocked, or put on its charger. */
  isAttended: boolean;
  /** Resolved when it has told how it is since it came. */
  told: PromiseWithResolvers<void>;
  observing: { readonly stop: AbortController; readonly over: Promise<void> } | undefined;
}

/** Knows which devices are there, how, and how they are: as they come and go, over usbmuxd and on the network. */
export class DeviceWatch implements AsyncDisposable {
  readonly #options: DeviceWatchOptions;
  readonly #devices = new Map<string, Watched>();
  readonly #stop = new AbortController();
  #muxProblem: AppError | undefined;
  #newSearch = new AbortController();
  #tasks: Promise<void>[] = [];

  constructor(options: DeviceWatchOptions) {
    this.#options = options;
  }

  /** Why usbmuxd is not to be had; undefined while it is. */
  get muxProblem(): AppError | undefined {
    return this.#muxProblem;
  }

  start(): void {
    const run = (task: () => Promise<void>): void => {
      this.#tasks.push(
        task().catch((error: unknown) => void (this.#stop.signal.aborted || this.#options.onBug(error))),
      );
    };
    run(() => this.#followMux());
    if (this.#options.network !== false) run(() => this.#searchNetwork());
  }

  all(): Presence[] {
    return [...this.#devices.values()].map(({ presence }) => presence);
  }

  get(udid: string): Presence | undefined {
    return this.#devices.get(udid)?.presence;
  }

  /** Resolves when a device that is there has told what it is, or takes too long to. */
  async settled(udid: string): Promise<void> {
    const watched = this.#devices.get(udid);
    if (watched?.presence.location === undefined || watched.presence.hasTold) return;
    await Promise.race([watched.told.promise, this.#options.clock.sleep(SETTLE_MS)]);
  }

  /** Listens to a device also over Wi-Fi, or no longer. */
  attend(udid: string, isAttended: boolean): void {
    const watched = this.#devices.get(udid);
    if (watched === undefined || watched.isAttended === isAttended) return;
    watched.isAttended = isAttended;
    if (isAttended && watched.presence.link === 'network') this.#observe(watched);
  }

  /** Looks at a device again: it was paired, or something about it was changed. */
  lookAgain(udid: string): void {
    const watched = this.#devices.get(udid);
    if (watched !== undefined) this.#observe(watched);
    this.#searchAgain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#tasks);
    await Promise.all([...this.#devices.values()].flatMap(({ observing }) => observing?.over ?? []));
  }

  async #followMux(): Promise<void> {
    for await (const event of watchMuxDevices(this.#options.setup.muxAddress, this.#stop.signal)) {
      if (event.kind === 'unavailable') {
        this.#muxProblem = event.error;
        this.#options.logger.warn('usbmuxd does not answer', { reason: event.error.message });
        continue;
      }
      this.#muxProblem = undefined;
      const watched = this.#watched(event.device.udid);
      if (event.kind === 'attached') watched.attachments.set(event.device.deviceId, event.device);
      if (event.kind === 'detached') watched.attachments.delete(event.device.deviceId);
      this.#observe(watched);
    }
  }

  /** Paired devices that nobody has found yet are listened for, for as long as there are any. */
  async #searchNetwork(): Promise<void> {
    const { clock, logger } = this.#options;
    while (!this.#stop.signal.aborted) {
      this.#newSearch = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, this.#newSearch.signal]);
      const udids = await this.#missing().catch((error: unknown) => {
        if (!isAppError(error)) throw error;
        logger.warn('pair records cannot be read', { reason: error.message });
        return [];
      });
      try {
        if (udids.length > 0) await this.#search(udids, signal);
        else await clock.sleep(SEARCH_MS, signal);
      } catch (error) {
        if (!signal.aborted && !isAppError(error)) throw error;
      }
    }
  }

  async #search(udids: readonly string[], signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, this.#timeOut(SEARCH_MS, signal)]);
    const store = this.#options.setup.pairRecords;
    const search = findNearby({ store, udids, durationMs: Infinity, signal: over });
    for await (const { udid, routes } of search) {
      const watched = this.#watched(udid);
      watched.host = routes[0]?.host;
      this.#observe(watched);
    }
    // All of them are found: there is nothing to look for until one is lost.
    if (!over.aborted) await this.#options.clock.sleep(SEARCH_MS, over).catch(() => undefined);
  }

  #timeOut(ms: number, signal: AbortSignal): AbortSignal {
    const over = new AbortController();
    this.#options.clock.sleep(ms, signal).then(
      () => over.abort(),
      () => undefined,
    );
    return over.signal;
  }

  async #missing(): Promise<string[]> {
    const paired = await this.#options.setup.pairRecords.list();
    return paired.map(({ udid }) => udid).filter((udid) => this.#locationOf(this.#devices.get(udid)) === undefined);
  }

  #searchAgain(): void {
    this.#newSearch.abort();
  }

  #watched(udid: string): Watched {
    let watched = this.#devices.get(udid);
    if (watched === undefined) {
      watched = {
        presence: absent(udid),
        attachments: new Map(),
        host: undefined,
        isAttended: false,
        told: Promise.withResolvers(),
        observing: undefined,
      };
      this.#devices.set(udid, watched);
    }
    return watched;
  }

  #locationOf(watched: Watched | undefined): DeviceLocation | undefined {
    if (watched === undefined) return undefined;
    const { presence, attachments, host } = watched;
    const attached = locationsFromMux(this.#options.setup.muxAddress, [...attachments.values()]);
    const nearby = host === undefined ? [] : [locationFromAddress(presence.udid, host)];
    return mergeLocations(attached, nearby)[0];
  }

  /** Begins to observe a device where it is now, in the place of where it was. */
  #observe(watched: Watched): void {
    const before = watched.observing;
    before?.stop.abort();
    const location = this.#locationOf(watched);
    if (location === undefined) {
      this.#change(watched, { location, link: undefined, hasTold: false, locked: undefined });
      watched.observing = before === undefined ? undefined : { stop: before.stop, over: before.over };
      this.#searchAgain();
      return;
    }
    this.#change(watched, { location, link: location.connections[0], lastSeenAt: this.#options.clock.now() });
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, stop.signal]);
    const run = async (): Promise<void> => {
      await before?.over;
      if (signal.aborted) return;
      const { setup, clock, logger } = this.#options;
      const end = await observeDevice({
        location,
        pairRecords: setup.pairRecords,
        clock,
        logger,
        signal,
        attention: () => watched.isAttended,
        tell: (observation) => {
          if (!signal.aborted) this.#take(watched, observation);
        },
      });
      if (end === 'gone' && !signal.aborted && watched.host !== undefined) {
        watched.host = undefined;
        this.#observe(watched);
      }
    };
    const over = run().catch((error: unknown) => void (signal.aborted || this.#options.onBug(error)));
    watched.observing = { stop, over };
  }

  #take(watched: Watched, { lock, ...told }: Observation): void {
    const now = this.#options.clock.now();
    this.#change(watched, {
      ...told,
      hasTold: true,
      ...(told.problem === undefined ? { lastSeenAt: now } : {}),
      ...(lock === undefined ? {} : { locked: lock === 'locked' }),
      ...(lock === 'unlocked' && watched.presence.locked !== false ? { lastUnlockedAt: now } : {}),
    });
  }

  #change(watched: Watched, news: Partial<Presence>): void {
    watched.presence = { ...watched.presence, ...news };
    if (news.hasTold === true) watched.told.resolve();
    if (news.hasTold === false) watched.told = Promise.withResolvers();
    if (!this.#stop.signal.aborted) this.#options.onChange(watched.presence.udid);
  }
}
