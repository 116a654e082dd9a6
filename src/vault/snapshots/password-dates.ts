import type { SnapshotRecord } from './record.ts';

/**
 * Since when snapshots open with the password they open with: for each keybag, when the oldest snapshot with it that is
 * still there was taken. It is how people tell their passwords apart: "the one I had in spring". Snapshots that were
 * made before keybags were noted are left out.
 *
 * @param records of all devices, or of one.
 */
export function passwordDates(records: readonly SnapshotRecord[]): ReadonlyMap<string, Date> {
  const dates = new Map<string, Date>();
  for (const { checks, takenAt, finishedAt } of records) {
    const keybag = checks['keybag'];
    if (typeof keybag !== 'string') continue;
    // A change of password leaves a snapshot of the files as they were some time before.
    const since = checks['passwordChangeOf'] === undefined ? takenAt : finishedAt;
    const known = dates.get(keybag);
    if (known === undefined || since < known) dates.set(keybag, since);
  }
  return dates;
}
