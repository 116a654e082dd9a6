/** A service that is made up, with two devices: one for Anna, one for Ben. */
import { join } from 'node:path';
import {
  Alarm,
  DeviceOverview,
  Job,
  Overview,
  Settings,
  SnapshotSummary,
  Status,
  type ForgetRequest,
  type LabelChange,
  type LiveEvent,
  type RestoreRequest,
  type SettingsPatch,
} from '../contract/index.ts';
import type { RunningService } from '../service/index.ts';
import { AppError } from '../shared/errors.ts';

export const ANNAS = '00008140-000000000000A00A';
export const BENS = '00008140-000000000000B00B';
/** Ids of versions. */
export const ANNAS_VERSION = 'aaaaaaaa';
export const BENS_VERSION = 'bbbbbbbb';

/** Answers like a service with two devices. */
export class FakeService implements RunningService {
  readonly places: RunningService['places'];
  readonly vaultDir: string;
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  #settings: Settings;

  constructor(stateDir: string, settings: SettingsPatch = {}) {
    this.#settings = Settings.parse(settings);
    this.vaultDir = join(stateDir, 'vault');
    this.places = {
      vaultDir: this.vaultDir,
      pairRecordsDir: stateDir,
      stateDir,
      settingsFile: join(stateDir, 's.json'),
    };
  }

