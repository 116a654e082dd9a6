import type { SnapshotRecord } from '../snapshots/record.ts';

const DAY_MS = 86_400_000;
/** How far back a growth is looked at. */
const WINDOW_DAYS = 30;
/** Fewer days tell nothing. */
const MIN_DAYS = 3;
/** A disk that lasts longer is not foreseen to fill: 100 years. */
const FORESEEABLE_DAYS = 36_525;

/** What one snapshot brought that the ones before it do not have. */
export interface Arrival {
  readonly takenAt: Date;
  readonly addedBytes: number;
}

/**
 * By how much a device grows on a usual day: the median of the last thirty days before its newest snapshot. What came
 * after several days without a snapshot counts as having come evenly; the first snapshot does not count.
 *
 * @param arrivals of one device, oldest first.
 * @returns bytes a day; undefined when there are less than three days to go by.
 */
export function usualGrowth(arrivals: readonly Arrival[]): number | undefined {
  const newest = arrivals.at(-1)?.takenAt.getTime() ?? 0;
  const oldest = arrivals[0]?.takenAt.getTime() ?? 0;
  const days = Math.min(WINDOW_DAYS, Math.floor((newest - oldest) / DAY_MS));
  if (days < MIN_DAYS) return undefined;
  const perDay = new Float64Array(days);
  for (const [at, { takenAt, addedBytes }] of arrivals.entries()) {
    const before = arrivals[at - 1];
    if (before === undefined) continue;
    spread(perDay, newest - takenAt.getTime(), newest - before.takenAt.getTime(), addedBytes);
  }
  return median(perDay);
}

/** Adds bytes that came between two ages to the days they came on; day 0 is the newest. */
function spread(perDay: Float64Array, fromAgeMs: number, toAgeMs: number, bytes: number): void {
  const lengthMs = toAgeMs - fromAgeMs;
  for (let day = Math.floor(fromAgeMs / DAY_MS); day < perDay.length && day * DAY_MS <= toAgeMs; day++) {
    const overlapMs = Math.min(toAgeMs, (day + 1) * DAY_MS) - Math.max(fromAgeMs, day * DAY_MS);
    const share = lengthMs === 0 ? 1 : overlapMs / lengthMs;
    perDay[day] = (perDay[day] ?? 0) + bytes * share;
    if (lengthMs === 0) return;
  }
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** When a disk is full at a growth; undefined when that is not foreseen. */
export function fullAt(freeBytes: number, growthPerDay: number | undefined, nowMs: number): Date | undefined {
  if (growthPerDay === undefined || growthPerDay <= 0) return undefined;
  const days = freeBytes / growthPerDay;
  return days > FORESEEABLE_DAYS ? undefined : new Date(nowMs + days * DAY_MS);
}

/**
 * When the disk of a vault is full, by what its snapshots brought and with nothing thinned: quick, from their records alone.
 * `measureSpace` counts exactly.
 *
 * @param newestFirst of all devices.
 * @returns undefined when that is not foreseen.
 */
export function forecastFull(newestFirst: readonly SnapshotRecord[], freeBytes: number, now: Date): Date | undefined {
  const byDevice = Map.groupBy(newestFirst, ({ udid }) => udid);
  const growths = [...byDevice.values()].flatMap((records) => {
    const arrivals = records.map(({ takenAt, newBytes }) => ({ takenAt, addedBytes: newBytes }));
    return usualGrowth(arrivals.toReversed()) ?? [];
  });
  const growthPerDay = growths.reduce((sum, each) => sum + each, 0);
  return fullAt(freeBytes, growthPerDay, now.getTime());
}
