import { claimDevice, converse, deviceOfJob, eventsOfJob } from '../../backup/index.ts';
import { openDevice, type Device, type DeviceListing, isEndedByDevice } from '../../device/index.ts';
import { TargetError } from '../../shared/target/backup-target.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { recordTry } from '../history/record-try.ts';
import { openKnownVault, type Vault } from '../../vault/index.ts';
import { PasswordDraft, type KeptChange } from './password-draft.ts';

/** What is to become of the encryption of a device's backups. */
export type EncryptionChange =
  | { readonly kind: 'on'; readonly newPassword: string }
  | { readonly kind: 'off'; readonly oldPassword: string }
  | { readonly kind: 'change'; readonly oldPassword: string; readonly newPassword: string };

export interface ChangeEncryptionRequest {
  readonly setup: DeviceSetup;
  readonly device: DeviceListing;
  readonly vaultDir: string;
  readonly stateDir: string;
  readonly change: EncryptionChange;
  /** The vault, where it is open for writing already. */
  readonly vault?: Vault | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type EncryptionEvent =
  | {
      readonly event: 'started';
      readonly udid: string;
      readonly name: string;
      readonly action: EncryptionChange['kind'];
    }
  /** The device asks its owner for the passcode, or has stopped asking. */
  | { readonly event: 'passcode'; readonly wanted: boolean }
  | {
      readonly event: 'warning';
      /** A sentence for a person. */
      readonly message: string;
    }
  | {
      readonly event: 'done';
      readonly action: EncryptionChange['kind'];
      readonly udid: string;
      readonly name: string;
      /** Whether the device encrypts its backups from now on. */
      readonly encrypted: boolean;
      /** What the computer has of the new password: see `KeptChange`. */
      readonly kept: KeptChange['kind'];
      /** The snapshot that opens with the new password: the newest backup, under its new keybag. */
      readonly snapshot?: string;
      /** Names the keybag that the new password opens. */
      readonly keybag?: string;
      /** Names the keybag of the newest backup before, when the old password opens it. */
      readonly oldKeybag?: string;
    };

/**
 * Turns the encryption of a device's backups on or off, or gives it another password. Takes somebody at the device: it
 * asks for its passcode, for up to half an hour.
 *
 * After a change the newest backup is kept once more with the keys the device wrapped by the new password, so that the
 * next backup goes on from it. The snapshots before open with the password they had.
 *
 * @throws {AppError} WRONG_PASSWORD, PASSCODE_NOT_ENTERED, DEVICE_REFUSED (also when it is on, or off, already),
 * CONNECTION_LOST, CANCELLED, DEVICE_BUSY, and what opening the vault or the device fails with. The hint tells whether
 * the device may have taken the change.
 */
export function changeEncryption(request: ChangeEncryptionRequest): AsyncGenerator<EncryptionEvent, void> {
  const { stateDir, device } = request;
  return recordTry(
    { stateDir, udid: device.udid, kind: 'encryption' },
    eventsOfJob<EncryptionEvent>((tell, left) => run(request, left, tell)),
  );
}

async function run(
  request: ChangeEncryptionRequest,
  left: AbortSignal,
  tell: (event: EncryptionEvent) => void,
): Promise<void> {
  const { setup, device: listing, vaultDir, stateDir, change, signal } = request;
  const { udid } = listing;
  const name = listing.facts.name ?? udid;
  // Before the device: a disk that is missing must not make anybody enter a passcode for nothing.
  const purpose = `a change of the backup password of ${name}`;
  await using stack = new AsyncDisposableStack();
  const vault =
    request.vault ?? stack.use(await openKnownVault({ dir: vaultDir, stateDir, purpose, create: true, lock: 'write' }));
  await using device = await openDevice({ location: listing.location, pairRecords: setup.pairRecords, signal });
  using _claim = claimDevice(udid);
  assertMakesSense(change, await device.facts());
  tell({ event: 'started', udid, name, action: change.kind });

  await using folder = await PasswordDraft.open(vault, udid);
  const old = change.kind === 'on' ? undefined : await folder.tryOld(change.oldPassword);
  if (old?.opens === false) tell({ event: 'warning', message: OLD_DOES_NOT_FIT });
  const whole = AbortSignal.any([left, device.lost, ...(signal === undefined ? [] : [signal])]);
  const failure = await ask(device, change, { folder, signal: whole, tell });
  const isMade = failure === undefined || (await hasTurned(device, change, failure));
  const kept = await settle(folder, change, isMade).catch((error: unknown) => {
    throw failure === undefined ? error : explain(failure, change);
  });
  // New keys in the folder are sent after the change: the device has made it, whatever broke afterwards.
  const hasArrived = kept.kind === 'snapshot' || kept.kind === 'unfinished';
  if (failure !== undefined && !isMade && !hasArrived) throw explain(failure, change);
  if (kept.kind === 'unusable') tell({ event: 'warning', message: unusableWords(kept.reason) });
  tell({
    event: 'done',
    action: change.kind,
    udid,
    name,
    encrypted: change.kind !== 'off',
    kept: kept.kind,
    ...(hasArrived && { keybag: kept.keybag }),
    ...(kept.kind === 'snapshot' && { snapshot: kept.record.id }),
    ...(old?.opens === true && { oldKeybag: old.keybag }),
  });
}

function settle(folder: PasswordDraft, change: EncryptionChange, isMade: boolean): Promise<KeptChange> {
  if (change.kind === 'change') return folder.settle(change.newPassword);
  return isMade ? folder.startOver() : folder.letGo();
}

/** @returns the expected failure it ended with. */
async function ask(
  device: Device,
  change: EncryptionChange,
  job: { folder: PasswordDraft; signal: AbortSignal; tell: (event: EncryptionEvent) => void },
): Promise<AppError | undefined> {
  const { folder, signal, tell } = job;
  const { kind: _kind, ...passwords } = change;
  try {
    await converse({
      device: deviceOfJob(device, signal),
      request: { kind: 'change-password', udid: device.udid, ...passwords },
      target: folder.target,
      signal,
      onEvent: () => {},
      onPasscode: (wanted) => tell({ event: 'passcode', wanted }),
      onRemark: (message) => tell({ event: 'warning', message }),
    });
    return undefined;
  } catch (error) {
    if (isAppError(error)) return error;
    if (error instanceof TargetError)
      return new AppError('STORAGE_FAILED', 'the vault could not be used', { cause: error });
    throw error;
  }
}

/** Whether the device says afterwards that its backups are, or are not, encrypted, although it never said "done". */
async function hasTurned(device: Device, change: EncryptionChange, failure: AppError): Promise<boolean> {
  const isOpen = isAppError(failure, 'CONNECTION_LOST', 'PROTOCOL_VIOLATION') || isEndedByDevice(failure);
  if (change.kind === 'change' || !isOpen) return false;
  try {
    return (await device.facts()).willEncrypt === (change.kind === 'on');
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}

/** What a device would answer with a bare "wrong password", after its owner entered the passcode for nothing. */
function assertMakesSense({ kind }: EncryptionChange, facts: Awaited<ReturnType<Device['facts']>>): void {
  const { willEncrypt, requiresEncryption } = facts;
  const name = facts.name ?? facts.udid;
  if (kind === 'on' && willEncrypt === true) {
    throw new AppError('DEVICE_REFUSED', `the backups of ${name} are encrypted already`, {
      hint: '`holdfast encryption change` gives them another password; `holdfast encryption check` tells whether one is right.',
      details: { encrypted: true },
    });
  }
  if (kind !== 'on' && willEncrypt === false) {
    throw new AppError('DEVICE_REFUSED', `the backups of ${name} are not encrypted`, {
      hint: kind === 'off' ? 'There is nothing to turn off.' : '`holdfast encryption on` turns encryption on.',
      details: { encrypted: false },
    });
  }
  if (kind === 'off' && requiresEncryption === true) {
    throw new AppError(
      'DEVICE_REFUSED',
      `a management profile on ${name} forbids to turn the encryption of backups off`,
      {
        hint: 'Ask whoever manages the device (Settings › General › VPN & Device Management).',
        details: { requiresEncryption: true },
      },
    );
  }
}

/** Answers that a device gives before it changes anything: MDM, busy, restoring, password, passcode, not set up. */
const REFUSALS = new Set<unknown>([22, 14, 25, 207, 208, 212]);

/** Whether the device's side is as it was is what a person has to know next. */
function explain(error: AppError, change: EncryptionChange): AppError {
  const { deviceCode } = error.details;
  if (REFUSALS.has(deviceCode)) return withHint(error, refusalHint(error));
  if (deviceCode === undefined && !isAppError(error, ...MAY_HAVE_HAPPENED) && !isEndedByDevice(error)) return error;
  return withHint(error, AGAIN[change.kind]);
}

const MAY_HAVE_HAPPENED = [
  'CONNECTION_LOST',
  'CANCELLED',
  'PROTOCOL_VIOLATION',
  'STORAGE_FAILED',
  'OUT_OF_SPACE',
] as const;

const AGAIN = {
  on: '`holdfast devices` tells whether its backups are encrypted now; if not, run the same again.',
  off: '`holdfast devices` tells whether its backups are encrypted still; if so, run the same again.',
  change:
    'The device may have taken the new password, or still have the old one: keep both, and run the same again. If it then says that the old one is wrong, it has the new one.',
} as const;

function refusalHint({ code, hint }: AppError): string {
  const next =
    code === 'WRONG_PASSWORD'
      ? `${hint ?? ''} \`holdfast encryption forgotten\` tells what can be done when nobody knows it.`.trim()
      : (hint ?? 'Try again.');
  return `Nothing was changed. ${next}`;
}

function withHint(error: AppError, hint: string): AppError {
  return new AppError(error.code, error.message, { hint, details: error.details, cause: error });
}

const OLD_DOES_NOT_FIT =
  'The old password does not open the newest backup here. The device decides: it may have been changed elsewhere since.';

function unusableWords(reason: string): string {
  return `The device has the new password, but what it put into its backup here cannot be used (${reason}) and was not kept. The next backup sends everything anew.`;
}
