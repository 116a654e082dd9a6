import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { because } from '../../contract/index.ts';
import { DAY_MS, type Finding, HOUR_MS } from './finding.ts';
import { isToBeTold, type Living, liveOn, noteTold, wasTold } from './life.ts';

const START = Date.parse('2026-11-22T18:00:00Z');

function finding(grade: number, more: Partial<Finding> = {}): Finding {
  return {
    id: 'copy-late:disk',
    kind: 'copy-late',
    level: 'attention',
    grade,
    reason: because('alarm-copy-never', { copy: 'disk' }),
    nextStep: because('do-connect-copy', {}),
    over: because('over-copy-late', { copy: 'disk' }),
    ...more,
  };
}

/** Lives through looks at the facts, `hours` apart; 0 is “not found”. @returns the hours at which somebody was told. */
function tell(
  looks: readonly { hours: number; grade: number }[],
  { remindEveryDays = 3, more = {} }: { remindEveryDays?: number; more?: Partial<Finding> } = {},
): { hour: number; kind: 'alarm' | 'over'; grade: number }[] {
  let living: Living = { alarms: [], past: [] };
  let hour = 0;
  const told: { hour: number; kind: 'alarm' | 'over'; grade: number }[] = [];
  for (const { hours, grade } of looks) {
    hour += hours;
    const now = new Date(START + hour * HOUR_MS);
    const findings = grade === 0 ? [] : [finding(grade, more)];
    const { alarms, past, cleared } = liveOn(living, { findings, isUnknown: () => false }, now);
    for (const each of cleared) if (wasTold(each)) told.push({ hour, kind: 'over', grade: 0 });
    living = {
      past,
      alarms: alarms.map((alarm) => {
        if (!isToBeTold(alarm, remindEveryDays, now)) return alarm;
        told.push({ hour, kind: 'alarm', grade: alarm.grade });
        return noteTold(alarm, now);
      }),
    };
  }
  return told;
}

const every = (hours: number, count: number, grade = 1): { hours: number; grade: number }[] =>
  Array.from({ length: count }, () => ({ hours, grade }));
const hoursOf = (told: readonly { hour: number }[]): number[] => told.map(({ hour }) => hour);

describe('somebody is told', () => {
  test('at once, then after as many days as they like, and once when it is over', () => {
    const told = tell([...every(1, 100), { hours: 1, grade: 0 }, { hours: 1, grade: 0 }]);
    assert.deepEqual(hoursOf(told), [1, 73, 101]);
    assert.equal(told.at(-1)?.kind, 'over');
  });

  test('never more often than every day', () => {
    assert.deepEqual(hoursOf(tell(every(1, 60), { remindEveryDays: 0.1 })), [1, 25, 49]);
  });

  test('at once when it becomes worse, not when it becomes better or as bad again the same day', () => {
    const looks = [1, 2, 1, 2, 1, 3, 2, 3].map((grade) => ({ hours: 1, grade }));
    assert.deepEqual(hoursOf(tell(looks)), [1, 2, 6]);
  });

  test('not twice a day of what goes away and comes back, and once that it is over', () => {
    const looks = [1, 0, 1, 0, 1, 0, 1].map((grade) => ({ hours: 2, grade }));
    assert.deepEqual(
      tell(looks).map(({ hour, kind }) => `${hour} ${kind}`),
      ['2 alarm', '4 over'],
    );
    const laterOn = [...looks, ...every(2, 12)];
    assert.deepEqual(
      tell(laterOn).map(({ hour, kind }) => `${hour} ${kind}`),
      ['2 alarm', '4 over', '26 alarm'],
    );
  });

  test('nothing about what goes away within its patience, and nothing that it did', () => {
    const more = { patienceMs: 3 * HOUR_MS };
    assert.deepEqual(tell([...every(1, 3), { hours: 1, grade: 0 }], { more }), []);
    assert.deepEqual(hoursOf(tell(every(1, 5), { more })), [4]);
  });
});

test('whatever comes and goes: no grade is told twice within a day, and "over" only after it was told', () => {
  const look = fc.record({ hours: fc.integer({ min: 1, max: 30 }), grade: fc.integer({ min: 0, max: 3 }) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (looks, remindEveryDays) => {
      const told = tell(looks, { remindEveryDays });
      const alarms = told.filter(({ kind }) => kind === 'alarm');
      alarms.forEach((each, i) => {
        for (const earlier of alarms.slice(0, i)) {
          assert.ok(earlier.grade < each.grade || (each.hour - earlier.hour) * HOUR_MS >= DAY_MS);
        }
      });
      told.forEach(({ kind }, i) => {
        if (kind === 'over') assert.equal(told[i - 1]?.kind, 'alarm');
      });
    }),
  );
});

test('what stays is told again for ever, whatever the clock did', () => {
  const now = new Date(START);
  const [alarm] = liveOn({ alarms: [], past: [] }, { findings: [finding(1)], isUnknown: () => false }, now).alarms;
  assert.ok(alarm !== undefined);
  const fromTheFuture = noteTold(alarm, new Date(START + 400 * DAY_MS));
  assert.equal(isToBeTold(fromTheFuture, 3, now), true);
});

test('what nobody wants to hear of is not told, however bad it becomes, until then', () => {
  const now = new Date(START);
  const mutedUntil = new Date(START + DAY_MS).toISOString();
  const [alarm] = liveOn({ alarms: [], past: [] }, { findings: [finding(3)], isUnknown: () => false }, now).alarms;
  assert.ok(alarm !== undefined);
  assert.equal(isToBeTold({ ...alarm, mutedUntil }, 3, now), false);
  assert.equal(isToBeTold({ ...alarm, mutedUntil }, 3, new Date(START + DAY_MS)), true);
});

const isUnknown = (): boolean => true;

test('an alarm keeps its beginning while it lasts, and what nothing is known of stays', () => {
  const first = liveOn({ alarms: [], past: [] }, { findings: [finding(1)], isUnknown }, new Date(START));
  const second = liveOn(first, { findings: [finding(2)], isUnknown }, new Date(START + HOUR_MS));
  assert.equal(second.alarms[0]?.since, new Date(START).toISOString());
  assert.deepEqual([second.raised.length, second.worse.length], [0, 1]);
  const third = liveOn(second, { findings: [], isUnknown }, new Date(START + 2 * HOUR_MS));
  assert.deepEqual([third.alarms.length, third.cleared.length], [1, 0]);
});
