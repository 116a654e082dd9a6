import {
  AfcClient,
  type MobileBackupEvent,
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
  readonly full: boolean;
  readonly target: BackupTarget;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MobileBackupEvent) => void;
  readonly onPasscode: (wanted: boolean) => void;
}

/**
 * Has the device back itself up into the target, while nobody else syncs with it.
 *
 * @throws {AppError} as `runMobileBackup` and `withSyncLock` do.
 */
export async function converse(conversation: Conversation): Promise<void> {
  const { device, full, target, onEvent, onPasscode } = conversation;
  const cancel = new AbortController();
  const signal = AbortSignal.any([conversation.signal, cancel.signal]);
  const notifications = new NotificationProxy(await device.startService(NOTIFICATION_PROXY_SERVICE));
  const following = followSignals(notifications, {
    onPasscode,
    onCancel: () => cancel.abort(cancelledOnDevice()),
  });
  try {
    const lock = {
      openFiles: async () => new AfcClient(await device.startService('com.apple.afc')),
      post: async (name: string) => notifications.post(name),
      signal,
    };
    await withSyncLock(lock, async () => {
      const stream = await device.startService('com.apple.mobilebackup2', { escrow: true });
      await runMobileBackup({ stream, request: { kind: 'backup', udid: device.udid, full }, target, signal, onEvent });
    });
  } finally {
    await notifications.close();
    await following;
  }
}

function cancelledOnDevice(): AppError {
  return new AppError('CANCELLED', 'the backup was cancelled on the device', {
    hint: 'Start it again when it suits: it goes on where it stopped.',
  });
}
