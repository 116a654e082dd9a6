import type {
  DeviceOverview,
  Job,
  LiveEvent,
  Overview,
  Problem,
  Settings,
  SettingsPatch,
  SnapshotSummary,
  TryEntry,
} from '../../contract/index.ts';
import type { Places } from '../../shared/places.ts';

/** The service as whoever serves it sees it: everything it knows and can do. `startService` makes one. */
export interface RunningService extends AsyncDisposable {
  readonly places: Places;
  readonly vaultDir: string;
  readonly settings: ServiceSettings;

  overview(): Promise<Overview>;
  /** Undefined for a device that was never heard of. */
  device(udid: string): Promise<DeviceOverview | undefined>;
  /** Newest first. A vault that is not there has none. */
  snapshots(udid?: string): Promise<SnapshotSummary[]>;
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

  /** How everything stands first, then whatever changes, until `signal` aborts. */
  events(signal: AbortSignal): AsyncIterable<LiveEvent>;
}

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
