import type { SnapshotSummary } from '../../../../src/contract/index.ts';

export interface DayOfVersions {
  /** Its midnight, where the reader is. */
  readonly day: Date;
  readonly versions: readonly SnapshotSummary[];
}

/** Groups versions by the reader's days; the order stays. */
export function byDay(versions: readonly SnapshotSummary[]): DayOfVersions[] {
  const days = new Map<number, SnapshotSummary[]>();
  for (const version of versions) {
    const at = new Date(version.takenAt);
    const day = new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
    const known = days.get(day);
    if (known === undefined) days.set(day, [version]);
    else known.push(version);
  }
  return [...days].map(([day, ofDay]) => ({ day: new Date(day), versions: ofDay }));
}
