import type { DeviceOverview, DeviceStatus, Verdict } from '../../../../src/contract/index.ts';

/** The worst first. */
const VERDICTS: readonly Verdict[] = ['at-risk', 'attention', 'unknown', 'safe'];

export function worseOf(one: Verdict, other: Verdict): Verdict {
  return VERDICTS.indexOf(one) <= VERDICTS.indexOf(other) ? one : other;
}

/**
 * A device by its rule and by where its backups lie: one that is backed up in time and kept on a single disk is not called
 * safe on one page and in need of attention on another. The first thing that is wrong with its places is said, too.
 */
export function withPlaces(device: DeviceOverview, status: DeviceStatus | undefined): DeviceOverview {
  if (status === undefined || worseOf(device.verdict, status.verdict) === device.verdict) return device;
  const said = new Set(device.reasons.map(({ code }) => code));
  const [found] = status.reasons.filter(({ code }) => !said.has(code));
  const reasons = device.reasons.filter(({ code }) => !code.startsWith('verdict-'));
  return { ...device, verdict: status.verdict, reasons: found === undefined ? reasons : [...reasons, found] };
}
