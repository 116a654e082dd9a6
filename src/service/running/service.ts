import { join, resolve } from 'node:path';
import type {
  Alarm,
  BackupRule,
  ChannelState,
  CheckupReport,
  Checkups,
  CopyOverview,
  DeviceOverview,
  EncryptionRequest,
  ForgetPlan,
  ForgetRequest,
  Job,
  LabelChange,
  LiveEvent,
  LostPhone,
  Overview,
  Reason,
  RestoreRequest,
  RulePreview,
  SnapshotSummary,
  Status,
  TryEntry,
  VerifyRequest,
} from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Places } from '../../shared/files/places.ts';
import type { AlarmWatch } from '../alarms/alarm-watch.ts';
import { watchAlarms } from '../alarms/watch-alarms.ts';
import { STOPPED_BY_SERVICE } from '../history/record-try.ts';
import { triesOf, type Try } from '../history/tries.ts';
import { isActive } from '../jobs/job-board.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import { serviceStatus } from '../status/service-status.ts';
import { type Assembly, assemble, type ServiceParts } from './assemble.ts';
import { copiesOverview } from './copies-overview.ts';
import { CopyList } from './copy-list.ts';
import { DeviceChanges } from './known-devices/device-changes.ts';
import { dueCopies } from './due-copies.ts';
import { EventHub } from './event-hub.ts';
import { logBug } from './log-bug.ts';
import { deviceOverviews, overviewOf } from './overview.ts';
import { lostPhone } from './known-devices/lost-phone.ts';
import { previewRule } from './known-devices/preview-rule.ts';
import type { Moment } from './known-devices/rule-input.ts';
import type { ReportFile, RunningService, ServiceSettings } from './running-service.ts';
import { settingsOf } from './settings-of.ts';
import { lockService } from './service-lock.ts';
import { summaryOf } from './vault/vault-view.ts';

