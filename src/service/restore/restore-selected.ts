import { type Device, type DeviceListing, openDevice } from '../../device/index.ts';
import {
  type Check,
  checkFiles,
  type Chosen,
  composeBackup,
  type ComposedBackup,
  type ComposeRequest,
  type ExchangeProgress,
  type FilesEvent,
  type LeftOut,
  gatherParts,
  planSelection,
  quickChecks,
  restore,
  type RestoreEvent,
  type RestoreOptions,
  type RestoreSource,
  type SelectionPlan,
  UNCHECKED_FILES,
} from '../../restore/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { Vault } from '../../vault/index.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { recordTry } from '../history/record-try.ts';
import {
  type AskPassword,
  openForReading,
  type OpenedForReading,
  type OpenForReadingRequest,
} from '../reading/open-for-reading.ts';
import { RememberedPassword } from './remembered-password.ts';
import {
  newestSnapshotOf,
  openedEvent,
  refuseBlocked,
  safetyBackup,
  told,
  type CheckEvent,
  type OpenedEvent,
  type SafetyBackupEvent,
} from './steps.ts';

export interface RestoreSelectedRequest extends Omit<OpenForReadingRequest, 'onWarning'> {
  readonly setup: DeviceSetup;
  /** The vault, where it is open for writing already: for the backup before. */
  readonly writableVault?: Vault | undefined;
  readonly find: () => Promise<DeviceListing>;
  readonly choice: readonly Chosen[];
  /** Of the device's own backups as they are now, where it is another one than that of the snapshot. */
  readonly devicePassword: AskPassword;
  /** Where the composed list is kept for as long as it takes. */
  readonly workDir: string;
  readonly options: Pick<RestoreOptions, 'reboot' | 'apps'>;
  /** Only looks at what would be exchanged, compared with the newest snapshot of the device. */
  readonly dryRun: boolean;
  readonly skipVerify: boolean;
  readonly force: boolean;
  /** See `PlanRequest`. */
  readonly allowDecryption: boolean;
  /** Asked when it is known what will be exchanged. Nothing was written to the device until then. */
  readonly confirm: (plan: SelectionPlan, device: DeviceListing) => Promise<boolean>;
}

export type RestoreSelectedEvent =
  | OpenedEvent
  | CheckEvent
  | FilesEvent
  /** Always made first. */
  | SafetyBackupEvent
  /** What the device is compared with: the backup made just now or, in a dry run, the newest one there is. */
  | { readonly event: 'compared-with'; readonly snapshot: string; readonly takenAt: Date }
  | { readonly event: 'plan'; readonly plan: SelectionPlan }
  | ({ readonly event: 'composing' } & ExchangeProgress)
  | { readonly event: 'left-out'; readonly file: LeftOut }
  /** Told before anything is written to the device. */
  | { readonly event: 'way-back'; readonly snapshot: string; readonly command: string }
  /** The last event of a dry run that found nothing in the way. */
  | { readonly event: 'rehearsed'; readonly warnings: number }
  | RestoreEvent;

/**
 * Brings chosen parts of a snapshot back to a device and leaves everything else as it is: the device is backed up, the
 * parts are exchanged in that backup, and the device restores the result. Without the backup nothing is begun.
 *
 * @throws {AppError} RESTORE_BLOCKED when these parts cannot go to this device, or a check stops it; CANCELLED when it
 * is not confirmed; whatever the backup, composing or the restore fails with.
 */
