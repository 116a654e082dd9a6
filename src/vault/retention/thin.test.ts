import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { SnapshotLabels } from '../labels/label-file.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { snapshotAt, timesOf } from './retention.test-helper.ts';
import { DEFAULT_RULE, type KeepRule } from './rule.ts';
import { thin, type ThinningPlan } from './thin.ts';

const NOTHING: KeepRule = { allHours: 0, dailyDays: 0, weeklyWeeks: 0, monthlyMonths: 0 };
const UTC = { timeZone: 'UTC' };
const NO_LABELS = new Map<string, SnapshotLabels>();
const DAY_MS = 86_400_000;

describe('a rule', () => {
  test('keeps all of the last day, and the last one of each of the days before', () => {
    const taken = ['11-22T18:00', '11-22T09:00', '11-21T19:00', '11-21T17:00', '11-20T23:00', '11-20T01:00'];
    const plan = planFor(taken, DEFAULT_RULE);
    assert.deepEqual(timesOf(plan.forget), ['2026-11-21T17:00', '2026-11-20T01:00']);
    assert.deepEqual(reasonsOf(plan, '2026-11-21T19:00'), ['last-day', 'daily']);
    assert.deepEqual(reasonsOf(plan, '2026-11-20T23:00'), ['daily']);
  });

  test('keeps one a week after a month, and one a month after a year', () => {
    const records = Array.from({ length: 500 }, (_, ago) => snapshotAt(daysAgo(ago)));
    const kept = thin(records, NO_LABELS, DEFAULT_RULE, daysAgo(0), UTC).keep;
    const daily = kept.filter(({ reasons }) => reasons.includes('daily'));
    const onlyWeekly = kept.filter(({ reasons }) => !reasons.includes('daily') && reasons.includes('weekly'));
    const onlyMonthly = kept.filter(({ reasons }) => reasons.every((reason) => reason === 'monthly'));
    assert.equal(daily.length, 30);
    // 22 November 2026 is a Sunday: the last day of its week, as are all that are kept for a week.
    assert.ok(onlyWeekly.every(({ record }) => record.takenAt.getUTCDay() === 0));
    assert.equal(onlyWeekly.length, 52 - 5);
    assert.deepEqual(timesOf(onlyMonthly.map(({ record }) => record)), [
      '2025-10-26T00:00',
      '2025-09-28T00:00',
      '2025-08-31T00:00',
      '2025-07-27T00:00',
    ]);
  });

  test('keeps one of every month even where its last week belongs to the next', () => {
    const plan = planFor(['10-02T12:00', '09-30T12:00', '09-30T11:00'], { ...NOTHING, monthlyMonths: 12 });
    assert.deepEqual(timesOf(plan.forget), ['2026-09-30T11:00']);
  });

  test('counts back from the newest: where nothing new comes, nothing goes', () => {
    const records = ['2026-11-22T18:00Z', '2026-11-22T09:00Z', '2026-11-20T12:00Z'].map((time) => snapshotAt(time));
    for (const now of ['2026-11-22T19:00Z', '2027-11-22T19:00Z', '2047-01-01T00:00Z']) {
      assert.deepEqual(thin(records, NO_LABELS, DEFAULT_RULE, new Date(now), UTC).forget, []);
    }
  });

  test('takes each device by itself', () => {
    const records = [
      snapshotAt('2026-11-22T18:00Z', { udid: 'device-of-ada' }),
      snapshotAt('2026-11-22T17:00Z', { udid: 'device-of-bob' }),
      snapshotAt('2026-11-22T16:00Z', { udid: 'device-of-bob' }),
    ];
    const plan = thin(records, NO_LABELS, NOTHING, new Date('2026-11-22T19:00Z'), UTC);
    assert.deepEqual(timesOf(plan.keep.map(({ record }) => record)), ['2026-11-22T18:00', '2026-11-22T17:00']);
  });

  test('refuses a number that is not whole', () => {
    const refused = { name: 'RangeError', message: /dailyDays/ };
    assert.throws(() => planFor([], { ...NOTHING, dailyDays: 1.5 }), refused);
    assert.throws(() => planFor([], { ...NOTHING, dailyDays: -1 }), refused);
  });
});