  readonly settings: RunningService['settings'] = {
    read: () => this.#settings,
    said: () => ({}),
    write: (patch) => {
      this.#settings = Settings.parse(merge(this.#settings, patch));
      return Promise.resolve(this.#settings);
    },
    problem: () => undefined,
    onChange: () => ({ [Symbol.dispose]() {} }),
  };

  /** What was asked of it, the oldest first. */
  readonly copyChanges: unknown[] = [];

  readonly copyList: RunningService['copyList'] = {
    add: async (wanted) => {
      this.copyChanges.push(wanted);
      const { name, kind, everyHours } = wanted;
      const place = wanted.kind === 'folder' ? wanted.dir : wanted.repository;
      const copy = { name, kind, place, offSite: false, everyHours, isDue: true, newest: {} };
      return { copy, found: false, warnings: [], ...(kind === 'restic' && { password: 'made-just-now' }) };
    },
    change: async (name, patch) => void this.copyChanges.push({ name, patch }),
    changeSecrets: async (name, secrets) => {
      if (secrets.password === 'wrong') throw new AppError('WRONG_PASSWORD', 'the password of the copy is wrong');
      this.copyChanges.push({ name, secrets });
    },
    remove: async (name) => {
      if (name !== 'usb-disk') throw new AppError('COPY_NOT_FOUND', `there is no copy called ${name}`);
      this.copyChanges.push({ removed: name });
    },
  };

  async overview(): Promise<Overview> {
    const reason = { code: 'overdue', values: {} };
    return Overview.parse({
      verdict: 'at-risk',
      devices: DEVICES,
      alarms: [{ id: 'overdue', udid: BENS, since: '2026-11-20T00:00:00Z', reason }],
    });
  }

  device(udid: string): Promise<DeviceOverview | undefined> {
    return Promise.resolve(DEVICES.find((device) => device.udid === udid));
  }

  snapshots(udid?: string): Promise<SnapshotSummary[]> {
    return Promise.resolve(SNAPSHOTS.filter((snapshot) => udid === undefined || snapshot.udid === udid));
  }

  async previewRule(udid: string): ReturnType<RunningService['previewRule']> {
    const device = await this.device(udid);
    return device && { asksPasscode: true, next: ['2026-11-23T18:00:00.000Z'] };
  }

  history(): ReturnType<RunningService['history']> {
    return Promise.resolve([{ at: '2026-11-21T22:00:00Z', kind: 'backup', outcome: 'done' }]);
  }

  jobs(): Job[] {
    return [...this.#jobs.values()];
  }

  job(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  cancelJob(id: string): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.putJob({ ...job, state: 'cancelled' });
  }

  waitForJob(id: string): Promise<Job | undefined> {
    return Promise.resolve(this.job(id));
  }

  startBackup(udid: string): Promise<Job> {
    if (udid !== ANNAS) throw new AppError('DEVICE_NOT_FOUND', 'this device is not connected', { hint: 'Plug it in.' });
    return Promise.resolve(this.putJob({ id: 'job-1', kind: 'backup', state: 'running', udid }));
  }

  async label(id: string, change: LabelChange): Promise<SnapshotSummary> {
    const found = SNAPSHOTS.find((snapshot) => snapshot.id === id);
    if (found === undefined) throw new AppError('SNAPSHOT_NOT_FOUND', 'there is no such version');
    return { ...found, pinned: change.pinned ?? found.pinned };
  }

  async lostPhone(udid: string): ReturnType<RunningService['lostPhone']> {
    const device = await this.device(udid);
    return device && { udid, name: device.name, serialNumber: 'C39XXXXXXXXX' };
  }

  async copies(): ReturnType<RunningService['copies']> {
    return [];
  }

  async status(): Promise<Status> {
    const common = { steps: [], copies: 2, media: 2, offSite: 0, places: [] };
    const devices = DEVICES.map(({ udid, name, verdict, reasons }) => ({ udid, name, verdict, reasons, ...common }));
    return Status.parse({
      at: '2026-11-22T18:00:00Z',
      verdict: 'at-risk',
      summary: { code: 'status-at-risk', values: { devices: 1 } },
      vault: { dir: this.vaultDir, medium: { kind: 'disk' } },
      devices,
    });
  }

  async checkups(): ReturnType<RunningService['checkups']> {
    return { reports: [], chain: [] };
  }

  async checkupReport(): ReturnType<RunningService['checkupReport']> {
    return undefined;
  }

  async checkupReportFile(id: string, name: string): Promise<Buffer | undefined> {
    return id.startsWith('0001') ? Buffer.from(`the ${name}`) : undefined;
  }

  startCheckup(): Promise<Job> {
    return Promise.resolve(this.putJob({ id: 'checkup', kind: 'checkup', state: 'running' }));
  }

  alarms(): Alarm[] {
    return ALARMS;
  }

  alarmChannels(): ReturnType<RunningService['alarmChannels']> {
    return [{ id: 'mail', kind: 'mail', enabled: true, waiting: 0 }];
  }

  muteAlarm(id: string, until: Date | undefined): Alarm {
    const found = ALARMS.find((alarm) => alarm.id === id);
    if (found === undefined) throw new AppError('NOT_FOUND', 'there is no such alarm');
    return until === undefined ? found : { ...found, mutedUntil: until.toISOString() };
  }

  async testAlarmChannel(): Promise<void> {}

  setAlarmSecret(): void {}

  startPairing(udid: string): Promise<Job> {
    return Promise.resolve(this.putJob({ id: 'pairing', kind: 'pair', state: 'done', udid }));
  }

  changeEncryption(udid: string): Promise<Job> {
    return Promise.resolve(this.putJob({ id: 'encryption', kind: 'encryption', state: 'running', udid }));
  }

  /** What becomes of every restore. */
  restoresEnd: Pick<Job, 'state' | 'problem'> = { state: 'running' };

  startRestore({ udid, rehearse, only }: RestoreRequest): Promise<Job> {
    return Promise.resolve(
      this.putJob({
        id: 'restore',
        kind: 'restore',
        ...this.restoresEnd,
        udid,
        result: { rehearse, ...(only && { only }) },
      }),
    );
  }

  async versionApps(): ReturnType<RunningService['versionApps']> {
    return [{ id: 'com.example.diary', name: 'Diary' }];
  }

  startVerify(): Promise<Job> {
    return Promise.resolve(this.putJob({ id: 'verify', kind: 'verify', state: 'running' }));
  }

  startCopy(): Promise<Job> {
    return Promise.resolve(this.putJob({ id: 'copy', kind: 'copy', state: 'running' }));
  }

  async planForget({ snapshots }: ForgetRequest): ReturnType<RunningService['planForget']> {
    return { snapshots: SNAPSHOTS.filter(({ id }) => snapshots.includes(id)), freedBytes: 1 };
  }

  startForget(): Promise<Job> {
    return Promise.resolve(this.putJob({ id: 'forget', kind: 'forget', state: 'running' }));
  }

  putJob(job: Pick<Job, 'id' | 'kind' | 'state'> & Partial<Job>): Job {
    const whole = Job.parse({ automatic: false, startedAt: '2026-11-22T12:00:00Z', ...job });
    this.#jobs.set(whole.id, whole);
    this.tell({ event: 'job', job: whole });
    return whole;
  }

  tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async *events(signal: AbortSignal): AsyncGenerator<LiveEvent, void> {
    const waiting: LiveEvent[] = DEVICES.map((device) => ({ event: 'device', device }));
    let wake: (() => void) | undefined;
    const listener = (event: LiveEvent): void => {
      waiting.push(event);
      wake?.();
    };
    this.#listeners.add(listener);
    const end = (): void => wake?.();
    signal.addEventListener('abort', end);
    while (!signal.aborted) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((go) => void (wake = go));
    }
    this.#listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** As RFC 7396 has it. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged = new Map(Object.entries(typeof target === 'object' && target !== null ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, merge(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

const ALARMS = [BENS, undefined].map((udid) =>
  Alarm.parse({
    id: udid === undefined ? 'disk-filling' : 'overdue',
    kind: udid === undefined ? 'disk-filling' : 'overdue',
    udid,
    level: 'attention',
    grade: 1,
    since: '2026-11-20T00:00:00Z',
    reason: { code: 'overdue' },
    nextStep: { code: 'overdue' },
  }),
);

const DEVICES = [
  { udid: ANNAS, name: "Anna's iPhone", verdict: 'safe' },
  { udid: BENS, name: "Ben's iPhone", verdict: 'at-risk' },
].map((device) =>
  DeviceOverview.parse({
    ...device,
    trusted: true,
    reasons: [],
    next: { waitingFor: [] },
    snapshots: 1,
    days: [],
    copies: [],
  }),
);

const SNAPSHOTS = [
  { id: ANNAS_VERSION, udid: ANNAS },
  { id: BENS_VERSION, udid: BENS },
].map((snapshot) =>
  SnapshotSummary.parse({
    ...snapshot,
    deviceName: 'iPhone',
    productVersion: '19.1',
    takenAt: '2026-11-21T22:00:00Z',
    kind: 'full',
    encrypted: true,
    files: 1,
    bytes: 1,
    newBytes: 1,
    pinned: false,
    warnings: 0,
  }),
);
