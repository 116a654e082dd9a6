import { join } from 'node:path';
import type {
  DeviceOverview,
  Job,
  LiveEvent,
  Overview,
  Reason,
  SnapshotSummary,
  TryEntry,
  Verdict,
} from '../../contract/index.ts';
import { because } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Places } from '../../shared/places.ts';
import { isVaultExpected } from '../../vault/index.ts';
import type { ServiceClock } from '../clock.ts';
import { type DeviceSetup, deviceSetup } from '../devices.ts';
import { STOPPED_BY_SERVICE } from '../history/record-try.ts';
import { triesOf, type Try } from '../history/tries.ts';
import { isActive, JobBoard } from '../jobs/job-board.ts';
import { problemOf } from '../jobs/problem-of.ts';
import { Slots } from '../jobs/slots.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import { DeviceWatch } from '../watching/device-watch.ts';
import { BackupStarter } from './backup-starter.ts';
import { DeviceBook } from './device-book.ts';
import { DeviceMemory } from './device-memory.ts';
import { EventHub } from './event-hub.ts';
import { JobJournal } from './job-journal.ts';
import type { KnownDevice } from './known-device.ts';
import { Maintenance } from './maintenance.ts';
import type { Moment } from './rule-input.ts';
import type { RunningService, ServiceSettings } from './running-service.ts';
import { Scheduler } from './scheduler.ts';
import { lockService } from './service-lock.ts';
import { SkippedTries } from './skipped-tries.ts';
import { VaultKeeper } from './vault-keeper.ts';
import { summaryOf, VaultView } from './vault-view.ts';

/** Device events that come together are told together. */
const TELL_AFTER_MS = 50;

export interface ServiceParts {
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  readonly vaultDir: string;
  readonly logger: Logger;
  readonly clock: ServiceClock;
  readonly network: boolean;
  /** Whether devices are backed up by their rules. */
  readonly automatic: boolean;
}

