import { NOTIFICATION, NOTIFICATION_PROXY_SERVICE, NotificationProxy, pause, untilAborted } from '../device/index.ts';
import { isAppError } from '../shared/errors.ts';
import type { BackupDevice } from './backup-device.ts';

export interface SignalListeners {
  /** The device asks for its passcode, or is done with asking. */
  readonly onPasscode: (wanted: boolean) => void;
  /** The person tapped cancel on the device. */
  readonly onCancel: () => void;
  /** The device announces nothing any more: neither of the two will be called. */
  readonly onDeaf: () => void;
}

const OBSERVED = [
  NOTIFICATION.passcodePresented,
  NOTIFICATION.passcodeDismissed,
  NOTIFICATION.syncCancelRequest,
  NOTIFICATION.syncSuspendRequest,
  NOTIFICATION.syncResumeRequest,
  NOTIFICATION.backupDomainChanged,
];

/**
 * How long is waited before the connection is opened again, the first time in a row, the second… Where all connections
 * broke, the job has ended by then.
 */
const PAUSES_MS = [200, 500, 2_000, 5_000];
/** A connection that lasted so long was no failure: the next time is the first again. */
const LASTING_MS = 60_000;

/**
 * What a device announces beside the backup itself, and what it is told. A connection for it that the device closes is
 * opened again; a device that will not announce anything is no reason not to back it up.
 */
export class PhoneSignals implements AsyncDisposable {
  readonly #device: BackupDevice;
  readonly #listeners: SignalListeners;
  readonly #ending = new AbortController();
  #following: Promise<void> = Promise.resolve();
  #proxy: NotificationProxy | undefined;

  private constructor(device: BackupDevice, listeners: SignalListeners) {
    this.#device = device;
    this.#listeners = listeners;
  }

  /** Listens from now on, until disposed of. Only what is no expected failure is thrown. */
  static async listen(device: BackupDevice, listeners: SignalListeners): Promise<PhoneSignals> {
    const signals = new PhoneSignals(device, listeners);
    await signals.#open();
    signals.#following = signals.#follow();
    return signals;
  }

  /** Posts a notification on the device, as long as it can be heard there. */
  post(name: string): void {
    this.#proxy?.post(name);
  }

  /** The job is over but for its end: a connection that closes now, as when the device restarts, is not missed. */
  settle(): void {
    this.#ending.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#proxy?.close();
    await this.#following;
  }

  async #follow(): Promise<void> {
    for (let tries = 0; ; tries++) {
      const sinceMs = performance.now();
      await this.#hear();
      if (this.#isEnding) return;
      if (performance.now() - sinceMs >= LASTING_MS) tries = 0;
      const pauseMs = PAUSES_MS[tries];
      if (pauseMs === undefined) return this.#listeners.onDeaf();
      await pause(pauseMs, this.#ending.signal).catch(() => {});
      if (this.#isEnding) return;
      await this.#open();
    }
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  async #open(): Promise<void> {
    const { signal } = this.#ending;
    this.#proxy = undefined;
    try {
      const starting = this.#device.startService(NOTIFICATION_PROXY_SERVICE);
      this.#proxy = new NotificationProxy(await untilAborted(starting, signal, (late) => void late.destroy()));
      this.#proxy.observe(OBSERVED);
    } catch (error) {
      if (!isAppError(error)) throw error;
    }
  }

  /** Passes on what is announced, until nothing more can be. */
  async #hear(): Promise<void> {
    try {
      for await (const name of this.#proxy?.events() ?? []) {
        if (name === NOTIFICATION.passcodePresented) this.#listeners.onPasscode(true);
        else if (name === NOTIFICATION.passcodeDismissed) this.#listeners.onPasscode(false);
        else if (name === NOTIFICATION.syncCancelRequest) this.#listeners.onCancel();
      }
    } catch (error) {
      if (!isAppError(error)) throw error;
    } finally {
      await this.#proxy?.close();
    }
  }
}
