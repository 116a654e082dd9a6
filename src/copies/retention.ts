import { thin, type KeepRule, type SnapshotLabels, type SnapshotRecord } from '../vault/index.ts';
import type { KeepThere } from '../contract/index.ts';

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
    const newestFirst = ofDevice.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
    for (const { id } of newestFirst.slice(0, rule.last ?? 0)) kept.add(id);
    for (const { id } of lastOfYears(newestFirst, rule.yearly ?? 0)) kept.add(id);
  }
  return kept;
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
