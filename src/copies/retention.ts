import { isInFuture, thin, type KeepRule, type SnapshotLabels, type SnapshotRecord } from '../vault/index.ts';
import type { KeepThere } from '../contract/index.ts';
import type { AppError } from '../shared/errors.ts';
import type { RunEvent } from './copy.ts';

/** One version of a device, there or here. */
export interface Version {
  /** Of the snapshot. */
  readonly id: string;
  readonly udid: string;
  readonly takenAt: Date;
}

/** What is known of versions here. */
export interface KnownHere {
  readonly records: readonly SnapshotRecord[];
  readonly labels: ReadonlyMap<string, SnapshotLabels>;
  readonly now: Date;
}

/**
 * Decides by a copy's own rule which versions it keeps, each device by itself: as `thin` does for the vault, so that
 * here as there the newest, the newest proven, what is pinned or held, and what an alarm has frozen stay.
 *
 * @returns ids of those that stay.
 */
export function keptByRule(
  versions: readonly Version[],
  rule: KeepThere,
  { records, labels, now }: KnownHere,
): Set<string> {
  const known = new Map(records.map((record) => [record.id, record]));
  const all = versions.map((version) => known.get(version.id) ?? unknownHere(version));
  const kept = new Set(thin(all, labels, keepRuleOf(rule), now).keep.map(({ record }) => record.id));
  for (const ofDevice of Map.groupBy(all, ({ udid }) => udid).values()) {
    // `thin` keeps one with a date that cannot be true; it must not push true ones out of a count.
    const dated = ofDevice.filter((record) => !isInFuture(record, now));
    const newestFirst = dated.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
    for (const { id } of newestFirst.slice(0, rule.last ?? 0)) kept.add(id);
    for (const { id } of lastOfYears(newestFirst, rule.yearly ?? 0)) kept.add(id);
  }
  return kept;
}

/** What came of carrying out a copy's own rule. */
export interface Thinning {
  /** How many snapshots went. */
  readonly removed: number;
  /** Whether space was given back; undefined where there is no rule, nothing to do, or something in its way. */
  readonly pruned?: boolean;
  /** What stands in its way. */
  readonly obstacle?: AppError;
}

export function notThinned({ message }: AppError): RunEvent {
  return { kind: 'note', sentence: `What lies there was not thinned: ${message}.` };
}

/**
 * What was in a place once and went by its rule is not sent there again. Of a device whose newest is gone, which no rule
 * removes, the place has lost something: everything is.
 *
 * @param here the snapshots of the vault, newest first.
 * @param there ids of those in the place.
 * @returns ids of those that are not to be sent again.
 */
export function goneByRule(
  here: readonly SnapshotRecord[],
  there: ReadonlySet<string>,
  everCopied: ReadonlySet<string>,
): Set<string> {
  const gone = new Set<string>();
  for (const ofDevice of Map.groupBy(here, ({ udid }) => udid).values()) {
    const [newest, ...older] = ofDevice.filter(({ id }) => everCopied.has(id));
    if (newest !== undefined && there.has(newest.id)) for (const { id } of older) gone.add(id);
  }
  return gone;
}

function keepRuleOf({ daily = 0, weekly = 0, monthly = 0 }: KeepThere): KeepRule {
  return { allHours: 0, dailyDays: daily, weeklyWeeks: weekly, monthlyMonths: monthly };
}

/** By the calendar of this computer, as `thin` goes by it. */
function lastOfYears(newestFirst: readonly SnapshotRecord[], years: number): SnapshotRecord[] {
  const first = newestFirst[0]?.takenAt.getFullYear() ?? 0;
  const lastOf = new Map<number, SnapshotRecord>();
  for (const record of newestFirst) {
    const year = record.takenAt.getFullYear();
    if (first - year < years && !lastOf.has(year)) lastOf.set(year, record);
  }
  return [...lastOf.values()];
}

/**
 * A version that only the copy has any more. How large it was is not known, and raises no alarm: no comparison with it
 * holds.
 */
function unknownHere({ id, udid, takenAt }: Version): SnapshotRecord {
  return {
    id,
    udid,
    takenAt,
    startedAt: takenAt,
    finishedAt: takenAt,
    kind: 'incremental',
    encrypted: false,
    list: { sha256: '', files: Number.NaN, bytes: Number.NaN },
    newBytes: 0,
    device: { name: '', productType: '', productVersion: '', buildVersion: '' },
    checks: {},
    warnings: 0,
  };
}
