import type { Job } from '../../contract/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import type { ServiceClock } from '../clock.ts';
import type { DeviceSetup } from '../devices.ts';
import { endOf } from '../history/record-try.ts';
import { appendTry } from '../history/tries.ts';
import { runBackupJob } from '../jobs/backup-job.ts';
import type { JobBoard, JobHandle } from '../jobs/job-board.ts';
import type { Slots } from '../jobs/slots.ts';
import type { DeviceWatch } from '../watching/device-watch.ts';
import { listingOf } from '../watching/presence.ts';
import type { Maintenance } from './maintenance.ts';
import type { SkippedTries } from './skipped-tries.ts';
import type { VaultKeeper } from './vault-keeper.ts';

export interface BackupStarterOptions {
  readonly board: JobBoard;
  readonly slots: Slots;
  readonly keeper: VaultKeeper;
  readonly maintenance: Maintenance;
  readonly watch: DeviceWatch;
  readonly setup: DeviceSetup;
  readonly stateDir: string;
  readonly clock: ServiceClock;
  readonly skipped: SkippedTries;
  readonly onBug: (error: unknown) => void;
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
    const { board, skipped, onBug } = this.#options;
    const device = this.#deviceFor(udid);
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

  #deviceFor(udid: string): DeviceListing {
    const { watch, board } = this.#options;
    const presence = watch.get(udid);
    const device = presence && listingOf(presence);
    if (device === undefined) {
      throw new AppError('DEVICE_NOT_FOUND', 'the device is not there', {
        hint: 'Connect it with a cable, or bring it into the same Wi-Fi and unlock it.',
        details: { udid },
      });
    }
    if (!device.paired) {
      throw new AppError('DEVICE_NOT_TRUSTED', 'the device does not trust this computer', {
        hint: 'Connect it with a cable, unlock it and answer “Trust” on its screen.',
        details: { udid },
      });
    }
    if (board.active().some((job) => job.udid === udid)) {
      throw new AppError('DEVICE_BUSY', 'a job for this device is already running', {
        hint: 'Wait until it has finished, or stop it.',
        details: { udid },
      });
    }
    return device;
  }
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
