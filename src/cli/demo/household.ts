import { join } from 'node:path';
import { pause } from '../../device/index.ts';
import { findDevice, pairWith, type DeviceListing, type DeviceSetup } from '../../service/index.ts';
import {
  startVirtualIphone,
  VirtualMux,
  type Breach,
  type VirtualIphone,
  type VirtualIphoneOptions,
} from '../../virtual-iphone/index.ts';

/** What the demo's devices encrypt their backups with. Shown to everybody: it protects nothing. */
export const DEMO_PASSWORD = 'holdfast';

/** How somebody lives with a device, as far as a month of backups shows it. */
export interface Habit {
  /** Backed up so many days ago, at this local hour. */
  readonly backups: readonly (readonly [daysAgo: number, hour: number])[];
  /** Nights on which it was due and nobody entered the passcode. */
  readonly notConfirmed?: readonly number[];
  /** Nights on which the link broke. */
  readonly failed?: readonly number[];
}

interface Member {
  readonly options: Pick<VirtualIphoneOptions, 'name' | 'seed' | 'productType' | 'productVersion' | 'passcode'>;
  readonly habit: Habit;
}

/** Thirty days until today, and the two that go by before your eyes. */
const LIVED_DAYS = 32;
const at = (hour: number, ...daysAgo: number[]): [number, number][] => daysAgo.map((days) => [days, hour]);

/** A phone that is charged every night, one that travels, and a tablet that nobody thinks of. */
const FAMILY: readonly Member[] = [
  {
    options: {
      name: 'Ada’s iPhone',
      seed: 1,
      productType: 'iPhone17,3',
      productVersion: '26.1',
      passcode: { mode: 'accept', delayMs: 500 },
    },
    habit: { backups: at(23, 30, 24, 18, 14, 11, 8, 6, 5, 4, 3, 2, 1), failed: [9] },
  },
  {
    options: {
      name: 'Ben’s iPhone',
      seed: 2,
      productType: 'iPhone14,5',
      productVersion: '18.5',
      passcode: { mode: 'accept', delayMs: 500 },
    },
    habit: { backups: at(7, 28, 21, 13, 7, 4, 1), notConfirmed: [9, 10] },
  },
  {
    options: {
      name: 'Family iPad',
      seed: 3,
      productType: 'iPad13,18',
      productVersion: '17.7',
      passcode: { mode: 'ignore', delayMs: 0 },
    },
    habit: { backups: at(20, 29, 16, 9), notConfirmed: [3, 2, 1] },
  },
];

/** One device of the household, plugged in. */
export interface HouseholdDevice {
  readonly phone: VirtualIphone;
  readonly habit: Habit;
  /** The time on it, which the month before is told with. */
  readonly clock: DemoClock;
}

/** A clock that can be set. */
class DemoClock {
  #aheadMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  /** It is this moment now; undefined is the present. */
  set(moment: Date | undefined): void {
    this.#aheadMs = moment === undefined ? 0 : moment.getTime() - Date.now();
  }
}

/** Two iPhones and an iPad on one computer, each with a life that began long before. */
export class Household implements AsyncDisposable {
  readonly devices: readonly HouseholdDevice[];
  readonly breaches: readonly Breach[];
  readonly #stack: AsyncDisposableStack;

  private constructor(devices: readonly HouseholdDevice[], breaches: Breach[], stack: AsyncDisposableStack) {
    this.devices = devices;
    this.breaches = breaches;
    this.#stack = stack;
  }

  static async plugIn(dir: string, socketPath: string): Promise<Household> {
    await using stack = new AsyncDisposableStack();
    const mux = stack.use(await VirtualMux.start({ stateDir: dir, socketPath }));
    const breaches: Breach[] = [];
    const devices: HouseholdDevice[] = [];
    const libraryDay = new Date(Date.now() - LIVED_DAYS * 24 * 60 * 60 * 1000);
    for (const { options, habit } of FAMILY) {
      const clock = new DemoClock();
      const phone = await startVirtualIphone({
        ...options,
        // While the month is told somebody is always there.
        passcode: { mode: 'accept', delayMs: 0 },
        stateDir: join(dir, `device-${options.seed}`),
        mux,
        libraryDay,
        backupPassword: DEMO_PASSWORD,
        clock: { now: () => clock.now(), sleep: pause },
        onBreach: (breach) => breaches.push(breach),
      });
      devices.push({ phone: stack.use(phone), habit, clock });
    }
    return new Household(devices, breaches, stack.move());
  }

  /** From now on the owners answer as they do: the tablet lies in a drawer. */
  live(): void {
    for (const [nth, { phone }] of this.devices.entries()) {
      phone.setPasscode(FAMILY[nth]?.options.passcode ?? { mode: 'none', delayMs: 0 });
    }
  }

  /** The owners tap “Trust”. */
  async pair(setup: DeviceSetup, signal: AbortSignal): Promise<DeviceListing[]> {
    const listings: DeviceListing[] = [];
    for (const { phone } of this.devices) {
      const listing = await findDevice(setup, phone.udid, { network: false, signal });
      await pairWith(setup, listing, { signal });
      listings.push(listing);
    }
    return listings;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack[Symbol.asyncDispose]();
  }
}
