import { isAppError } from '../../../shared/errors.ts';
import type { Logger } from '../../../shared/logger.ts';
import { SERVICE_PURPOSE } from '../../../shared/service-purpose.ts';
import { openKnownVault, type Vault } from '../../../vault/index.ts';
import type { ServiceClock } from '../../clock.ts';

/** How often it is looked whether a command is done with the vault. */
const BUSY_RETRY_MS = 2_000;

export interface VaultKeeperOptions {
  readonly dir: string;
  readonly stateDir: string;
  readonly clock: ServiceClock;
  readonly logger: Logger;
}

export interface UseOptions {
  readonly signal: AbortSignal;
  /** Called once, with why, when somebody else has the vault and has to be waited for. */
  readonly onWaiting?: (reason: string) => void;
}

/**
 * The vault, open for writing as long as any job needs it and closed otherwise, so that commands may use it in between
 * and its disk can be taken away. Jobs share it.
 */
export class VaultKeeper {
  readonly #options: VaultKeeperOptions;
  #users = 0;
  #opening: Promise<Vault> | undefined;
  #closing: Promise<void> = Promise.resolve();

  constructor(options: VaultKeeperOptions) {
    this.#options = options;
  }

  /**
   * Does `work` with the open vault, beside others that do the same.
   *
   * @throws {AppError} VAULT_NOT_FOUND, VAULT_BUSY where nobody gave a signal to wait with, VAULT_UNREADABLE,
   * STORAGE_FAILED
   */
  async use<T>(work: (vault: Vault) => Promise<T>, waiting?: UseOptions): Promise<T> {
    this.#users++;
    try {
      return await work(await (waiting === undefined ? this.#vault() : this.#whenFree(waiting)));
    } finally {
      this.#users--;
      if (this.#users === 0) this.#close();
    }
  }

  /** Resolves when it is closed, where nobody uses it. */
  closed(): Promise<void> {
    return this.#closing;
  }

  /** A command that has the vault is waited for. */
  async #whenFree({ signal, onWaiting }: UseOptions): Promise<Vault> {
    for (let isTold = false; ; isTold = true) {
      try {
        return await this.#vault();
      } catch (error) {
        if (!isAppError(error, 'VAULT_BUSY')) throw error;
        if (!isTold) onWaiting?.(error.message);
      }
      await this.#options.clock.sleep(BUSY_RETRY_MS, signal);
    }
  }

  async #vault(): Promise<Vault> {
    const opening = (this.#opening ??= this.#open());
    try {
      return await opening;
    } catch (error) {
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }

  async #open(): Promise<Vault> {
    await this.#closing;
    const { dir, stateDir } = this.#options;
    return openKnownVault({ dir, stateDir, purpose: SERVICE_PURPOSE, create: true, lock: 'write' });
  }

  #close(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening === undefined) return;
    this.#closing = opening.then((vault) => vault.close()).catch((error: unknown) => this.#notClosed(error));
  }

  /** What was durable is; a disk that is gone cannot be told goodbye. */
  #notClosed(error: unknown): void {
    if (!isAppError(error)) throw error;
    this.#options.logger.warn('the vault could not be closed in order', { code: error.code, reason: error.message });
  }
}
