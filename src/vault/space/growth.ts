const DAY_MS = 86_400_000;
/** How far back a growth is looked at. */
const WINDOW_DAYS = 30;
/** Fewer days tell nothing. */
const MIN_DAYS = 3;

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
