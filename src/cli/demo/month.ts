import { backUp } from '../../backup/index.ts';
import { openDevice, type DeviceListing } from '../../device/index.ts';
import { appendTry, recordTry, type DeviceSetup } from '../../service/index.ts';
import type { Places } from '../../shared/files/places.ts';
import { openVaultWith } from '../../vault/index.ts';
import { mutateLibrary } from '../../virtual-iphone/index.ts';
import type { Household, HouseholdDevice } from './household.ts';

export interface MonthRequest {
  readonly household: Household;
  /** Of the same devices, in the same order. */
  readonly listings: readonly DeviceListing[];
  readonly setup: DeviceSetup;
  readonly places: Places;
  readonly signal: AbortSignal;
}

/** A device on an evening of the month. */
interface Evening {
  readonly device: HouseholdDevice;
  readonly listing: DeviceListing;
  readonly when: Date;
  readonly what: 'backup' | 'not-confirmed' | 'failed';
  /** Since the backup before. */
  readonly daysOfUse: number;
}

/**
 * Lets the month before today happen: days go by on each device, and it is backed up on its evenings, by the real
 * protocols into the real vault; only the clocks are set back. What went wrong on some evenings is put into the
 * history as it would have been. In a folder of an earlier demo the month has been, and is not lived again.
 *
 * @returns how many versions there are then.
 */
export async function liveThroughMonth(request: MonthRequest): Promise<number> {
  const { household, setup, places, signal } = request;
  let today = new Date();
  await using vault = await openVaultWith(
    places.vaultDir,
    { create: true, purpose: 'the demo', lock: 'write' },
    { now: () => today.getTime() },
  );
  const evenings = vault.snapshots().length > 0 ? [] : eveningsOf(request);
  for (const evening of evenings) {
    signal.throwIfAborted();
    const { device, listing, when, what, daysOfUse } = evening;
    today = when;
    device.clock.set(when);
    const facts = { stateDir: places.stateDir, udid: listing.udid, kind: 'backup', automatic: true } as const;
    if (what !== 'backup') {
      await appendTry(places.stateDir, listing.udid, {
        ...WENT_WRONG[what],
        kind: 'backup',
        automatic: true,
        at: when,
      });
      continue;
    }
    for (let day = 0; day < daysOfUse; day++) mutateLibrary(device.phone.disk);
    await using opened = await openDevice({ location: listing.location, pairRecords: setup.pairRecords, signal });
    const job = recordTry(
      { ...facts, connection: () => 'usb', now: () => when },
      backUp({ device: opened, vault, signal }),
    );
    for await (const _event of job) signal.throwIfAborted();
  }
  for (const { clock } of household.devices) clock.set(undefined);
  return vault.snapshots().length;
}

/** All evenings of all devices in the order they came. */
function eveningsOf({ household, listings }: MonthRequest): Evening[] {
  const evenings = household.devices.flatMap((device, nth): Evening[] => {
    const listing = listings[nth];
    if (listing === undefined) return [];
    const { backups, notConfirmed = [], failed = [] } = device.habit;
    return [
      ...backups.map(([days, hour], at): Evening => {
        const [before = days] = backups[at - 1] ?? [];
        return { device, listing, when: daysAgo(days, hour), what: 'backup', daysOfUse: before - days };
      }),
      ...[
        ...notConfirmed.map((days) => ({ days, what: 'not-confirmed' as const })),
        ...failed.map((days) => ({ days, what: 'failed' as const })),
      ].map(({ days, what }): Evening => ({ device, listing, when: daysAgo(days, 22), what, daysOfUse: 0 })),
    ];
  });
  return evenings.toSorted((a, b) => a.when.getTime() - b.when.getTime());
}

function daysAgo(days: number, hour: number): Date {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, hour, 10 + days);
}

const WENT_WRONG = {
  'not-confirmed': {
    outcome: 'not-confirmed',
    code: 'PASSCODE_NOT_ENTERED',
    sentence: 'Nobody entered the passcode on the device.',
    hint: 'It asks again when the device is next unlocked at home.',
    asked: true,
  },
  failed: {
    outcome: 'failed',
    code: 'CONNECTION_LOST',
    sentence: 'The connection to the device was lost.',
    hint: 'Connect it again: the backup goes on where it stopped.',
  },
} as const;
