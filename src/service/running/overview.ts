/** How everything stands, as the first page shows it. */
import type { Alarm, CopyOverview, DeviceOverview, Overview, Verdict } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Assembly, ServiceParts } from './assemble.ts';
import { copiesOfDevice, copiesOverview } from './copies-overview.ts';
import type { Moment } from './known-devices/rule-input.ts';
import { storageOverview } from './vault/storage-overview.ts';

/** The worst first. */
const VERDICTS: readonly Verdict[] = ['at-risk', 'attention', 'unknown', 'safe'];

/** All devices and alarms, the space for them, and the worst that any of them says. */
export async function overviewOf(
  own: Assembly,
  parts: ServiceParts,
  alarms: Alarm[],
  moment: Moment,
): Promise<Overview> {
  const devices = await deviceOverviews(own, parts, moment);
  const stands = new Set<Verdict>([...devices.map((device) => device.verdict), ...alarms.map(({ level }) => level)]);
  const verdict = VERDICTS.find((each) => stands.has(each)) ?? 'unknown';
  const { snapshots } = await own.view.listing();
  const storage = await storageOverview(parts.vaultDir, { newestFirst: snapshots, now: moment.now });
  const last = await own.checkups.last();
  return {
    verdict,
    devices,
    ...(storage && { storage }),
    ...(last && { lastCheckup: { at: last.endedAt, verdict: last.verdict } }),
    alarms,
  };
}

/** Every device that was ever heard of, with its copies. */
export async function deviceOverviews(
  { book, board }: Assembly,
  { places }: ServiceParts,
  moment: Moment,
): Promise<DeviceOverview[]> {
  const devices = await book.overviews(moment);
  const copies = await copiesIfAny(() => copiesOverview(places.stateDir, board.active(), moment.now));
  return devices.map((device) => ({ ...device, copies: copiesOfDevice(copies, device.udid) }));
}

/** A list of copies that cannot be read hides no device. */
async function copiesIfAny(read: () => Promise<CopyOverview[]>): Promise<CopyOverview[]> {
  try {
    return await read();
  } catch (error) {
    if (!isAppError(error)) throw error;
    return [];
  }
}
