/** How everything stands, as the first page shows it. */
import type { Alarm, DeviceOverview, Overview, Verdict } from '../../contract/index.ts';
import { unlessUnreadable } from '../../copies/index.ts';
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
  // A list of copies that cannot be read hides no device.
  const copies = await unlessUnreadable(copiesOverview(places.stateDir, board.active(), moment.now));
  if (copies === undefined) return devices;
  return devices.map((device) => ({ ...device, copies: copiesOfDevice(copies, device.udid) }));
}