/** Puts together what the service consists of, and answers whoever serves it. */
export class Service implements RunningService {
  readonly places: Places;
  readonly vaultDir: string;
  readonly settings: ServiceSettings;
  readonly #parts: ServiceParts;
  readonly #timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  readonly #setup: DeviceSetup;
  readonly #store: SettingsStore;
  readonly #lock: Disposable;
  readonly #hub = new EventHub();
  readonly #board: JobBoard;
  readonly #journal: JobJournal;
  readonly #memory: DeviceMemory;
  readonly #slots: Slots;
  readonly #keeper: VaultKeeper;
  readonly #view: VaultView;
  readonly #watch: DeviceWatch;
  readonly #book: DeviceBook;
  readonly #maintenance: Maintenance;
  readonly #skipped: SkippedTries;
  readonly #backups: BackupStarter;
  readonly #scheduler: Scheduler;
  readonly #stop = new AbortController();
  readonly #changed = new Set<string>();
  #telling: NodeJS.Timeout | undefined;
  #scheduling: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(parts: ServiceParts, store: SettingsStore, lock: Disposable) {
    const { places, env, vaultDir, clock, logger, network } = parts;
    const { stateDir } = places;
    const onBug = (error: unknown): void => logBug(logger, error);
    this.#parts = parts;
    this.places = places;
    this.vaultDir = vaultDir;
    this.#store = store;
    this.#lock = lock;
    this.settings = settingsOf(store);
    this.#setup = deviceSetup(env, places);
    this.#memory = new DeviceMemory(stateDir, logger);
    this.#journal = new JobJournal(stateDir, logger);
    this.#keeper = new VaultKeeper({ dir: vaultDir, stateDir, clock, logger });
    this.#view = new VaultView({ dir: vaultDir, stateDir });
    this.#slots = new Slots(() => store.read().slots);
    this.#board = new JobBoard(() => clock.now());
    this.#skipped = new SkippedTries(stateDir);
    this.#watch = new DeviceWatch({
      setup: this.#setup,
      clock,
      logger,
      network,
      onChange: (udid) => this.#deviceChanged(udid),
      onBug,
    });
    this.#book = new DeviceBook({
      stateDir,
      setup: this.#setup,
      view: this.#view,
      memory: this.#memory,
      logger,
      presences: () => this.#watch.all(),
      jobs: () => this.#board.active(),
      settings: () => store.read(),
      slotsFree: () => this.#slots.free,
      blocked: () => this.#blocked(),
    });
    const { keeper, maintenance } = this.#keepers(onBug);
    this.#maintenance = maintenance;
    this.#backups = new BackupStarter({
      board: this.#board,
      slots: this.#slots,
      keeper,
      maintenance,
      watch: this.#watch,
      setup: this.#setup,
      stateDir,
      clock,
      skipped: this.#skipped,
      onBug,
    });
    this.#scheduler = new Scheduler({
      book: this.#book,
      clock,
      timeZone: this.#timeZone,
      logger,
      skipped: this.#skipped,
      start: ({ udid }) => void this.#backups.start(udid, { full: false, automatic: true }),
      announce: (device, now) => this.#announce(device, now),
      listen: (udid, isWorthIt) => this.#watch.attend(udid, isWorthIt),
      others: () => Promise.resolve(),
      onBug,
    });
  }

  /** For `startService`. @throws {AppError} SERVICE_RUNNING, STORAGE_FAILED, OUT_OF_SPACE */
  static async open(parts: ServiceParts): Promise<Service> {
    const { settingsFile: file, stateDir } = parts.places;
    using stack = new DisposableStack();
    const lock = stack.use(lockService(stateDir));
    const onBug = (error: unknown): void => logBug(parts.logger, error);
    const store = stack.use(await SettingsStore.open({ file, stateDir: join(stateDir, 'service'), onBug }));
    const service = new Service(parts, store, lock);
    await service.#begin();
    stack.move();
    return service;
  }

  async #begin(): Promise<void> {
    const { logger, clock, automatic } = this.#parts;
    const { problem } = this.#store;
    if (problem !== undefined) logger.warn('the settings cannot be used', { reason: problem.message });
    for (const { kind, udid, startedAt } of await this.#journal.takeInterrupted(clock.now())) {
      logger.warn('the service was ended in the middle of a job', { kind, udid, startedAt });
    }
    this.#store.onChange(() => this.#settingsChanged());
    this.#board.onChange((job) => this.#jobChanged(job));
    this.#watch.start();
    if (automatic) this.#scheduling = this.#scheduler.run(this.#stop.signal);
    logger.info('the service runs', { vault: this.vaultDir });
  }

  async overview(): Promise<Overview> {
    const devices = await this.#book.overviews(this.#moment());
    const order: Verdict[] = ['at-risk', 'attention', 'unknown', 'safe'];
    const verdict = order.find((each) => devices.some((device) => device.verdict === each)) ?? 'unknown';
    return { verdict, devices, alarms: [] };
  }

  async device(udid: string): Promise<DeviceOverview | undefined> {
    return (await this.#book.overviews(this.#moment())).find((device) => device.udid === udid);
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
    return this.#backups.start(udid, { full, automatic: false });
  }

  events(signal: AbortSignal): AsyncGenerator<LiveEvent, void> {
    return this.#hub.listen(AbortSignal.any([signal, this.#stop.signal]), async () => {
      const jobs = this.#board.active().map((job) => ({ event: 'job' as const, job }));
      const devices = await this.#book.overviews(this.#moment());
      return [...devices.map((device) => ({ event: 'device' as const, device })), ...jobs];
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Drafts stay, devices are told, and nothing goes on. */
  async #close(): Promise<void> {
    const reason = new AppError('CANCELLED', 'the service was stopped', {
      hint: 'It goes on where it stopped when the service runs again.',
      details: { stoppedBy: STOPPED_BY_SERVICE },
    });
    this.#stop.abort();
    clearTimeout(this.#telling);
    await this.#scheduling;
    await this.#board.stopAll(reason);
    await this.#maintenance.stepBack();
    await this.#watch[Symbol.asyncDispose]();
    await this.#keeper.closed();
    this.#store[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
    this.#parts.logger.info('the service has stopped');
  }

  #keepers(onBug: (error: unknown) => void): { keeper: VaultKeeper; maintenance: Maintenance } {
    const { clock, logger } = this.#parts;
    const keeper = this.#keeper;
    const maintenance = new Maintenance({
      keeper,
      clock,
      timeZone: this.#timeZone,
      logger,
      settings: () => this.#store.read(),
      onThinned: ({ removed }) => {
        if (removed.length === 0) return;
        this.#view.forget();
        for (const udid of new Set(removed.map((each) => each.udid))) this.#hub.tell({ event: 'snapshots', udid });
      },
      onBug,
    });
    return { keeper, maintenance };
  }

  #moment(): Moment {
    return { now: this.#parts.clock.now(), timeZone: this.#timeZone };
  }

  /** A disk that is not mounted must not make anybody enter a passcode for nothing. */
  async #blocked(): Promise<Reason | undefined> {
    await this.#view.listing();
    const { problem } = this.#view;
    if (problem === undefined) return undefined;
    const values = { place: this.vaultDir };
    if (problem.code !== 'VAULT_NOT_FOUND') return because('vault-unusable', values);
    const isExpected = await isVaultExpected(this.vaultDir, this.places.stateDir);
    return isExpected ? because('vault-away', values) : undefined;
  }

  #announce(device: KnownDevice, now: Date): void {
    this.#memory.noteAnnounced(device.udid, now);
    this.#deviceChanged(device.udid);
  }

  #settingsChanged(): void {
    const { problem } = this.#store;
    if (problem !== undefined) this.#parts.logger.warn('the settings cannot be used', { reason: problem.message });
    this.#slots.settle();
    this.#hub.tell({ event: 'changed', what: 'settings' });
    for (const { udid } of this.#watch.all()) this.#deviceChanged(udid);
    this.#scheduler.wake();
  }

  #jobChanged(job: Job): void {
    this.#journal.follow(job);
    this.#hub.tell({ event: 'job', job });
    if (job.udid !== undefined && (job.state === 'waiting' || !isActive(job))) this.#deviceChanged(job.udid);
    if (isActive(job)) return;
    this.#view.forget();
    if (job.snapshot !== undefined && job.udid !== undefined) this.#hub.tell({ event: 'snapshots', udid: job.udid });
    this.#scheduler.wake();
  }

  #deviceChanged(udid: string): void {
    if (this.#stop.signal.aborted) return;
    this.#changed.add(udid);
    if (this.#watch.get(udid)?.trusted === true) this.#memory.noteKnown(udid, this.#parts.clock.now());
    this.#telling ??= setTimeout(() => void this.#tellChanged(), TELL_AFTER_MS);
    this.#scheduler.wake();
  }

  async #tellChanged(): Promise<void> {
    this.#telling = undefined;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    try {
      const devices = await this.#book.overviews(this.#moment());
      for (const device of devices) if (changed.has(device.udid)) this.#hub.tell({ event: 'device', device });
    } catch (error) {
      logBug(this.#parts.logger, error);
    }
  }
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

function tryEntry({ at, startedAt, ...rest }: Try): TryEntry {
  return { at: at.toISOString(), ...rest, ...(startedAt && { startedAt: startedAt.toISOString() }) };
}

function logBug(logger: Logger, error: unknown): void {
  logger.error('something failed in a way it should not have', {
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
}
