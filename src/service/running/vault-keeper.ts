import { openKnownVault, type Vault } from '../../vault/index.ts';

export interface VaultKeeperOptions {
  readonly dir: string;
  readonly stateDir: string;
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

  /** Whether a job has it open. */
  get isOpen(): boolean {
    return this.#users > 0;
  }

  /**
   * Does `work` with the open vault, beside others that do the same.
   *
   * @throws {AppError} VAULT_NOT_FOUND, VAULT_BUSY when a command has it, VAULT_UNREADABLE, STORAGE_FAILED
   */
  async use<T>(work: (vault: Vault) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      this.#opening ??= this.#open();
      return await work(await this.#opening);
    } finally {
      this.#users--;
      if (this.#users === 0) this.#close();
    }
  }

  /** Resolves when it is closed. */
  closed(): Promise<void> {
    return this.#closing;
  }

  async #open(): Promise<Vault> {
    await this.#closing;
    const { dir, stateDir } = this.#options;
    return openKnownVault({ dir, stateDir, purpose: 'the service', create: true, lock: 'write' });
  }

  #close(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening === undefined) return;
    this.#closing = opening.then(
      (vault) => vault.close(),
      () => undefined,
    );
  }
}
