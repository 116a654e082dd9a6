import type { SnapshotLabels } from '../labels/label-file.ts';
import { isInFuture } from '../snapshots/in-future.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { calendarPlace, type CalendarPlace } from './calendar.ts';
import { checkRule, type KeepRule } from './rule.ts';
import { findAlarms, frozenBy, type FrozenSnapshot, type SnapshotAlarm } from './shrinkage.ts';
import { appendTo } from '../../shared/append-to.ts';

/**
 * Why a snapshot is kept.
 *
 * By the rule: `last-day`, `daily`, `weekly`, `monthly`. Whatever the rule says: `newest`; `pinned`; `held` until a
 * date; `proven`, the newest that `verify --deep` found good; `in-use` by an unfinished backup; `frozen` by an alarm;
 * `clock`, because its date cannot be true; `labels-damaged`, because they may have said that it is pinned.
 */
export type KeepReason =
  | 'newest'
  | 'pinned'
  | 'held'
  | 'proven'
  | 'in-use'
  | 'frozen'
  | 'clock'
  | 'labels-damaged'
  | 'last-day'
  | 'daily'
  | 'weekly'
  | 'monthly';

export interface KeptSnapshot {
  readonly record: SnapshotRecord;
  /** At least one. */
  readonly reasons: readonly KeepReason[];
}

/** What a rule makes of snapshots. All lists are newest first; `keep` and `forget` together hold every snapshot once. */
export interface ThinningPlan {
  readonly keep: readonly KeptSnapshot[];
  readonly forget: readonly SnapshotRecord[];
  readonly frozen: readonly FrozenSnapshot[];
  /** For whoever tells people. */
  readonly alarms: readonly SnapshotAlarm[];
}

export interface ThinOptions {
  /** Whose days, weeks and months count: a name that `timeZoneNamed` gives. This computer's unless told. */
  readonly timeZone?: string;
  /** Ids of snapshots that unfinished backups are built on. */
  readonly inUse?: ReadonlySet<string>;
}

const HOUR_MS = 3_600_000;

/**
 * Decides which snapshots to keep, each device by itself. Pure: nothing is removed here.
 *
 * Of a day, a week and a month the last snapshot is kept; that of a month is one of its weeks', so that snapshots get
 * fewer step by step and none is kept for a month that was not kept for a week. The times are counted back from the
 * newest snapshot, not from now: where nothing new comes, nothing goes.
 *
 * @param records in any order, of any number of devices.
 * @param labels by the ids of snapshots; see `Labels.ofDevice`.
 * @throws {RangeError} when a number in `rule` is negative or not whole.
 *
 * @example
 * thin(vault.snapshots(), vault.labels.all(), DEFAULT_RULE, new Date()).forget
 */