export async function* restoreSelected(request: RestoreSelectedRequest): AsyncGenerator<RestoreSelectedEvent, void> {
  const { dryRun, choice, signal, workDir, allowDecryption, skipVerify } = request;
  const listing = await request.find();
  const passwords = new RememberedPassword(request);
  await using older = await openForReading({ ...request, password: passwords.ask });
  const olderUdid = older.record?.udid ?? older.backup.facts?.udid ?? listing.udid;
  yield openedEvent(older, olderUdid);
  const first = await checksOf(request, listing, { backup: older.backup, udid: olderUdid, password: undefined });
  yield* told(first);
  if (!dryRun) refuseBlocked(first, request);
  const gathered = await gatherParts(older.backup, choice, signal);
  const safety = dryRun ? await newestOf(request, listing) : yield* safetyBackup(request, listing);
  const ownPassword = firstOf(() => passwords.given, request.devicePassword);
  const ownPasswords = new RememberedPassword({ password: ownPassword, signal });
  await using current = await openForReading({ ...request, wanted: safety, password: ownPasswords.ask });
  if (current.record !== undefined) {
    yield { event: 'compared-with', snapshot: current.record.id, takenAt: current.record.takenAt };
  }
  const both = { current: current.backup, gathered, signal };
  const plan = await planSelection({ ...both, allowDecryption });
  yield { event: 'plan', plan };
  if (!dryRun && !(await request.confirm(plan, listing))) throw notConfirmed(safety);
  using composed = yield* composing({ ...both, plan, workDir });
  for (const file of composed.exchanged.leftOut) yield { event: 'left-out', file };
  const { facts, isEncrypted } = composed.backup;
  const password = isEncrypted && facts ? await ownPasswords.of(facts) : undefined;
  const source = { backup: composed.backup, udid: listing.udid, password };
  const checks = (await checksOf(request, listing, source)).filter(({ outcome }) => outcome !== 'passed');
  checks.push(...(skipVerify ? [UNCHECKED_FILES] : yield* checkFiles(source, { isSameDevice: true, signal })));
  yield* told(checks);
  refuseBlocked(checks, request);
  if (dryRun) {
    const warnings = checks.filter(({ outcome }) => outcome === 'warns').length + plan.warnings.length;
    yield { event: 'rehearsed', warnings };
    return;
  }
  await keepForAWhile(current, plan);
  const back = wayBack(safety, listing, plan);
  yield { event: 'way-back', snapshot: safety, command: back };
  await using device = await open(request, listing);
  const options = { ...request.options, ...composed.options };
  const restoring = restore({ device, source, options, signal });
  const recorded = recordTry({ stateDir: request.stateDir, udid: device.udid, kind: 'restore' }, restoring);
  yield* withWayBack(recorded, safety, back);
}

/** What a backup and the device say of themselves: nobody should wait for a backup that cannot be of any use. */
async function checksOf(
  request: RestoreSelectedRequest,
  listing: DeviceListing,
  source: RestoreSource,
): Promise<Check[]> {
  await using device = await open(request, listing);
  return await quickChecks(source, device, request.signal);
}

function open({ setup, signal }: RestoreSelectedRequest, { location }: DeviceListing): Promise<Device> {
  return openDevice({ location, pairRecords: setup.pairRecords, signal });
}

async function newestOf(request: RestoreSelectedRequest, device: DeviceListing): Promise<string> {
  const newest = await newestSnapshotOf(request, device.udid);
  if (newest !== undefined) return newest.id;
  throw new AppError('SNAPSHOT_NOT_FOUND', 'there is no snapshot of this device to compare with', {
    hint: 'A dry run takes none: `holdfast backup` does.',
    details: { udid: device.udid },
  });
}

async function* composing(request: ComposeRequest): AsyncGenerator<RestoreSelectedEvent, ComposedBackup> {
  const steps = composeBackup(request);
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
    yield { event: 'composing', ...value };
  }
}

/** Long enough to notice that something is missing. */
const HELD_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The way back must not be cleared away as one of many snapshots of a day. Its note is read by who may not see which
 * apps somebody has.
 */
async function keepForAWhile({ vault, record }: OpenedForReading, { parts }: SelectionPlan): Promise<void> {
  if (vault === undefined || record === undefined) return;
  const names = [...new Set(parts.map(({ name }) => (/^(?:app|group):/.test(name) ? 'data of apps' : name)))].join(
    ', ',
  );
  await vault.labels.set(record, {
    holdUntil: new Date(Date.now() + HELD_DAYS * DAY_MS),
    note: `as it was before a part was restored: ${names}`,
  });
}

/** Whoever reads what went wrong, reads how the device gets back what it had. */
async function* withWayBack(
  restoring: AsyncIterable<RestoreEvent>,
  safety: string,
  command: string,
): AsyncGenerator<RestoreEvent, void> {
  try {
    yield* restoring;
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, message, hint, details } = error;
    throw new AppError(code, message, {
      hint: `${hint === undefined ? '' : `${hint} `}What the device had is safe: \`${command}\` brings it back.`,
      details: { ...details, safetySnapshot: safety },
      cause: error,
    });
  }
}

/** An unencrypted backup does not hold everything of a device: what it lacks must not be removed. */
const wayBack = (safety: string, { udid }: DeviceListing, { removes }: SelectionPlan): string =>
  `holdfast restore ${safety} --to ${udid}${removes ? '' : ' --no-remove'}`;

function notConfirmed(safety: string): AppError {
  return new AppError('CANCELLED', 'nothing was restored', {
    hint: `Nothing was written to the device. Its backup made just now stays: ${safety}.`,
    details: { safetySnapshot: safety },
  });
}

/** Tries a password that is known before anybody is asked for one. */
function firstOf(known: () => string | undefined, ask: AskPassword): AskPassword {
  let isTried = false;
  let hasAsked = false;
  return async (again, of) => {
    const password = isTried ? undefined : known();
    isTried = true;
    if (password !== undefined) return password;
    const isRepeated = again && hasAsked;
    hasAsked = true;
    return ask(isRepeated, of);
  };
}
