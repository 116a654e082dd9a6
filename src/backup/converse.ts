import {
  AfcClient,
  type MobileBackupEvent,
  type MobileBackupRequest,
  type MobileBackupResponse,
  runMobileBackup,
  withSyncLock,
} from '../device/index.ts';
import type { BackupTarget } from '../shared/target/backup-target.ts';
import { AppError } from '../shared/errors.ts';
import type { BackupDevice } from './backup-device.ts';
import { PasscodePatience } from './passcode-patience.ts';
import { PhoneSignals } from './phone-signals.ts';

export interface Conversation {
  readonly device: BackupDevice;
  readonly request: MobileBackupRequest;
  readonly target: BackupTarget;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MobileBackupEvent) => void;
  readonly onPasscode: (wanted: boolean) => void;
  /** Gets a sentence for a person. */
  readonly onRemark?: (sentence: string) => void;
  /** How long a passcode prompt may stay unanswered. */
  readonly passcodeLimitMs?: number | undefined;
}

/**
 * Has the device do what is requested with the target as the computer's folder, while nobody else syncs with it.
 *
 * @throws {AppError} as `runMobileBackup` and `withSyncLock` do.
 */
export async function converse(conversation: Conversation): Promise<MobileBackupResponse> {
  const { device, request, target, onRemark } = conversation;
  const cancel = new AbortController();
  const signal = AbortSignal.any([conversation.signal, cancel.signal]);
  let isWaiting = false;
  using patience = new PasscodePatience(conversation.passcodeLimitMs, (error) => cancel.abort(error));
  await using signals = await PhoneSignals.listen(device, {
    onPasscode: (wanted) => {
      // A prompt that goes away was answered, or given up: what comes next tells, or nothing comes.
      if (wanted || !isWaiting) patience.follow(wanted);
      else patience.progressed();
      conversation.onPasscode(wanted);
    },
    onCancel: () => cancel.abort(cancelledOnDevice(request.kind)),
    onDeaf: () => onRemark?.(DEAF),
  });
  const lock = {
    openFiles: async () => new AfcClient(await device.startService('com.apple.afc')),
    post: async (name: string) => signals.post(name),
    signal,
    onUnlocked: ({ message }: Error) =>
      onRemark?.(`Other programs cannot be kept from syncing with the device meanwhile: ${message}.`),
  };
  const onEvent = (event: MobileBackupEvent): void => {
    // A device that asks for nothing yet may be waiting for its passcode, announced or not; what it asks for after the
    // prompt, it asks for because the prompt was answered.
    if (event.kind === 'phase') {
      isWaiting = event.phase === 'handshake' || event.phase === 'waiting';
      patience.follow(isWaiting);
    }
    if (event.kind !== 'warning') patience.progressed();
    conversation.onEvent(event);
  };
  return await withSyncLock(lock, async () => {
    try {
      const stream = await device.startService('com.apple.mobilebackup2', { escrow: true });
      return await runMobileBackup({ stream, request, target, signal, onEvent });
    } finally {
      signals.settle();
    }
  });
}

const DEAF =
  'The device announces nothing more: when it asks for its passcode, or is told to cancel, cannot be shown here.';

function cancelledOnDevice(kind: MobileBackupRequest['kind']): AppError {
  const what = kind === 'backup' || kind === 'restore' ? `the ${kind}` : 'the job';
  const hint =
    kind === 'backup' ? 'Start it again when it suits: it goes on where it stopped.' : 'Start it again when it suits.';
  return new AppError('CANCELLED', `${what} was cancelled on the device`, { hint });
}
