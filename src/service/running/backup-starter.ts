import type { Job } from '../../contract/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import { type AppError, isAppError } from '../../shared/errors.ts';
import { endOf } from '../history/record-try.ts';
import { appendTry } from '../history/tries.ts';
import { runBackupJob } from '../jobs/backup-job.ts';
import type { JobHandle } from '../jobs/job-board.ts';
import type { Slots } from '../jobs/slots.ts';
import type { JobRoom } from './job-room.ts';
import { sentence } from '../../shared/text/sentence.ts';
import type { SkippedTries } from './skipped-tries.ts';

export interface BackupStarterOptions extends JobRoom {
  readonly slots: Slots;
  readonly skipped: SkippedTries;
}

interface Wanted {
  readonly full: boolean;
  readonly automatic: boolean;
}

/** Begins backups: each in its slot, all in one open vault. */
export class BackupStarter {
  readonly #options: BackupStarterOptions;

  constructor(options: BackupStarterOptions) {
    this.#options = options;
  }

  /** @throws {AppError} DEVICE_NOT_FOUND, DEVICE_NOT_TRUSTED, DEVICE_BUSY */
  start(udid: string, wanted: Wanted): Job {
    const { board, devices, skipped, onBug } = this.#options;
    const device = devices.free(udid);
    skipped.begun(udid);
    const spec = { kind: 'backup', udid, automatic: wanted.automatic } as const;
    return board.start(spec, (handle) => this.#work(handle, device, wanted), onBug);
  }

  async #work(handle: JobHandle, device: DeviceListing, wanted: Wanted): Promise<void> {
    const { slots, keeper, maintenance, setup, stateDir, clock } = this.#options;
    const { signal } = handle;
    using _slot = await slots.take({ urgent: !wanted.automatic, signal });
    await maintenance.stepBack();
    let isBegun = false;
    const work = { setup, device, stateDir, ...wanted, now: () => clock.now() };
    try {
      await keeper.use(
        async (vault) => {
          handle.begin();
          isBegun = true;
          await runBackupJob(handle, vault, work);
          maintenance.afterBackup();
        },
        { signal, onWaiting: (reason) => handle.warn(sentence(reason)) },
      );
    } catch (error) {
      if (!isBegun && isAppError(error)) await this.#keep(device.udid, error, wanted);
      throw error;
    }
  }

  /** The vault could not be opened: the device was not even asked. */
  async #keep(udid: string, error: AppError, { automatic }: Wanted): Promise<void> {
    const entry = { at: this.#options.clock.now(), kind: 'backup', ...endOf(error), asked: false } as const;
    try {
      await appendTry(this.#options.stateDir, udid, { ...entry, ...(automatic ? { automatic } : {}) });
    } catch (failure) {
      if (!isAppError(failure)) throw failure;
    }
  }
}
