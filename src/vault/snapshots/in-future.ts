import type { SnapshotRecord } from './record.ts';

const DAY_MS = 86_400_000;

type Dated = Pick<SnapshotRecord, 'takenAt'>;

/** Whether the date of a snapshot cannot be true. A day may be the difference between two clocks; more is a wrong one. */
export function isInFuture({ takenAt }: Dated, now: Date): boolean {
  return takenAt.getTime() > now.getTime() + DAY_MS;
}

/** The newest of each device; one with a date that cannot be true only where there is no other. */
export function newestOfEach<R extends Pick<SnapshotRecord, 'udid' | 'takenAt'>>(records: Iterable<R>, now: Date): R[] {
  const newest = new Map<string, R>();
  for (const record of records) {
    const known = newest.get(record.udid);
    if (known === undefined || isNewer(record, known, now)) newest.set(record.udid, record);
  }
  return [...newest.values()];
}

function isNewer(one: Dated, other: Dated, now: Date): boolean {
  const isWrong = isInFuture(one, now);
  return isWrong === isInFuture(other, now) ? one.takenAt > other.takenAt : !isWrong;
}
