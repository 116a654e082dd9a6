import {
  AfcClient,
  type MobileBackupEvent,
  type MobileBackupRequest,
  type MobileBackupResponse,
  NOTIFICATION_PROXY_SERVICE,
  NotificationProxy,
  runMobileBackup,
  withSyncLock,
} from '../device/index.ts';
import type { BackupTarget } from '../shared/backup-target.ts';
import { AppError } from '../shared/errors.ts';
import type { BackupDevice } from './backup-device.ts';
import { followSignals } from './phone-signals.ts';

export interface Conversation {
  readonly device: BackupDevice;
  readonly request: MobileBackupRequest;
  readonly target: BackupTarget;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MobileBackupEvent) => void;
  readonly onPasscode: (wanted: boolean) => void;
}

/**
 * Has the device do what is requested with the target as the computer's folder, while nobody else syncs with it.
 *
 * @throws {AppError} as `runMobileBackup` and `withSyncLock` do.
 */
export async function converse(conversation: Conversation): Promise<MobileBackupResponse> {
  const { device, request, target, onEvent, onPasscode } = conversation;
  const cancel = new AbortController();
  const signal = AbortSignal.any([conversation.signal, cancel.signal]);
  const notifications = new NotificationProxy(await device.startService(NOTIFICATION_PROXY_SERVICE));
  const following = followSignals(notifications, {
    onPasscode,
    onCancel: () => cancel.abort(cancelledOnDevice(request.kind)),
  });
  try {
    const lock = {
      openFiles: async () => new AfcClient(await device.startService('com.apple.afc')),
      post: async (name: string) => notifications.post(name),
      signal,
    };
    return await withSyncLock(lock, async () => {
      const stream = await device.startService('com.apple.mobilebackup2', { escrow: true });
      return await runMobileBackup({ stream, request, target, signal, onEvent });
    });
  } finally {
    await notifications.close();
    await following;
  }
}

function cancelledOnDevice(kind: MobileBackupRequest['kind']): AppError {
  const what = kind === 'backup' || kind === 'restore' ? `the ${kind}` : 'the job';
  const hint =
    kind === 'backup' ? 'Start it again when it suits: it goes on where it stopped.' : 'Start it again when it suits.';
  return new AppError('CANCELLED', `${what} was cancelled on the device`, { hint });
}
