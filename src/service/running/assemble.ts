import type { Reason } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Logger } from '../../shared/logger.ts';
import type { Places } from '../../shared/files/places.ts';
import { readMark, wasNeverMade } from '../../vault/index.ts';
import type { ServiceClock } from '../clock.ts';
import { type DeviceSetup, deviceSetup } from '../devices/find-devices.ts';
import { JobBoard } from '../jobs/job-board.ts';
import { Slots } from '../jobs/slots.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { DeviceWatch } from '../watching/device-watch.ts';
import type { ReportToTell } from '../alarms/telling.ts';
import { BackupStarter } from './backup-starter.ts';
import { CheckupRuns } from './checkups.ts';
import { DeviceBook } from './known-devices/device-book.ts';
import { DeviceMemory } from './known-devices/device-memory.ts';
import { JobJournal } from './job-journal.ts';
import { DevicesAtHand, type JobRoom } from './job-room.ts';
import type { KnownDevice } from './known-devices/known-device.ts';
import { Maintenance } from './vault/maintenance.ts';
import { Scheduler } from './scheduler.ts';
import { SkippedTries } from './skipped-tries.ts';
import { vaultProblem } from '../vault-problem.ts';
import { Tasks } from './tasks.ts';
import { VaultKeeper } from './vault/vault-keeper.ts';
import { VaultView } from './vault/vault-view.ts';

export interface ServiceParts {
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  readonly vaultDir: string;
  readonly logger: Logger;
  readonly clock: ServiceClock;
  readonly timeZone: string;
  /** "Holdfast 0.1.0", for reports. */
  readonly product: string;
  readonly network: boolean;
  /** Whether devices are backed up by their rules. */
  readonly automatic: boolean;
}

/** What the parts tell whoever puts them together. */
export interface Callbacks {
  readonly onDeviceChanged: (udid: string) => void;
  readonly onSnapshotsChanged: (udids: Iterable<string>) => void;
  readonly announce: (device: KnownDevice, now: Date) => void;
  readonly onTime: (now: Date, blocked: Reason | undefined) => Promise<void>;
  /** Sends the report of a checkup. */
  readonly report: (report: ReportToTell) => void;
  readonly onBug: (error: unknown) => void;
}

/** Everything the service consists of. */
export interface Assembly {
  readonly setup: DeviceSetup;
  readonly board: JobBoard;
  readonly journal: JobJournal;
  readonly memory: DeviceMemory;
  readonly slots: Slots;
  readonly keeper: VaultKeeper;
  readonly view: VaultView;
  readonly watch: DeviceWatch;
  readonly book: DeviceBook;
  readonly maintenance: Maintenance;
  readonly backups: BackupStarter;
  readonly tasks: Tasks;
  readonly checkups: CheckupRuns;
  readonly scheduler: Scheduler;
}

export function assemble(parts: ServiceParts, store: SettingsStore, callbacks: Callbacks): Assembly {
  const { places, env, vaultDir, clock, logger, network, timeZone } = parts;
  const { onDeviceChanged, onSnapshotsChanged, announce, onTime, onBug } = callbacks;
  const { stateDir } = places;
  const settings = () => store.read();
  const setup = deviceSetup(env, places);
  const board = new JobBoard(() => clock.now());
  const memory = new DeviceMemory(stateDir, logger);
  const slots = new Slots(() => settings().slots);
  const keeper = new VaultKeeper({ dir: vaultDir, stateDir, clock, logger });
  const view = new VaultView({ dir: vaultDir, stateDir });
  const watch = new DeviceWatch({ setup, clock, logger, network, onChange: onDeviceChanged, onBug });
  const skipped = new SkippedTries(stateDir);
  const blocked = (): Promise<Reason | undefined> => whyNothing(view, vaultDir);
  const book = new DeviceBook({
    stateDir,
    setup,
    view,
    memory,
    logger,
    presences: () => watch.all(),
    jobs: () => board.active(),
    settings,
    slotsFree: () => slots.free,
    blocked,
  });
  const maintenance = new Maintenance({
    keeper,
    clock,
    timeZone,
    logger,
    settings,
    onThinned: ({ removed }) => onSnapshotsChanged(new Set(removed.map(({ udid }) => udid))),
    onBug,
  });
  const devices = new DevicesAtHand(watch, board);
  const room: JobRoom = { board, keeper, maintenance, watch, devices, setup, stateDir, clock, onBug };
  const backups = new BackupStarter({ ...room, slots, skipped });
  const scheduler = new Scheduler({
    book,
    clock,
    timeZone,
    logger,
    skipped,
    start: ({ udid }) => void backups.start(udid, { full: false, automatic: true }),
    announce,
    listen: (udid, isWorthIt) => watch.attend(udid, isWorthIt),
    others: async (now) => onTime(now, await blocked()),
    onBug,
  });
  const heavy = new Slots(() => 1);
  const tasks = new Tasks({ ...room, vaultDir, env, view, heavy, onSnapshotsChanged });
  const { product } = parts;
  const checkups = new CheckupRuns({
    ...room,
    vaultDir,
    env,
    product,
    timeZone,
    logger,
    settings,
    heavy,
    view,
    report: callbacks.report,
  });
  const journal = new JobJournal(stateDir, logger);
  return {
    setup,
    board,
    journal,
    memory,
    slots,
    keeper,
    view,
    watch,
    book,
    maintenance,
    backups,
    tasks,
    checkups,
    scheduler,
  };
}

/** A disk that is not mounted must not make anybody enter a passcode for nothing. */
async function whyNothing(view: VaultView, vaultDir: string): Promise<Reason | undefined> {
  const { problem } = await freshly(view, vaultDir);
  if (problem === undefined || wasNeverMade(problem)) return undefined;
  return vaultProblem(problem, vaultDir);
}

/** The list is read now and then only; that the vault is still there is seen at once. */
async function freshly(view: VaultView, vaultDir: string): Promise<VaultView> {
  try {
    readMark(vaultDir);
    if (view.problem !== undefined) view.forget();
  } catch (error) {
    if (!isAppError(error)) throw error;
    view.forget();
  }
  await view.listing();
  return view;
}
