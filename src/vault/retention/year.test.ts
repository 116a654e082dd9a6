import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { snapshotAt } from './retention.test-helper.ts';
import { DEFAULT_RULE } from './rule.ts';
import { thin } from './thin.ts';

const DAY_MS = 86_400_000;
const ZONE = 'Europe/Berlin';
/** A Monday. */
const START = Date.UTC(2025, 0, 6);
const DAYS = 500;

/** Three people: one whose phone is backed up three times a day, one each night, one now and then and never in August. */
const HABITS: Readonly<Record<string, (day: number) => number[]>> = {
  'device-of-ada': () => [7, 13, 21],
  'device-of-bob': () => [23],
  'device-of-eve': (day) => (day % 5 === 3 && new Date(START + day * DAY_MS).getUTCMonth() !== 7 ? [18] : []),
};

test('after more than a year of days, each thinned in the evening, there is what the rule says and nothing else', () => {
  let kept: SnapshotRecord[] = [];
  const taken = new Map<string, SnapshotRecord[]>();
  for (let day = 0; day < DAYS; day++) {
    for (const [udid, hoursOf] of Object.entries(HABITS)) {
      for (const hour of hoursOf(day)) {
        const record = snapshotAt(new Date(START + day * DAY_MS + (hour - 1) * 3_600_000), { udid });
        kept.push(record);
        taken.set(udid, [record, ...(taken.get(udid) ?? [])]);
      }
    }
    const { keep } = thin(kept, new Map(), DEFAULT_RULE, new Date(START + day * DAY_MS + 23 * 3_600_000), {
      timeZone: ZONE,
    });
    kept = keep.map(({ record }) => record);
  }
  for (const [udid, all] of taken) {
    const left = kept.filter((record) => record.udid === udid);
    assert.deepEqual(left.map(wallTime), expected(all).map(wallTime), udid);
  }
  const counts = Map.groupBy(kept, ({ udid }) => udid);
  assert.deepEqual(
    Object.keys(HABITS).map((udid) => counts.get(udid)?.length),
    [84, 82, 53],
  );
});

test('thinned once at the end there is the same', () => {
  const all = Array.from({ length: DAYS }, (_, day) => snapshotAt(new Date(START + day * DAY_MS + 12 * 3_600_000)));
  const now = new Date(START + DAYS * DAY_MS);
  let kept: readonly SnapshotRecord[] = [];
  for (const record of all) {
    kept = thin([...kept, record], new Map(), DEFAULT_RULE, record.takenAt, { timeZone: ZONE }).keep.map(
      (each) => each.record,
    );
  }
  const once = thin(all, new Map(), DEFAULT_RULE, now, { timeZone: ZONE }).keep.map(({ record }) => record);
  assert.deepEqual(kept.map(wallTime), once.map(wallTime));
});

/** The rule once more, said with the dates that clocks in Berlin show. @param all newest first */
function expected(all: readonly SnapshotRecord[]): SnapshotRecord[] {
  const newest = all[0]?.takenAt ?? new Date();
  const weeks = lastOfEach(all, weekOf);
  const months = lastOfEach(all, monthOf);
  return all.filter((record) => {
    const daysAgo = (dateOf(newest) - dateOf(record.takenAt)) / DAY_MS;
    if (newest.getTime() - record.takenAt.getTime() < DAY_MS) return true;
    if (daysAgo < 30) return lastOfEach(all, (date) => String(dateOf(date))).has(record);
    const weeksAgo = (Date.parse(weekOf(newest)) - Date.parse(weekOf(record.takenAt))) / (7 * DAY_MS);
    if (weeksAgo < 52) return weeks.has(record);
    const ofWeeks = all.some((other) => weeks.has(other) && monthOf(other.takenAt) === monthOf(record.takenAt));
    const candidates = ofWeeks ? all.filter((other) => weeks.has(other)) : all;
    return ofWeeks ? lastOfEach(candidates, monthOf).has(record) : months.has(record);
  });
}

function lastOfEach(newestFirst: readonly SnapshotRecord[], nameOf: (date: Date) => string): Set<SnapshotRecord> {
  const last = Map.groupBy(newestFirst, ({ takenAt }) => nameOf(takenAt)).values();
  return new Set(last.flatMap((records) => records.slice(0, 1)));
}

const format = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' });
const wallTime = (record: SnapshotRecord): string => format.format(record.takenAt);
/** Midnight, in UTC, of the date that a clock in Berlin shows. */
const dateOf = (date: Date): number => Date.parse(format.format(date).slice(0, 10));
const monthOf = (date: Date): string => format.format(date).slice(0, 7);

/** The date of the Monday before. */
function weekOf(date: Date): string {
  const day = new Date(dateOf(date));
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10);
}
