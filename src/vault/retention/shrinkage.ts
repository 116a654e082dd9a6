import { isInFuture } from '../snapshots/in-future.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';

/** More percent of files or bytes that are lost are taken for an accident. */
const ALARMING_LOSS_PERCENT = 30;
/** How long the version before stays, so that somebody can look. */
const FREEZE_DAYS = 30;
/**
 * A longer time without a snapshot freezes everything before it: if it was the clock of this computer that jumped, the
 * next versions would push the good ones out.
 */
const ALARMING_GAP_DAYS = 180;
const DAY_MS = 86_400_000;

/** Something about a new snapshot that somebody should look at. */
export type SnapshotAlarm =
  | {
      readonly kind: 'shrunk';
      readonly record: SnapshotRecord;
      /** The snapshot before it, which is kept until then. */
      readonly before: SnapshotRecord;
      /** 0…1; 0 when there are more than before. */
      readonly lostFiles: number;
      readonly lostBytes: number;
      readonly frozenUntil: Date;
    }
  | {
      /** Nothing was kept for very long, or the clock was wrong. Everything before is kept until then. */
      readonly kind: 'gap';
      readonly record: SnapshotRecord;
      readonly before: SnapshotRecord;
      readonly gapDays: number;
      readonly frozenUntil: Date;
    };

/** A snapshot that the rule leaves alone for a while. */
export interface FrozenSnapshot {
  readonly record: SnapshotRecord;
  readonly until: Date;
  /** The snapshot that raised the alarm. */
  readonly because: SnapshotRecord;
}

/**
 * Looks for snapshots that have lost much against the one before, and for gaps in time.
 *
 * @param newestFirst of one device. What is dated in the future came from a clock that is right by now, and is compared
 * with nothing: it would freeze what is thinned, and seem to have lost much, until then.
 * @returns what still holds at `now`. A snapshot counts from when it was finished here, also one that was imported.
 */
export function findAlarms(newestFirst: readonly SnapshotRecord[], now: Date): SnapshotAlarm[] {
  const dated = newestFirst.filter((record) => !isInFuture(record, now));
  return dated.flatMap((record, at): SnapshotAlarm[] => {
    const before = dated[at + 1];
    const frozenUntil = new Date(record.finishedAt.getTime() + FREEZE_DAYS * DAY_MS);
    if (before === undefined || frozenUntil <= now) return [];
    const alarms: SnapshotAlarm[] = [];
    if (hasShrunk(before.list.files, record.list.files) || hasShrunk(before.list.bytes, record.list.bytes)) {
      const lostFiles = loss(before.list.files, record.list.files);
      const lostBytes = loss(before.list.bytes, record.list.bytes);
      alarms.push({ kind: 'shrunk', record, before, lostFiles, lostBytes, frozenUntil });
    }
    const gapDays = (record.takenAt.getTime() - before.takenAt.getTime()) / DAY_MS;
    if (gapDays > ALARMING_GAP_DAYS) alarms.push({ kind: 'gap', record, before, gapDays, frozenUntil });
    return alarms;
  });
}

/** The snapshots that alarms keep, each with the alarm that keeps it longest. @param newestFirst of one device. */
export function frozenBy(
  alarms: readonly SnapshotAlarm[],
  newestFirst: readonly SnapshotRecord[],
): Map<SnapshotRecord, FrozenSnapshot> {
  const frozen = new Map<SnapshotRecord, FrozenSnapshot>();
  for (const { kind, record: because, before, frozenUntil: until } of alarms) {
    const records = kind === 'shrunk' ? [before] : newestFirst.slice(newestFirst.indexOf(before));
    for (const record of records) {
      const known = frozen.get(record);
      if (known === undefined || known.until < until) frozen.set(record, { record, until, because });
    }
  }
  return frozen;
}

/** In whole numbers: 30 % of a thousand are exactly 300. */
function hasShrunk(before: number, now: number): boolean {
  return (before - now) * 100 > before * ALARMING_LOSS_PERCENT;
}

function loss(before: number, now: number): number {
  return before === 0 ? 0 : Math.max(0, 1 - now / before);
}
