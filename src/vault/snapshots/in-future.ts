import type { SnapshotRecord } from './record.ts';

const DAY_MS = 86_400_000;

/** Whether the date of a snapshot cannot be true. A day may be the difference between two clocks; more is a wrong one. */
export function isInFuture({ takenAt }: Pick<SnapshotRecord, 'takenAt'>, now: Date): boolean {
  return takenAt.getTime() > now.getTime() + DAY_MS;
}
