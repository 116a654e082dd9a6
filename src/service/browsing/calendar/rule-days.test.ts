import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EVERY_DAY, type RecurrenceRule } from '../../../content/index.ts';
import { dateOfDay, dayNumber, ruleDays } from './rule-days.ts';

const rule = (parts: Partial<RecurrenceRule> & Pick<RecurrenceRule, 'frequency'>): RecurrenceRule => ({
  interval: 1,
  ...EVERY_DAY,
  ...parts,
});

function days(parts: Parameters<typeof rule>[0], start: string, from: string, to: string): string[] {
  const found = [...ruleDays(rule(parts), dayNumber(start), dayNumber(from), dayNumber(to))];
  return found.map(dateOfDay).filter((date) => date >= from);
}

/** Examples of RFC 5545 §3.8.5.3, and what calendars of phones hold. */
describe('the days of a rule', () => {
  for (const { what, parts, start, from, to, expected } of [
    {
      what: 'every other day',
      parts: { frequency: 'daily', interval: 2 },
      start: '1997-09-02',
      from: '1997-09-28',
      to: '1997-10-05',
      expected: ['1997-09-28', '1997-09-30', '1997-10-02', '1997-10-04'],
    },
    {
      what: 'ten times every ten days',
      parts: { frequency: 'daily', interval: 10, count: 5 },
      start: '1997-09-02',
      from: '1997-09-02',
      to: '1998-01-01',
      expected: ['1997-09-02', '1997-09-12', '1997-09-22', '1997-10-02', '1997-10-12'],
    },
    {
      what: 'every other week on Monday, Wednesday and Friday',
      parts: {
        frequency: 'weekly',
        interval: 2,
        byDay: [{ weekday: 'MO' }, { weekday: 'WE' }, { weekday: 'FR' }],
        weekStart: 'SU',
      },
      start: '1997-09-01',
      from: '1997-09-01',
      to: '1997-09-30',
      expected: ['1997-09-01', '1997-09-03', '1997-09-05', '1997-09-15', '1997-09-17', '1997-09-19', '1997-09-29'],
    },
    {
      what: 'the first Friday of the month',
      parts: { frequency: 'monthly', byDay: [{ weekday: 'FR', ordinal: 1 }] },
      start: '1997-09-05',
      from: '1997-09-01',
      to: '1998-01-01',
      expected: ['1997-09-05', '1997-10-03', '1997-11-07', '1997-12-05'],
    },
    {
      what: 'the third day before the end of the month',
      parts: { frequency: 'monthly', byMonthDay: [-3] },
      start: '1997-09-28',
      from: '1997-09-01',
      to: '1998-03-01',
      expected: ['1997-09-28', '1997-10-29', '1997-11-28', '1997-12-29', '1998-01-29', '1998-02-26'],
    },
    {
      what: 'the 31st, in months that have one',
      parts: { frequency: 'monthly' },
      start: '2026-01-31',
      from: '2026-01-01',
      to: '2026-08-01',
      expected: ['2026-01-31', '2026-03-31', '2026-05-31', '2026-07-31'],
    },
    {
      what: 'Friday the 13th',
      parts: { frequency: 'monthly', byDay: [{ weekday: 'FR' }], byMonthDay: [13] },
      start: '1998-02-13',
      from: '1998-01-01',
      to: '2000-01-01',
      expected: ['1998-02-13', '1998-03-13', '1998-11-13', '1999-08-13'],
    },
    {
      what: 'the last weekday of the month',
      parts: {
        frequency: 'monthly',
        byDay: (['MO', 'TU', 'WE', 'TH', 'FR'] as const).map((weekday) => ({ weekday })),
        bySetPosition: [-1],
      },
      start: '2026-01-30',
      from: '2026-01-01',
      to: '2026-06-01',
      expected: ['2026-01-30', '2026-02-27', '2026-03-31', '2026-04-30', '2026-05-29'],
    },
    {
      what: 'every leap day',
      parts: { frequency: 'yearly' },
      start: '2020-02-29',
      from: '2020-01-01',
      to: '2033-01-01',
      expected: ['2020-02-29', '2024-02-29', '2028-02-29', '2032-02-29'],
    },
    {
      what: 'the fourth Thursday of November',
      parts: { frequency: 'yearly', byMonth: [11], byDay: [{ weekday: 'TH', ordinal: 4 }] },
      start: '2024-11-28',
      from: '2024-01-01',
      to: '2027-01-01',
      expected: ['2024-11-28', '2025-11-27', '2026-11-26'],
    },
    {
      what: 'the 100th and 200th day of every third year',
      parts: { frequency: 'yearly', interval: 3, byYearDay: [100, 200] },
      start: '1997-04-10',
      from: '1997-01-01',
      to: '2001-01-01',
      expected: ['1997-04-10', '1997-07-19', '2000-04-09', '2000-07-18'],
    },
    {
      what: 'Monday of week 20',
      parts: { frequency: 'yearly', byWeekNumber: [20], byDay: [{ weekday: 'MO' }] },
      start: '1997-05-12',
      from: '1997-01-01',
      to: '2000-01-01',
      expected: ['1997-05-12', '1998-05-11', '1999-05-17'],
    },
  ] as const) {
    test(what, () => {
      assert.deepEqual(days(parts as Parameters<typeof rule>[0], start, from, to), expected);
    });
  }

  test('a month far away is the same whether or not what comes before it is left out', () => {
    for (const parts of [
      { frequency: 'daily', interval: 3 },
      { frequency: 'weekly', interval: 2, byDay: [{ weekday: 'TU' }, { weekday: 'SU' }] },
      { frequency: 'monthly', interval: 5, byMonthDay: [1, -1] },
      { frequency: 'yearly', byMonth: [2, 8] },
    ] as const) {
      const late = days(parts, '2001-01-14', '2026-02-01', '2026-09-01');
      const all = days({ ...parts, count: 100_000 }, '2001-01-14', '2026-02-01', '2026-09-01');
      assert.deepEqual(late, all);
      assert.ok(late.length > 0);
    }
  });

  test('a rule that never fits comes to an end', () => {
    assert.deepEqual(
      days({ frequency: 'monthly', byMonthDay: [31], byMonth: [2] }, '2026-01-31', '2026-02-01', '2040-01-01'),
      [],
    );
  });
});
