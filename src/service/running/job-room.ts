import { AppError } from '../../shared/errors.ts';
import type { DeviceListing } from '../../device/index.ts';
import type { ServiceClock } from '../clock.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import type { JobBoard } from '../jobs/job-board.ts';
import type { DeviceWatch } from '../watching/device-watch.ts';
import { listingOf } from '../watching/presence.ts';
import type { Maintenance } from './vault/maintenance.ts';
import type { VaultKeeper } from './vault/vault-keeper.ts';

/** What every job works in. */
export interface JobRoom {
  readonly board: JobBoard;
  readonly keeper: VaultKeeper;
  readonly maintenance: Maintenance;
  readonly watch: DeviceWatch;
  readonly devices: DevicesAtHand;
  readonly setup: DeviceSetup;
  readonly stateDir: string;
  readonly clock: ServiceClock;
  readonly onBug: (error: unknown) => void;
}

/** The devices as jobs want them. */
export class DevicesAtHand {
  readonly #watch: DeviceWatch;
  readonly #board: JobBoard;

  constructor(watch: DeviceWatch, board: JobBoard) {
    this.#watch = watch;
    this.#board = board;
  }

  /** A device that is there. @throws {AppError} DEVICE_NOT_FOUND */
  listing(udid: string): DeviceListing {
    const presence = this.#watch.get(udid);
    const device = presence && listingOf(presence);
    if (device !== undefined) return device;
    throw new AppError('DEVICE_NOT_FOUND', 'the device is not there', {
      hint: 'Connect it with a cable, or bring it into the same Wi-Fi and unlock it.',
      details: { udid },
    });
  }

  /**
   * A device that is there, and that no job works with.
   *
   * @throws {AppError} DEVICE_NOT_FOUND, DEVICE_NOT_TRUSTED, DEVICE_BUSY
   */
  free(udid: string, { mayBeUnpaired = false }: { mayBeUnpaired?: boolean } = {}): DeviceListing {
    const device = this.listing(udid);
    if (!device.paired && !mayBeUnpaired) {
      throw new AppError('DEVICE_NOT_TRUSTED', 'the device does not trust this computer', {
        hint: 'Connect it with a cable, unlock it and answer “Trust” on its screen.',
        details: { udid },
      });
    }
    if (!this.#board.active().some((job) => job.udid === udid)) return device;
    throw new AppError('DEVICE_BUSY', 'a job for this device is already running', {
      hint: 'Wait until it has finished, or stop it.',
      details: { udid },
    });
  }
}