describe('whatever the rule says', () => {
  const old = ['11-22T18:00', '11-20T12:00', '11-19T12:00', '11-18T12:00'];

  test('the newest stays', () => {
    assert.deepEqual(reasonsOf(planFor(old, NOTHING), '2026-11-22T18:00'), ['newest']);
  });

  for (const [what, labels, reason] of [
    ['is pinned', { pinned: true }, 'pinned'],
    ['is held until a later time', { holdUntil: new Date('2026-11-23T00:00Z') }, 'held'],
    ['has labels that cannot be read', { damaged: true }, 'labels-damaged'],
  ] as const) {
    test(`one that ${what} stays`, () => {
      const plan = planFor(old, NOTHING, { '2026-11-19T12:00': labels });
      assert.deepEqual(reasonsOf(plan, '2026-11-19T12:00'), [reason]);
      assert.equal(plan.forget.length, 2);
    });
  }

  test('a hold ends', () => {
    const labels = { '2026-11-19T12:00': { holdUntil: new Date('2026-11-22T18:30Z') } };
    assert.deepEqual(reasonsOf(planFor(old, NOTHING, labels), '2026-11-19T12:00'), []);
  });

  test('the newest one that is proven stays, not one in which something was wrong', () => {
    const deepVerifiedAt = new Date('2026-11-21T00:00Z');
    const plan = planFor(old, NOTHING, {
      '2026-11-20T12:00': { deepVerifiedAt, deepVerifyProblems: 2 },
      '2026-11-19T12:00': { deepVerifiedAt, deepVerifyProblems: 0 },
      '2026-11-18T12:00': { deepVerifiedAt },
    });
    assert.deepEqual(timesOf(plan.forget), ['2026-11-20T12:00', '2026-11-18T12:00']);
    assert.deepEqual(reasonsOf(plan, '2026-11-19T12:00'), ['proven']);
  });

  test('what an unfinished backup is built on stays', () => {
    const records = old.map((time) => snapshotAt(`2026-${time}Z`));
    const inUse = new Set([records[2]?.id ?? '']);
    const plan = thin(records, NO_LABELS, NOTHING, new Date('2026-11-22T19:00Z'), { ...UTC, inUse });
    assert.deepEqual(reasonsOf(plan, '2026-11-19T12:00'), ['in-use']);
  });
});

