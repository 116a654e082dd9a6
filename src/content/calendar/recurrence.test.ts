import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { EVERY_DAY, makeRule, parseSpecifier, WEEKDAYS } from './recurrence.ts';

describe('the specifier of a recurrence', () => {
  it('selects weekdays, with and without a number', () => {
    assert.deepEqual(parseSpecifier('D=0TU,+2TH,-1FR,3MO').byDay, [
      { weekday: 'TU' },
      { weekday: 'TH', ordinal: 2 },
      { weekday: 'FR', ordinal: -1 },
      { weekday: 'MO', ordinal: 3 },
    ]);
  });

  it('selects days of the month and the year, months, weeks and positions', () => {
    assert.deepEqual(parseSpecifier('M=21,-1;O=6,12;Y=100;W=53;S=-1'), {
      ...EVERY_DAY,
      byMonthDay: [21, -1],
      byMonth: [6, 12],
      byYearDay: [100],
      byWeekNumber: [53],
      bySetPosition: [-1],
    });
  });

  it('leaves out what makes no sense', () => {
    assert.deepEqual(parseSpecifier('FREQ=WEEKLY;D=XX,99MO,;M=0,32,x;O=-1,13;Q=1;;='), {
      ...EVERY_DAY,
      byDay: [{ weekday: 'MO' }],
    });
  });

  it('may be any text', () => {
    const part = fc.stringMatching(/^[DMOYWSQ]=[-+0-9A-Z,]{0,20}$/);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join(';')),
        ),
        (text) => {
          const { byDay, byMonth, byMonthDay } = parseSpecifier(text);
          assert.ok(byDay.every(({ weekday, ordinal }) => WEEKDAYS.includes(weekday) && ordinal !== 0));
          assert.ok(byMonth.every((month) => month >= 1 && month <= 12));
          assert.ok(byMonthDay.every((day) => day !== 0 && Math.abs(day) <= 31));
        },
      ),
      { numRuns: 500, seed: 12 },
    );
  });
});

describe('a rule', () => {
  const until = new Date('2026-05-01T00:00:00Z');
  const parts = { frequency: 'daily', interval: null, count: null, until: null, days: EVERY_DAY } as const;

  it('ends by a count or by a date, never by both', () => {
    assert.equal(makeRule({ ...parts, count: 3, until })?.until, undefined);
    assert.equal(makeRule({ ...parts, count: 0, until })?.until, until);
  });

  it('is every one where the interval makes no sense', () => {
    for (const interval of [undefined, null, 0, -2, 1.5]) assert.equal(makeRule({ ...parts, interval })?.interval, 1);
    assert.equal(makeRule({ ...parts, interval: 4 })?.interval, 4);
  });

  it('needs a frequency that is known', () => {
    assert.equal(makeRule({ ...parts, frequency: undefined }), undefined);
  });
});
