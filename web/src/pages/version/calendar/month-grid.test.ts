import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Occurrence } from '../../../../../src/contract/index.ts';
import { addMonths, byDay, weeksOf } from './month-grid.ts';

const event = (start: string, end?: string, isAllDay = false): Occurrence => ({
  event: start,
  title: start,
  isAllDay,
  isBirthday: false,
  start,
  ...(end === undefined ? {} : { end }),
  isCancelled: false,
  repeats: false,
});

test('a month is shown in whole weeks from Monday', () => {
  const weeks = weeksOf('2026-11');
  assert.equal(weeks.length, 6);
  assert.equal(weeks[0]?.[0], '2026-10-26');
  assert.equal(weeks.at(-1)?.[6], '2026-12-06');
  assert.equal(weeksOf('2027-02').length, 4, 'a February that begins on a Monday has four');
});

test('months go on over the year', () => {
  assert.equal(addMonths('2026-12', 1), '2027-01');
  assert.equal(addMonths('2026-01', -1), '2025-12');
});

test('what lasts days stands on each of them, within the month', () => {
  const days = byDay([event('2026-10-30', '2026-11-02', true)], '2026-11');
  assert.deepEqual([...days.keys()], ['2026-11-01', '2026-11-02']);
});

test('what ends at midnight stands on one day', () => {
  const days = byDay([event('2026-11-03T22:00:00', '2026-11-04T00:00:00')], '2026-11');
  assert.deepEqual([...days.keys()], ['2026-11-03']);
});

test('whole days come first, then by the clock', () => {
  const [list] = byDay(
    [event('2026-11-03T22:00:00'), event('2026-11-03T09:00:00'), event('2026-11-03', undefined, true)],
    '2026-11',
  ).values();
  assert.deepEqual(
    list?.map(({ start }) => start),
    ['2026-11-03', '2026-11-03T09:00:00', '2026-11-03T22:00:00'],
  );
});