describe('a clock', () => {
  test('that was ahead makes neither its snapshot the only one to keep nor the others old', () => {
    const records = ['2031-01-01T00:00Z', '2026-11-22T18:00Z', '2026-11-22T09:00Z', '2026-11-21T09:00Z'].map((time) =>
      snapshotAt(time),
    );
    const plan = thin(records, NO_LABELS, DEFAULT_RULE, new Date('2026-11-22T19:00Z'), UTC);
    assert.deepEqual(plan.forget, []);
    assert.deepEqual(reasonsOf(plan, '2031-01-01T00:00'), ['newest', 'clock']);
    assert.deepEqual(reasonsOf(plan, '2026-11-22T18:00')[0], 'newest');
  });

  test('that is ahead freezes what it would have thinned, and says so', () => {
    const records = ['2031-01-01T00:00Z', '2026-11-22T18:00Z', '2026-11-21T18:00Z'].map((time) => snapshotAt(time));
    const plan = thin(records, NO_LABELS, DEFAULT_RULE, new Date('2031-01-01T01:00Z'), UTC);
    assert.deepEqual(plan.forget, []);
    assert.deepEqual(
      plan.alarms.map(({ kind }) => kind),
      ['gap'],
    );
    const later = thin(records, NO_LABELS, DEFAULT_RULE, new Date('2031-02-01T00:00Z'), UTC);
    assert.deepEqual(timesOf(later.forget), ['2026-11-21T18:00']);
  });

  test('that was ahead and is right again freezes nothing for years, and raises no alarm', () => {
    const small = { list: { sha256: '0'.repeat(64), files: 1, bytes: 1 } };
    const records = [
      snapshotAt('2031-01-01T00:00Z', small),
      ...['2026-11-22T18:00Z', '2026-11-20T18:00Z', '2026-11-20T09:00Z'].map((time) => snapshotAt(time)),
    ];
    const plan = thin(records, NO_LABELS, DEFAULT_RULE, new Date('2026-11-22T19:00Z'), UTC);
    assert.deepEqual(plan.alarms, []);
    assert.deepEqual(timesOf(plan.forget), ['2026-11-20T09:00']);
  });

  test('that was behind does not make a new snapshot an old one', () => {
    const good = snapshotAt('2026-11-22T18:00Z');
    const stray = ['2000-01-01T00:02Z', '2000-01-01T00:01Z'].map((time) => snapshotAt(time, { parent: good.id }));
    const plan = thin([good, ...stray], NO_LABELS, NOTHING, new Date('2026-11-23T00:00Z'), UTC);
    assert.deepEqual(reasonsOf(plan, '2000-01-01T00:01'), ['clock', 'frozen']);
    assert.deepEqual(plan.forget, []);
  });

  test('in another zone moves the borders of the days', () => {
    const records = ['2026-11-22T18:00Z', '2026-11-20T23:30Z', '2026-11-20T12:00Z'].map((time) => snapshotAt(time));
    const now = new Date('2026-11-22T19:00Z');
    const inZone = (timeZone: string): string[] =>
      timesOf(thin(records, NO_LABELS, { ...NOTHING, dailyDays: 30 }, now, { timeZone }).forget);
    assert.deepEqual(inZone('UTC'), ['2026-11-20T12:00']);
    assert.deepEqual(inZone('Europe/Berlin'), []);
  });

  test('that is put forward or back makes a day of 23 or 25 hours, and no day is lost', () => {
    // In Berlin clocks went back on 25 October 2026 and forward on 29 March 2026.
    const hours = Array.from({ length: 24 * 240 }, (_, hour) =>
      snapshotAt(new Date(Date.UTC(2026, 2, 20) + hour * 3_600_000)),
    );
    const now = hours.at(-1)?.takenAt ?? new Date();
    const plan = thin(hours, NO_LABELS, { ...NOTHING, dailyDays: 400 }, now, { timeZone: 'Europe/Berlin' });
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    const kept = plan.keep.map(({ record }) => format.format(record.takenAt)).slice(1);
    assert.ok(kept.every((time) => time.endsWith('23:00')));
    assert.equal(new Set(kept.map((time) => time.slice(0, 10))).size, 240);
  });
});

