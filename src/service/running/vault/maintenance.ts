import type { Settings } from '../../../contract/index.ts';
import { AppError, isAppError } from '../../../shared/errors.ts';
import type { Logger } from '../../../shared/logger.ts';
import type { ServiceClock } from '../../clock.ts';
import { thinAfterBackup, type ThinAfterBackupResult } from '../../retention/thin-after-backup.ts';
import type { VaultKeeper } from './vault-keeper.ts';

export interface MaintenanceOptions {
  readonly keeper: VaultKeeper;
  readonly clock: ServiceClock;
  readonly timeZone: string;
  readonly logger: Logger;
  readonly settings: () => Settings;
  readonly onThinned: (result: ThinAfterBackupResult) => void;
  readonly onBug: (error: unknown) => void;
}

/** Keeps the vault small after backups. Steps back when a backup wants to begin. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  #running: { readonly stop: AbortController; readonly over: Promise<void> } | undefined;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
  }

  /** Begins to thin what the rule does not keep. To be called while the vault is still open for the backup. */
  afterBackup(): void {
    if (this.#running !== undefined) return;
    const stop = new AbortController();
    const over = this.#thin(stop.signal).finally(() => {
      this.#running = undefined;
    });
    this.#running = { stop, over };
  }

  /** Stops what goes on, and resolves when it has: it is gone on with after the next backup. */
  async stepBack(): Promise<void> {
    this.#running?.stop.abort(new AppError('CANCELLED', 'something more urgent came'));
    await this.#running?.over;
  }

  async #thin(signal: AbortSignal): Promise<void> {
    const { keeper, clock, timeZone, logger, settings, onThinned, onBug } = this.#options;
    try {
      const result = await keeper.use((vault) =>
        thinAfterBackup({ vault, rule: settings().retention, timeZone, now: clock.now(), signal }),
      );
      onThinned(result);
    } catch (error) {
      if (!isAppError(error)) onBug(error);
      else if (!signal.aborted)
        logger.warn('old versions could not be removed', { code: error.code, reason: error.message });
    }
  }
}
