/** Darwin notifications across the wire: com.apple.mobile.notification_proxy. */
import type { Duplex } from 'node:stream';
import { stringAt } from '../../formats/index.ts';
import { AsyncQueue } from '../wire/async-queue.ts';
import { PlistChannel } from '../wire/plist-channel.ts';

export const NOTIFICATION_PROXY_SERVICE = 'com.apple.mobile.notification_proxy';

/** The names a backup host observes and posts. */
export const NOTIFICATION = {
  syncWillStart: 'com.apple.itunes-mobdev.syncWillStart',
  syncLockRequest: 'com.apple.itunes-mobdev.syncLockRequest',
  syncDidStart: 'com.apple.itunes-mobdev.syncDidStart',
  syncDidFinish: 'com.apple.itunes-mobdev.syncDidFinish',
  /** The person tapped cancel on the device. */
  syncCancelRequest: 'com.apple.itunes-client.syncCancelRequest',
  syncSuspendRequest: 'com.apple.itunes-client.syncSuspendRequest',
  syncResumeRequest: 'com.apple.itunes-client.syncResumeRequest',
  backupDomainChanged: 'com.apple.mobile.backup.domain_changed',
  /** The device asks for its passcode, and is done with asking. */
  passcodePresented: 'com.apple.LocalAuthentication.ui.presented',
  passcodeDismissed: 'com.apple.LocalAuthentication.ui.dismissed',
} as const;

/** How long a proxy may take to confirm that it has read everything posted. */
const SHUTDOWN_MS = 1_000;

export class NotificationProxy implements AsyncDisposable {
  readonly #channel: PlistChannel;
  readonly #relayed = new AsyncQueue<string>();
  readonly #over: Promise<void>;

  constructor(stream: Duplex) {
    this.#channel = new PlistChannel(stream);
    this.#over = this.#receive();
  }

  /** From now on these are relayed. The proxy confirms nothing. */
  observe(names: Iterable<string>): void {
    for (const name of names) this.#channel.send({ Command: 'ObserveNotification', Name: name });
  }

  post(name: string): void {
    this.#channel.send({ Command: 'PostNotification', Name: name });
  }

  /**
   * The names of observed notifications as they are posted on the device. Ends when the proxy does; fails with
   * CONNECTION_LOST when the connection broke. For one consumer.
   */
  events(): AsyncIterable<string> {
    return this.#relayed;
  }

  /** Waits until the proxy has read what was posted, then closes the connection. Never throws. */
  async close(): Promise<void> {
    this.#channel.send({ Command: 'Shutdown' });
    const timer = setTimeout(() => this.#channel.close(), SHUTDOWN_MS);
    await this.#over;
    clearTimeout(timer);
    this.#channel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #receive(): Promise<void> {
    try {
      for (let message = await this.#channel.receiveOrEnd(); ; message = await this.#channel.receiveOrEnd()) {
        const command = stringAt(message, 'Command');
        if (message === undefined || command === 'ProxyDeath') break;
        const name = stringAt(message, 'Name');
        if (command === 'RelayNotification' && name !== undefined) this.#relayed.push(name);
      }
      this.#relayed.end();
    } catch (error) {
      this.#relayed.end(error);
    }
  }
}