describe('a snapshot that lost much', () => {
  const full = { sha256: '0'.repeat(64), files: 1000, bytes: 1e9 };
  const before = snapshotAt('2026-11-22T09:00Z', { list: full });
  const now = new Date('2026-11-22T12:00Z');

  for (const [what, list, isAlarming] of [
    ['31 % of the files', { ...full, files: 690 }, true],
    ['31 % of the bytes', { ...full, bytes: 6.9e8 }, true],
    ['30 % of both', { ...full, files: 700, bytes: 7e8 }, false],
    ['nothing, and has more files', { ...full, files: 5000 }, false],
  ] as const) {
    test(`${isAlarming ? 'freezes the one before and raises an alarm' : 'is nothing special'}: ${what}`, () => {
      const after = snapshotAt('2026-11-22T11:00Z', { list });
      const plan = thin([before, after], NO_LABELS, NOTHING, now, UTC);
      assert.deepEqual(plan.forget, isAlarming ? [] : [before]);
      assert.deepEqual(
        plan.frozen.map(({ record, because, until }) => [record, because, until.toISOString()]),
        isAlarming ? [[before, after, '2026-12-22T11:00:00.000Z']] : [],
      );
      assert.equal(plan.alarms.length, isAlarming ? 1 : 0);
    });
  }

  test('does so for thirty days', () => {
    const after = snapshotAt('2026-11-22T11:00Z', { list: { ...full, files: 10 } });
    const at = (time: string): SnapshotRecord[] => [
      ...thin([before, after], NO_LABELS, NOTHING, new Date(time)).forget,
    ];
    assert.deepEqual(at('2026-12-22T10:59Z'), []);
    assert.deepEqual(at('2026-12-22T11:00Z'), [before]);
  });

  test('counts from when it came into the vault, however old it is', () => {
    const taken = snapshotAt('2020-01-02T00:00Z', {
      list: { ...full, files: 10 },
      finishedAt: new Date('2026-11-22T11:00Z'),
    });
    const earlier = snapshotAt('2020-01-01T00:00Z', { list: full });
    assert.deepEqual(
      thin([earlier, taken], NO_LABELS, NOTHING, now, UTC).frozen.map(({ record }) => record),
      [earlier],
    );
  });
});

describe('any rule on any snapshots', () => {
  const time = fc.date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });
  const some = fc.array(
    time.map((date) => snapshotAt(date)),
    { maxLength: 60 },
  );
  const rule = fc.record({
    allHours: fc.nat(48),
    dailyDays: fc.nat(40),
    weeklyWeeks: fc.nat(60),
    monthlyMonths: fc.oneof(fc.nat(30), fc.constant(Infinity)),
  });
  const now = new Date('2027-01-01T00:00Z');

  test('loses none, keeps the newest, and finds nothing more to thin in what it kept', () => {
    fc.assert(
      fc.property(some, rule, (records, each) => {
        const { keep, forget } = thin(records, NO_LABELS, each, now, UTC);
        assert.deepEqual(new Set([...keep.map(({ record }) => record), ...forget]), new Set(records));
        assert.equal(keep.length + forget.length, records.length);
        const left = keep.map(({ record }) => record);
        assert.equal(
          left[0]?.takenAt.getTime(),
          records.length === 0 ? undefined : Math.max(...records.map((r) => r.takenAt.getTime())),
        );
        assert.deepEqual(thin(left, NO_LABELS, each, now, UTC).forget, []);
      }),
    );
  });

  test('a longer rule keeps at least what a shorter one keeps', () => {
    fc.assert(
      fc.property(some, rule, (records, each) => {
        const longer = { ...each, dailyDays: each.dailyDays + 5, weeklyWeeks: each.weeklyWeeks + 5 };
        const kept = new Set(thin(records, NO_LABELS, longer, now, UTC).keep.map(({ record }) => record));
        for (const { record } of thin(records, NO_LABELS, each, now, UTC).keep) assert.ok(kept.has(record));
      }),
    );
  });
});

const daysAgo = (ago: number): Date => new Date(Date.UTC(2026, 10, 22) - ago * DAY_MS);

/** @param taken months, days and times of 2026 in UTC, newest first. @param labels by the time. */
function planFor(
  taken: readonly string[],
  rule: KeepRule,
  labels: Readonly<Record<string, SnapshotLabels>> = {},
): ThinningPlan {
  const records = taken.map((time) => snapshotAt(`2026-${time}Z`));
  const byId = new Map(records.map(({ id, takenAt }) => [id, labels[takenAt.toISOString().slice(0, 16)] ?? {}]));
  return thin(records, byId, rule, new Date('2026-11-22T19:00Z'), UTC);
}

function reasonsOf(plan: ThinningPlan, time: string): readonly string[] {
  return plan.keep.find(({ record }) => record.takenAt.toISOString().startsWith(time))?.reasons ?? [];
}
