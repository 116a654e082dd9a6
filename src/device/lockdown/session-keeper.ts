/** Sessions with lockdownd as they are needed: one is kept for a few seconds of quiet, then closed. */
import { AppError, isAppError } from '../../shared/errors.ts';
import type { LockdownClient } from './lockdown-client.ts';

/** Well below the tens of seconds after which lockdownd drops an idle connection. */
const IDLE_CLOSE_MS = 5_000;

export class SessionKeeper implements AsyncDisposable {
  readonly #open: () => Promise<LockdownClient>;
  readonly #idleMs: number;
  #client: LockdownClient | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Uses wait for each other, so that a session is never closed under one of them. */
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param open connects and starts a session.
   * @param options.first a session that is open already, kept like any other.
   */
  constructor(
    open: () => Promise<LockdownClient>,
    { idleMs = IDLE_CLOSE_MS, first }: { idleMs?: number | undefined; first?: LockdownClient } = {},
  ) {
    this.#open = open;
    this.#idleMs = idleMs;
    this.#client = first;
    if (first !== undefined) this.#closeWhenIdle();
  }

  /**
   * Lends a session to `work`. When a kept one turns out to be gone, `work` is done once more with a fresh one: it
   * must be something that can be repeated.
   */
  use<T>(work: (client: LockdownClient) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#lend(work));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    await this.#drop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #lend<T>(work: (client: LockdownClient) => Promise<T>): Promise<T> {
    if (this.#closed) throw new AppError('CANCELLED', 'the device is closed');
    clearTimeout(this.#idleTimer);
    try {
      return await this.#repeatably(work);
    } finally {
      this.#closeWhenIdle();
    }
  }

  #closeWhenIdle(): void {
    this.#idleTimer = setTimeout(() => void this.#drop(), this.#idleMs);
    this.#idleTimer.unref();
  }

  async #repeatably<T>(work: (client: LockdownClient) => Promise<T>): Promise<T> {
    const wasKept = this.#client !== undefined;
    this.#client ??= await this.#open();
    const client = this.#client;
    try {
      return await work(client);
    } catch (error) {
      if (!isAppError(error, 'CONNECTION_LOST', 'CANCELLED', 'PROTOCOL_VIOLATION')) throw error;
      client.close();
      this.#client = undefined;
      if (wasKept && isAppError(error, 'CONNECTION_LOST')) return await this.#repeatably(work);
      throw error;
    }
  }

  /** Ends the session politely; whether the device still listens does not matter. */
  async #drop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const client = this.#client;
    this.#client = undefined;
    await client?.stopSession().catch(() => undefined);
  }
}
