import type {
  DeviceOverview,
  Job,
  LiveEvent,
  Overview,
  SnapshotSummary,
  TryEntry,
  Verdict,
} from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Places } from '../../shared/places.ts';
import type { ServiceClock } from '../clock.ts';
import { type DeviceSetup, deviceSetup } from '../devices.ts';
import { triesOf, type Try } from '../history/tries.ts';
import { runBackupJob } from '../jobs/backup-job.ts';
import { isActive, JobBoard } from '../jobs/job-board.ts';
import { problemOf } from '../jobs/problem-of.ts';
import { Slots } from '../jobs/slots.ts';
import { listPairs } from '../pairs/pairs.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import { DeviceWatch } from '../watching/device-watch.ts';
import { listingOf } from '../watching/presence.ts';
import { deviceOverview, type Judged } from './device-overview.ts';
import { EventHub } from './event-hub.ts';
import { type KnownDevice, knownDevices } from './known-device.ts';
import type { RunningService, ServiceSettings } from './running-service.ts';
import { VaultKeeper } from './vault-keeper.ts';
import { summaryOf, VaultView } from './vault-view.ts';

export interface ServiceParts {
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  readonly vaultDir: string;
  readonly logger: Logger;
  readonly clock: ServiceClock;
  readonly network: boolean;
}

/** Puts together what the service consists of, and answers whoever serves it. */
export class Service implements RunningService {
  readonly places: Places;
  readonly vaultDir: string;
  readonly settings: ServiceSettings;
  readonly #parts: ServiceParts;
  readonly #setup: DeviceSetup;
  readonly #store: SettingsStore;
  readonly #hub = new EventHub();
  readonly #board: JobBoard;
  readonly #slots: Slots;
  readonly #keeper: VaultKeeper;
  readonly #view: VaultView;
  readonly #watch: DeviceWatch;
  #closing: Promise<void> | undefined;

