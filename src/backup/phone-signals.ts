import { NOTIFICATION, type NotificationProxy } from '../device/index.ts';
import { isAppError } from '../shared/errors.ts';

export interface PhoneSignals {
  /** The device asks for its passcode, or is done with asking. */
  readonly onPasscode: (wanted: boolean) => void;
  /** The person tapped cancel on the device. */
  readonly onCancel: () => void;
}

/**
 * Listens to what the device announces beside the backup itself. A device that stops announcing is no reason to stop
 * backing it up.
 */
export async function followSignals(notifications: NotificationProxy, signals: PhoneSignals): Promise<void> {
  notifications.observe([
    NOTIFICATION.passcodePresented,
    NOTIFICATION.passcodeDismissed,
    NOTIFICATION.syncCancelRequest,
    NOTIFICATION.syncSuspendRequest,
    NOTIFICATION.syncResumeRequest,
    NOTIFICATION.backupDomainChanged,
  ]);
  try {
    for await (const name of notifications.events()) {
      if (name === NOTIFICATION.passcodePresented) signals.onPasscode(true);
      else if (name === NOTIFICATION.passcodeDismissed) signals.onPasscode(false);
      else if (name === NOTIFICATION.syncCancelRequest) signals.onCancel();
    }
  } catch (error) {
    if (!isAppError(error)) throw error;
  }
}
