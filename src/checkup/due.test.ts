import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CheckupSettings } from '../contract/index.ts';
import { isCheckupDue, nextCheckupAt } from './due.ts';

const SETTINGS = CheckupSettings.parse({});
/** Local time, as the clock on the wall shows it. */
const at = (month: number, day: number, hour = 12): Date => new Date(2026, month - 1, day, hour);
const made = (when: Date, quick = false) => ({ startedAt: when.toISOString(), quick });

describe('a checkup is due', () => {
  test('on the first of the month, at night, once', () => {
    const history = [made(at(10, 1, 4))];
    assert.equal(isCheckupDue(history, SETTINGS, at(10, 31, 23)), false);
    assert.equal(isCheckupDue(history, SETTINGS, at(11, 1, 3)), false);
    assert.equal(isCheckupDue(history, SETTINGS, at(11, 1, 4)), true);
    assert.equal(isCheckupDue([...history, made(at(11, 1, 4))], SETTINGS, at(11, 1, 5)), false);
  });

  test('later, where the computer was off on that day', () => {
    assert.equal(isCheckupDue([made(at(9, 1, 4))], SETTINGS, at(11, 17)), true);
    assert.deepEqual(nextCheckupAt([made(at(9, 1, 4))], SETTINGS, at(11, 17)), at(11, 1, 4));
  });

  test('on another day where that is wished', () => {
    const settings = CheckupSettings.parse({ dayOfMonth: 15 });
    const history = [made(at(10, 15, 4))];
    assert.equal(isCheckupDue(history, settings, at(11, 14)), false);
    assert.equal(isCheckupDue(history, settings, at(11, 15)), true);
  });

  test('by hand it counts for the month it is made in, a quick one does not', () => {
    assert.equal(isCheckupDue([made(at(11, 1, 9))], SETTINGS, at(11, 20)), false);
    assert.equal(isCheckupDue([made(at(10, 1, 4)), made(at(11, 1, 9), true)], SETTINGS, at(11, 20)), true);
  });

  test('for the first time on the first after the first version', () => {
    assert.equal(isCheckupDue([], SETTINGS, at(11, 20)), false);
    assert.equal(isCheckupDue([], SETTINGS, at(11, 20), at(11, 3)), false);
    assert.equal(isCheckupDue([], SETTINGS, at(12, 1), at(11, 3)), true);
  });

  test('also where a clock that was wrong has left one in the future', () => {
    const wrong = made(new Date(2040, 0, 1));
    assert.equal(isCheckupDue([made(at(10, 1, 4)), wrong], SETTINGS, at(11, 2)), true);
    assert.equal(isCheckupDue([made(at(11, 1, 4)), wrong], SETTINGS, at(11, 2)), false);
  });

  test('never where it is turned off', () => {
    const settings = CheckupSettings.parse({ automatic: false });
    assert.equal(isCheckupDue([made(at(1, 1))], settings, at(11, 2)), false);
    assert.equal(nextCheckupAt([], settings, at(11, 2)), undefined);
  });
});

test('a year makes twelve, each once, whatever hours the computer is on', () => {
  const history: { startedAt: string; quick: boolean }[] = [];
  for (let hour = 0; hour < 365 * 24; hour++) {
    const now = new Date(2026, 0, 1, hour);
    const isOn = hour % 24 >= 8 && hour % 24 < 23 && Math.floor(hour / 24) % 9 < 7;
    if (isOn && isCheckupDue(history, SETTINGS, now, new Date(2025, 11, 20))) history.push(made(now));
  }
  assert.deepEqual(
    history.map(({ startedAt }) => new Date(startedAt).getMonth()),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
});

test('the next one is on the first of the next month', () => {
  assert.deepEqual(nextCheckupAt([made(at(12, 1, 4))], SETTINGS, at(12, 24)), new Date(2027, 0, 1, 4));
});
