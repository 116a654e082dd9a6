import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDue, isInWindow, msLeftOf } from './schedule.ts';

test('a copy is due when so much time has passed since it last came to its end', () => {
  const lastDone = new Date('2026-11-22T10:00:00Z');
  assert.equal(isDue({ everyHours: 24 }, undefined, lastDone), true);
  assert.equal(isDue({ everyHours: 24 }, lastDone, new Date('2026-11-23T09:59:59Z')), false);
  assert.equal(isDue({ everyHours: 24 }, lastDone, new Date('2026-11-23T10:00:00Z')), true);
});

test('a window may lie across midnight, and none is all day', () => {
  const night = { window: { from: '22:00', to: '06:00' } };
  assert.deepEqual(
    [at(21, 59), at(22), at(0), at(5, 59), at(6)].map((now) => isInWindow(night, now)),
    [false, true, true, true, false],
  );
  assert.equal(isInWindow({ window: { from: '09:00', to: '17:30' } }, at(17, 29)), true);
  assert.equal(isInWindow({ window: { from: '09:00', to: '17:30' } }, at(18)), false);
  assert.equal(isInWindow({}, at(3)), true);
});

test('how long a window still is goes by the clock on the wall', () => {
  const night = { window: { from: '22:00', to: '06:00' } };
  const left = [at(22), at(5, 59), new Date(2026, 10, 22, 5, 59, 59, 900), at(6)].map((now) => msLeftOf(night, now));
  assert.deepEqual(left, [8 * 3_600_000, 60_000, 100, 0]);
  assert.deepEqual(
    [msLeftOf({}, at(3)), msLeftOf({ window: { from: '06:00', to: '06:00' } }, at(3))],
    [Infinity, Infinity],
  );
});

const at = (hours: number, minutes = 0): Date => new Date(2026, 10, 22, hours, minutes);
