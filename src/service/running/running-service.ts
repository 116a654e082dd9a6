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
  Problem,
  RestoreRequest,
  RulePreview,
  Settings,
  SettingsPatch,
  SnapshotSummary,
  Status,
  TryEntry,
  VerifyRequest,
  VersionApps,
} from '../../contract/index.ts';
import type { Places } from '../../shared/files/places.ts';
import type { CopyList } from './copy-list.ts';

/** The service as whoever serves it sees it: everything it knows and can do. `startService` makes one. */
export interface RunningService extends AsyncDisposable {
  readonly places: Places;
  readonly vaultDir: string;
  readonly settings: ServiceSettings;
  /** Where copies are set up, changed and removed. */
  readonly copyList: Pick<CopyList, 'add' | 'change' | 'changeSecrets' | 'remove'>;

  overview(): Promise<Overview>;
  /** Undefined for a device that was never heard of. */
  device(udid: string): Promise<DeviceOverview | undefined>;
  /** Newest first. A vault that is not there has none. */
  snapshots(udid?: string): Promise<SnapshotSummary[]>;
  /** @throws {AppError} SNAPSHOT_NOT_FOUND, VAULT_NOT_FOUND, VAULT_BUSY, OUT_OF_SPACE, STORAGE_FAILED */
  label(id: string, change: LabelChange): Promise<SnapshotSummary>;
  /** What helps whoever has lost a device; undefined for one that was never heard of. */
  lostPhone(udid: string): Promise<LostPhone | undefined>;
  /** Three copies, two media, one elsewhere, each proven: how everything stands, and why. */
  status(): Promise<Status>;
  /** The vault in other places, as they stand. */
  copies(): Promise<CopyOverview[]>;
  /** The reports of checkups, and when the next is made. */
  checkups(): Promise<Checkups>;
  /** One report; undefined where there is none. */
  checkupReport(id: string): Promise<CheckupReport | undefined>;
  /** The same to read, to send, or as it was hashed. */
  checkupReportFile(id: string, name: ReportFile): Promise<Buffer | undefined>;
  /** Proves that everything is intact and would come back. `quick` leaves out what takes long. */
  startCheckup(options?: { quick?: boolean }): Promise<Job>;
  /** What somebody should do something about, the gravest first. */
  alarms(): Alarm[];
  /** How telling goes, over each channel. */
  alarmChannels(): ChannelState[];
  /** Tells nobody of an alarm until then, or again from now on. @throws {AppError} NOT_FOUND */
  muteAlarm(id: string, until: Date | undefined): Alarm;
  /** Sends a test message over a channel, or a sign of life for `ping`. @throws {AppError} NOT_FOUND, TELLING_FAILED */
  testAlarmChannel(id: string): Promise<void>;
  /**
   * Seals the secret of a channel: its password, token or key, or with `part: 'url'` its address. Undefined forgets it.
   *
   * @throws {AppError} NOT_FOUND, SECRETS_UNREADABLE, STORAGE_FAILED, OUT_OF_SPACE
   */
  setAlarmSecret(id: string, secret: string | undefined, part?: 'url'): void;
  /** What would come of a rule for a device; undefined for one that was never heard of. */
  previewRule(udid: string, rule: BackupRule): Promise<RulePreview | undefined>;
  /** Every try with a device, the newest first. */
  history(udid: string): Promise<TryEntry[]>;

  /** The newest first: those that run, and the last that ended. */
  jobs(): Job[];
  job(id: string): Job | undefined;
  /** Asks a job to stop; what it has stays for the next. */
  cancelJob(id: string): void;
  /** Resolves when a job is over. */
  waitForJob(id: string): Promise<Job | undefined>;

  /**
   * "Back up now": needs only that the device is there.
   *
   * @throws {AppError} DEVICE_NOT_FOUND, DEVICE_NOT_TRUSTED, DEVICE_BUSY
   */
  startBackup(udid: string, options?: { full?: boolean }): Promise<Job>;

  /**
   * Pairs with a device on a cable. The phase of the job says what the person at the device is asked to do:
   * `waiting-for-unlock`, `waiting-for-trust`.
   *
   * @throws {AppError} DEVICE_NOT_FOUND, DEVICE_BUSY
   */
  startPairing(udid: string): Promise<Job>;
  /**
   * Turns the encryption of a device's backups on or off, or changes the password.
   *
   * @param options.keep whether the new password is kept sealed on this computer.
   * @throws {AppError} DEVICE_NOT_FOUND, DEVICE_NOT_TRUSTED, DEVICE_BUSY
   */
  changeEncryption(udid: string, change: EncryptionRequest, options?: { keep?: boolean }): Promise<Job>;
  /**
   * Restores a version to a device, or parts of it, or only looks whether that would work. The job's `result.checks`
   * are `RestoreCheck`s, its `result.parts` are `RestoreParts`.
   *
   * @throws {AppError} DEVICE_NOT_FOUND, DEVICE_NOT_TRUSTED, DEVICE_BUSY
   */
  startRestore(request: RestoreRequest): Promise<Job>;
  /** The apps of a version, which `RestoreRequest.only` may name. @throws {AppError} SNAPSHOT_NOT_FOUND */
  versionApps(id: string): Promise<VersionApps>;
  /** Reads everything, or one version, again. The job fails with SNAPSHOT_CORRUPT where something is damaged. */
  startVerify(request: VerifyRequest): Promise<Job>;
  /** Brings a copy up to date, or reads it back. @throws {AppError} COPY_NOT_FOUND */
  startCopy(name: string, options?: { verify?: boolean }): Promise<Job>;
  /** @throws {AppError} SNAPSHOT_NOT_FOUND, SNAPSHOT_PROTECTED, VAULT_NOT_FOUND */
  planForget(request: ForgetRequest): Promise<ForgetPlan>;
  /** @throws {AppError} as `planForget` */
  startForget(request: ForgetRequest): Promise<Job>;

  /** How everything stands first, then whatever changes, until `signal` aborts. */
  events(signal: AbortSignal): AsyncIterable<LiveEvent>;
}

export type ReportFile = 'report.html' | 'report.pdf' | 'report.json';

export interface ServiceSettings {
  read(): Settings;
  /** Only what was said by a person, as it stands in the file. */
  said(): SettingsPatch;
  /** @throws {AppError} SETTINGS_INVALID, OUT_OF_SPACE, STORAGE_FAILED */
  write(patch: SettingsPatch): Promise<Settings>;
  /** Why the file is not in use as it stands; the last good settings are. */
  problem(): Problem | undefined;
  onChange(listener: () => void): Disposable;
}