export function thin(
  records: readonly SnapshotRecord[],
  labels: ReadonlyMap<string, SnapshotLabels>,
  rule: KeepRule,
  now: Date,
  options: ThinOptions = {},
): ThinningPlan {
  checkRule(rule);
  const newestFirst = records.toSorted(byAge);
  const reasons = new Map<SnapshotRecord, KeepReason[]>();
  const frozen: FrozenSnapshot[] = [];
  const alarms: SnapshotAlarm[] = [];
  for (const ofDevice of Map.groupBy(newestFirst, ({ udid }) => udid).values()) {
    const found = findAlarms(ofDevice, now);
    const byAlarm = frozenBy(found, ofDevice);
    const kept = new Keeper(reasons, ofDevice);
    keepWhatMustStay(kept, labels, now, options);
    for (const record of byAlarm.keys()) kept.add(record, 'frozen');
    keepByRule(kept, rule, now, options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
    alarms.push(...found);
    frozen.push(...byAlarm.values());
  }
  return {
    keep: newestFirst.flatMap((record) => {
      const why = reasons.get(record);
      return why === undefined ? [] : [{ record, reasons: why }];
    }),
    forget: newestFirst.filter((record) => !reasons.has(record)),
    frozen: frozen.toSorted((a, b) => byAge(a.record, b.record)),
    alarms,
  };
}

/** As `Vault.snapshots` orders them. */
function byAge(a: SnapshotRecord, b: SnapshotRecord): number {
  return b.takenAt.getTime() - a.takenAt.getTime() || b.finishedAt.getTime() - a.finishedAt.getTime();
}

/** Collects the reasons for one device's snapshots. */
class Keeper {
  readonly newestFirst: readonly SnapshotRecord[];
  readonly #reasons: Map<SnapshotRecord, KeepReason[]>;

  constructor(reasons: Map<SnapshotRecord, KeepReason[]>, newestFirst: readonly SnapshotRecord[]) {
    this.#reasons = reasons;
    this.newestFirst = newestFirst;
  }

  add(record: SnapshotRecord | undefined, reason: KeepReason): void {
    if (record !== undefined) appendTo(this.#reasons, record, reason);
  }
}

function keepWhatMustStay(
  kept: Keeper,
  labels: ReadonlyMap<string, SnapshotLabels>,
  now: Date,
  { inUse }: ThinOptions,
): void {
  const { newestFirst } = kept;
  const byId = new Map(newestFirst.map((record) => [record.id, record]));
  kept.add(newestFirst[0], 'newest');
  // One with a date of tomorrow or later must not be taken for the newest of all.
  const newestUntilNow = newestFirst.find((record) => !isInFuture(record, now));
  if (newestUntilNow !== newestFirst[0]) kept.add(newestUntilNow, 'newest');
  kept.add(
    newestFirst.find(({ id }) => isProven(labels.get(id))),
    'proven',
  );
  for (const record of newestFirst) {
    const { pinned, holdUntil, damaged } = labels.get(record.id) ?? {};
    if (pinned === true) kept.add(record, 'pinned');
    if (holdUntil !== undefined && holdUntil > now) kept.add(record, 'held');
    if (damaged === true) kept.add(record, 'labels-damaged');
    if (inUse?.has(record.id) === true) kept.add(record, 'in-use');
    const parent = record.parent === undefined ? undefined : byId.get(record.parent);
    if (isInFuture(record, now) || (parent !== undefined && parent.takenAt > record.takenAt)) kept.add(record, 'clock');
  }
}

/** Whether `verify --deep` found it good. */
export function isProven(labels: SnapshotLabels | undefined): boolean {
  return labels?.deepVerifiedAt !== undefined && (labels.deepVerifyProblems ?? 0) === 0;
}

function keepByRule(kept: Keeper, rule: KeepRule, now: Date, timeZone: string): void {
  const places = new Map<SnapshotRecord, CalendarPlace>();
  for (const record of kept.newestFirst) {
    if (!isInFuture(record, now)) places.set(record, calendarPlace(record.takenAt, timeZone));
  }
  const [newest] = places.keys();
  if (newest === undefined) return;
  const reference = new Date(Math.min(now.getTime(), newest.takenAt.getTime()));
  const today = calendarPlace(reference, timeZone);
  const weekly = firstOfEach(places.keys(), (record) => places.get(record)?.week);
  const monthly = firstOfEach([...weekly, ...places.keys()], (record) => places.get(record)?.month);
  const daily = firstOfEach(places.keys(), (record) => places.get(record)?.day);
  for (const [record, place] of places) {
    const ageMs = reference.getTime() - record.takenAt.getTime();
    if (ageMs < rule.allHours * HOUR_MS) kept.add(record, 'last-day');
    if (daily.has(record) && today.day - place.day < rule.dailyDays) kept.add(record, 'daily');
    if (weekly.has(record) && today.week - place.week < rule.weeklyWeeks) kept.add(record, 'weekly');
    if (monthly.has(record) && today.month - place.month < rule.monthlyMonths) kept.add(record, 'monthly');
  }
}

/** The first record of each period. */
function firstOfEach(
  records: Iterable<SnapshotRecord>,
  periodOf: (record: SnapshotRecord) => number | undefined,
): Set<SnapshotRecord> {
  const first = new Map<number | undefined, SnapshotRecord>();
  for (const record of records) {
    const period = periodOf(record);
    if (!first.has(period)) first.set(period, record);
  }
  return new Set(first.values());
}