/** Answers whoever serves it, and lets its parts know of each other. */
export class Service implements RunningService {
  readonly places: Places;
  readonly vaultDir: string;
  readonly settings: ServiceSettings;
  readonly copyList: CopyList;
  readonly #parts: ServiceParts;
  readonly #store: SettingsStore;
  readonly #lock: Disposable;
  readonly #hub = new EventHub();
  readonly #own: Assembly;
  readonly #alarms: AlarmWatch;
  readonly #stop = new AbortController();
  readonly #changes: DeviceChanges;
  #scheduling: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(parts: ServiceParts, store: SettingsStore, lock: Disposable) {
    this.#parts = parts;
    this.#store = store;
    this.#lock = lock;
    this.places = parts.places;
    this.vaultDir = parts.vaultDir;
    this.settings = settingsOf(store);
    this.#own = assemble(parts, store, {
      onDeviceChanged: (udid) => this.#deviceChanged(udid),
      onSnapshotsChanged: (udids) => this.#snapshotsChanged(udids),
      announce: ({ udid, name }, now) => {
        this.#own.memory.noteAnnounced(udid, now);
        this.#alarms.announce({ udid, name });
        this.#deviceChanged(udid);
      },
      onTime: (now, blocked) => this.#onTime(now, blocked),
      report: (report) => this.#alarms.report(report),
      onBug: (error) => logBug(parts.logger, error),
    });
    this.copyList = new CopyList({
      ...parts,
      jobs: () => this.#own.board.active(),
      onChange: () => {
        this.#hub.tell({ event: 'changed', what: 'copies' });
        this.#own.scheduler.wake();
      },
    });
    this.#changes = new DeviceChanges(
      (udids) => this.#tellChanged(udids),
      (error) => logBug(parts.logger, error),
    );
    this.#alarms = watchAlarms(parts, store, this.#own, {
      onChange: () => this.#hub.tell({ event: 'changed', what: 'alarms' }),
      onBug: (error) => logBug(parts.logger, error),
    });
  }

  /** For `startService`. @throws {AppError} SERVICE_RUNNING, STORAGE_FAILED, OUT_OF_SPACE */
  static async open(parts: ServiceParts): Promise<Service> {
    const { settingsFile: file, stateDir } = parts.places;
    using stack = new DisposableStack();
    const lock = stack.use(lockService(stateDir, resolve(parts.vaultDir)));
    const onBug = (error: unknown): void => logBug(parts.logger, error);
    const store = stack.use(await SettingsStore.open({ file, stateDir: join(stateDir, 'service'), onBug }));
    const service = new Service(parts, store, lock);
    await service.#begin();
    stack.move();
    return service;
  }

  async #begin(): Promise<void> {
    const { logger, clock, automatic } = this.#parts;
    const { journal, board, watch, scheduler } = this.#own;
    const { problem } = this.#store;
    if (problem !== undefined) logger.warn('the settings cannot be used', { reason: problem.message });
    for (const { kind, udid, startedAt } of await journal.takeInterrupted(clock.now())) {
      logger.warn('the service was ended in the middle of a job', { kind, udid, startedAt });
    }
    this.#store.onChange(() => this.#settingsChanged());
    board.onChange((job) => this.#jobChanged(job));
    watch.start();
    if (automatic) this.#alarms.start();
    if (automatic) this.#scheduling = scheduler.run(this.#stop.signal);
    logger.info('the service runs', { vault: this.vaultDir });
  }

  overview(): Promise<Overview> {
    return overviewOf(this.#own, this.#parts, this.#alarms.list(), this.#moment());
  }

  async device(udid: string): Promise<DeviceOverview | undefined> {
    return (await this.#deviceOverviews()).find((device) => device.udid === udid);
  }

  async snapshots(udid?: string): Promise<SnapshotSummary[]> {
    const { snapshots, labels } = await this.#own.view.listing();
    const wanted = snapshots.filter((record) => udid === undefined || record.udid === udid);
    return wanted.map((record) => summaryOf(record, labels.get(record.id)));
  }

  label(id: string, change: LabelChange): Promise<SnapshotSummary> {
    return this.#own.tasks.label(id, change);
  }

  async previewRule(udid: string, rule: BackupRule): Promise<RulePreview | undefined> {
    const device = (await this.#own.book.all(this.#moment().now)).find((each) => each.udid === udid);
    return device && previewRule(device, rule, this.settings.read(), this.#moment());
  }

  async history(udid: string): Promise<TryEntry[]> {
    return (await triesOf(this.places.stateDir, udid)).map(tryEntry);
  }

  async lostPhone(udid: string): Promise<LostPhone | undefined> {
    const device = (await this.#own.book.all(this.#moment().now)).find((each) => each.udid === udid);
    return device && lostPhone(device, { dir: this.vaultDir, stateDir: this.places.stateDir });
  }

  readonly status = (): Promise<Status> => serviceStatus(this.#own, this.#parts, this.#store.read(), this.#moment());

  readonly versionApps = (id: string) => this.#own.tasks.versionApps(id);

  copies(): Promise<CopyOverview[]> {
    return copiesOverview(this.places.stateDir, this.#own.board.active(), this.#moment().now);
  }

  checkups(): Promise<Checkups> {
    return this.#own.checkups.overview();
  }

  checkupReport(id: string): Promise<CheckupReport | undefined> {
    return this.#own.checkups.report(id);
  }

  checkupReportFile(id: string, name: ReportFile): Promise<Buffer | undefined> {
    return this.#own.checkups.reportFile(id, name);
  }

  startCheckup({ quick = false } = {}): Promise<Job> {
    return Promise.resolve(this.#own.checkups.start({ automatic: false, quick }));
  }

  alarms(): Alarm[] {
    return this.#alarms.list();
  }

  alarmChannels(): ChannelState[] {
    return this.#alarms.channels();
  }

  muteAlarm(id: string, until: Date | undefined): Alarm {
    return this.#alarms.mute(id, until);
  }

  testAlarmChannel(id: string): Promise<void> {
    return this.#alarms.test(id);
  }

  setAlarmSecret(id: string, secret: string | undefined, part?: 'url'): void {
    this.#alarms.setSecret(id, secret, part);
  }

  readonly jobs = (): Job[] => this.#own.board.list();

  job(id: string): Job | undefined {
    return this.#own.board.get(id);
  }

  cancelJob(id: string): void {
    this.#own.board.cancel(id);
  }

  waitForJob(id: string): Promise<Job | undefined> {
    return this.#own.board.waitFor(id);
  }

  startBackup(udid: string, { full = false }: { full?: boolean } = {}): Promise<Job> {
    return this.#asked(udid, () => this.#own.backups.start(udid, { full, automatic: false }));
  }

  startPairing(udid: string): Promise<Job> {
    return this.#asked(udid, () => this.#own.tasks.pair(udid));
  }

  changeEncryption(udid: string, change: EncryptionRequest, { keep = false } = {}): Promise<Job> {
    return this.#asked(udid, () => this.#own.tasks.changeEncryption(udid, change, keep));
  }

  startVerify(request: VerifyRequest): Promise<Job> {
    return Promise.resolve(this.#own.tasks.verify(request));
  }

  startRestore(request: RestoreRequest): Promise<Job> {
    return this.#asked(request.udid, () => this.#own.tasks.restore(request));
  }

  startCopy(name: string, { verify = false } = {}): Promise<Job> {
    return this.#own.tasks.copy(name, { automatic: false, verify });
  }

  planForget(request: ForgetRequest): Promise<ForgetPlan> {
    return this.#own.tasks.planForget(request);
  }

  startForget(request: ForgetRequest): Promise<Job> {
    return this.#own.tasks.forget(request);
  }

  events(signal: AbortSignal): AsyncGenerator<LiveEvent, void> {
    return this.#hub.listen(AbortSignal.any([signal, this.#stop.signal]), async () => {
      const jobs = this.#own.board.active().map((job) => ({ event: 'job' as const, job }));
      const devices = await this.#deviceOverviews();
      return [...devices.map((device) => ({ event: 'device' as const, device })), ...jobs];
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Drafts stay, devices are told, and nothing goes on. */
  async #close(): Promise<void> {
    const { board, maintenance, watch, keeper } = this.#own;
    const reason = new AppError('CANCELLED', 'the service was stopped', {
      hint: 'It goes on where it stopped when the service runs again.',
      details: { stoppedBy: STOPPED_BY_SERVICE },
    });
    this.#stop.abort();
    this.#changes[Symbol.dispose]();
    await this.#scheduling;
    await board.stopAll(reason);
    await maintenance.stepBack();
    await this.#alarms[Symbol.asyncDispose]();
    await watch[Symbol.asyncDispose]();
    await keeper.closed();
    this.#store[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
    this.#parts.logger.info('the service has stopped');
  }

  /** A device that was plugged in this very moment has to say who it is before anything can be asked of it. */
  async #asked(udid: string, begin: () => Job): Promise<Job> {
    await this.#own.watch.settled(udid);
    return begin();
  }

  #moment(): Moment {
    const { clock, timeZone } = this.#parts;
    return { now: clock.now(), timeZone };
  }

  #deviceOverviews(): Promise<DeviceOverview[]> {
    return deviceOverviews(this.#own, this.#parts, this.#moment());
  }

  /** What is due by time, besides backups. */
  async #onTime(now: Date, blocked: Reason | undefined): Promise<void> {
    const { tasks, board, checkups } = this.#own;
    await this.#alarms.look(now);
    if (blocked !== undefined || (await this.snapshots()).length === 0) return;
    await checkups.onTime(now);
    const running = new Set(board.active().map(({ result }) => result?.['copy']));
    for (const name of await dueCopies(this.places.stateDir, now, this.#parts.logger)) {
      if (!running.has(name)) await tasks.copy(name, { automatic: true });
    }
  }

  #settingsChanged(): void {
    const { problem } = this.#store;
    if (problem !== undefined) this.#parts.logger.warn('the settings cannot be used', { reason: problem.message });
    this.#own.slots.settle();
    this.#alarms.settingsChanged();
    this.#hub.tell({ event: 'changed', what: 'settings' });
    for (const { udid } of this.#own.watch.all()) this.#deviceChanged(udid);
    this.#own.scheduler.wake();
  }

  #jobChanged(job: Job): void {
    const { journal, view, scheduler } = this.#own;
    journal.follow(job);
    this.#hub.tell({ event: 'job', job });
    if (job.udid !== undefined && (job.state === 'waiting' || !isActive(job))) this.#deviceChanged(job.udid);
    if (isActive(job)) return;
    this.#logEnd(job);
    this.#alarms.expectChange();
    view.forget();
    if (job.snapshot !== undefined && job.udid !== undefined) this.#snapshotsChanged([job.udid]);
    if (job.kind === 'copy') this.#hub.tell({ event: 'changed', what: 'copies' });
    if (job.kind === 'checkup') {
      this.#own.checkups.changed();
      this.#hub.tell({ event: 'changed', what: 'checkup' });
    }
    scheduler.wake();
  }

  #logEnd({ kind, udid, state, automatic, snapshot, problem }: Job): void {
    const facts = { kind, udid, automatic, snapshot, code: problem?.code, reason: problem?.message };
    const { logger } = this.#parts;
    if (state === 'failed') logger.warn('a job failed', facts);
    else logger.info(state === 'done' ? 'a job is done' : `a job ended: ${state}`, facts);
  }

  #snapshotsChanged(udids: Iterable<string>): void {
    this.#own.view.forget();
    for (const udid of udids) {
      this.#hub.tell({ event: 'snapshots', udid });
      this.#deviceChanged(udid);
    }
  }

  #deviceChanged(udid: string): void {
    if (this.#stop.signal.aborted) return;
    const { watch, memory, scheduler } = this.#own;
    if (watch.get(udid)?.trusted === true) memory.noteKnown(udid, this.#moment().now);
    this.#changes.add(udid);
    scheduler.wake();
  }

  async #tellChanged(udids: ReadonlySet<string>): Promise<void> {
    const devices = await this.#deviceOverviews();
    for (const device of devices) if (udids.has(device.udid)) this.#hub.tell({ event: 'device', device });
  }
}

function tryEntry({ at, startedAt, ...rest }: Try): TryEntry {
  return { at: at.toISOString(), ...rest, ...(startedAt && { startedAt: startedAt.toISOString() }) };
}