  private constructor(parts: ServiceParts, store: SettingsStore) {
    const { places, env, vaultDir, clock, logger, network } = parts;
    this.#parts = parts;
    this.places = places;
    this.vaultDir = vaultDir;
    this.#store = store;
    this.settings = settingsOf(store);
    this.#setup = deviceSetup(env, places);
    const place = { dir: vaultDir, stateDir: places.stateDir };
    this.#keeper = new VaultKeeper(place);
    this.#view = new VaultView(place);
    this.#slots = new Slots(() => store.read().slots);
    this.#board = new JobBoard(() => clock.now());
    this.#watch = new DeviceWatch({
      setup: this.#setup,
      clock,
      logger,
      network,
      attention: () => false,
      onChange: (udid) => void this.#deviceChanged(udid),
      onBug: (error) => this.#bug(error),
    });
  }

  /** For `startService`. */
  static async open(parts: ServiceParts): Promise<Service> {
    const { settingsFile: file, stateDir } = parts.places;
    const onBug = (error: unknown): void => logBug(parts.logger, error);
    const store = await SettingsStore.open({ file, stateDir, onBug });
    const service = new Service(parts, store);
    service.#begin();
    return service;
  }

  #begin(): void {
    this.#store.onChange(() => {
      this.#slots.settle();
      this.#hub.tell({ event: 'changed', what: 'settings' });
    });
    this.#board.onChange((job) => this.#jobChanged(job));
    this.#watch.start();
  }

  async overview(): Promise<Overview> {
    const devices = await this.#deviceOverviews();
    const order: Verdict[] = ['at-risk', 'attention', 'unknown', 'safe'];
    const verdict = order.find((each) => devices.some((device) => device.verdict === each)) ?? 'unknown';
    return { verdict, devices, alarms: [] };
  }

  async device(udid: string): Promise<DeviceOverview | undefined> {
    return (await this.#deviceOverviews()).find((device) => device.udid === udid);
  }

  async snapshots(udid?: string): Promise<SnapshotSummary[]> {
    const { snapshots, labels } = await this.#view.listing();
    const wanted = snapshots.filter((record) => udid === undefined || record.udid === udid);
    return wanted.map((record) => summaryOf(record, labels.get(record.id)));
  }

  async history(udid: string): Promise<TryEntry[]> {
    return (await triesOf(this.places.stateDir, udid)).map(tryEntry);
  }

  jobs(): Job[] {
    return this.#board.list();
  }

  job(id: string): Job | undefined {
    return this.#board.get(id);
  }

  cancelJob(id: string): void {
    this.#board.cancel(id);
  }

  waitForJob(id: string): Promise<Job | undefined> {
    return this.#board.waitFor(id);
  }

  // oxlint-disable-next-line require-await -- what cannot begin is told as a rejection
  async startBackup(udid: string, { full = false }: { full?: boolean } = {}): Promise<Job> {
    return this.#startBackup(udid, { full, automatic: false });
  }

  events(signal: AbortSignal): AsyncGenerator<LiveEvent, void> {
    return this.#hub.listen(signal, async () => {
      const jobs = this.#board.active().map((job) => ({ event: 'job' as const, job }));
      const devices = await this.#deviceOverviews();
      return [...devices.map((device) => ({ event: 'device' as const, device })), ...jobs];
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#board.stopAll(new AppError('CANCELLED', 'the service was stopped'));
    await this.#watch[Symbol.asyncDispose]();
    await this.#keeper.closed();
    this.#store[Symbol.dispose]();
  }

  #startBackup(udid: string, { full, automatic }: { full: boolean; automatic: boolean }): Job {
    const presence = this.#watch.get(udid);
    const device = presence && listingOf(presence);
    if (device === undefined) {
      throw new AppError('DEVICE_NOT_FOUND', 'the device is not there', {
        hint: 'Connect it with a cable, or bring it into the same Wi-Fi and unlock it.',
        details: { udid },
      });
    }
    if (!device.paired) {
      throw new AppError('DEVICE_NOT_TRUSTED', 'the device does not trust this computer', {
        hint: 'Connect it with a cable, unlock it and answer “Trust” on its screen.',
        details: { udid },
      });
    }
    if (this.#board.active().some((job) => job.udid === udid)) {
      throw new AppError('DEVICE_BUSY', 'a job for this device is already running', {
        hint: 'Wait until it has finished, or stop it.',
        details: { udid },
      });
    }
    const { stateDir } = this.places;
    return this.#board.start(
      { kind: 'backup', udid, automatic },
      async (handle) => {
        using _slot = await this.#slots.take({ urgent: !automatic, signal: handle.signal });
        handle.begin();
        const work = { setup: this.#setup, device, stateDir, full, automatic };
        await this.#keeper.use((vault) => runBackupJob(handle, vault, work));
      },
      (error) => this.#bug(error),
    );
  }

  #jobChanged(job: Job): void {
    this.#hub.tell({ event: 'job', job });
    if (isActive(job) || job.udid === undefined) return;
    this.#view.forget();
    if (job.snapshot !== undefined) this.#hub.tell({ event: 'snapshots', udid: job.udid });
    void this.#deviceChanged(job.udid);
  }

  async #deviceChanged(udid: string): Promise<void> {
    try {
      const device = await this.device(udid);
      if (device !== undefined) this.#hub.tell({ event: 'device', device });
    } catch (error) {
      this.#bug(error);
    }
  }

  async #deviceOverviews(): Promise<DeviceOverview[]> {
    const now = this.#parts.clock.now();
    return (await this.#knownDevices()).map((device) => deviceOverview(device, judge(device), now));
  }

  async #knownDevices(): Promise<KnownDevice[]> {
    const { snapshots } = await this.#view.listing();
    return knownDevices({
      stateDir: this.places.stateDir,
      presences: this.#watch.all(),
      pairs: await listPairs(this.#setup, this.#parts.clock.now()),
      snapshots,
      jobs: this.#board.active(),
    });
  }

  #bug(error: unknown): void {
    logBug(this.#parts.logger, error);
  }
}

function judge({ snapshots }: KnownDevice): Judged {
  const [newest] = snapshots;
  const reason =
    newest === undefined
      ? { code: 'never-backed-up', values: {} }
      : { code: 'backed-up', values: { at: newest.takenAt.toISOString() } };
  return { verdict: newest === undefined ? 'attention' : 'safe', reasons: [reason], next: { waitingFor: [] } };
}

function settingsOf(store: SettingsStore): ServiceSettings {
  return {
    read: () => store.read(),
    said: () => store.said(),
    write: (patch) => store.write(patch),
    problem: () => (store.problem === undefined ? undefined : problemOf(store.problem)),
    onChange: (listener) => store.onChange(listener),
  };
}

function tryEntry({ at, ...rest }: Try): TryEntry {
  return { at: at.toISOString(), ...rest };
}

function logBug(logger: Logger, error: unknown): void {
  logger.error('something failed in a way it should not have', {
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
