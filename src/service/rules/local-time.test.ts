import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { at, BERLIN } from './input.test-helper.ts';
import { DAY_MS, isWithin, MINUTE_MS, nextOpening, startOfNextDay } from './local-time.ts';

describe('a window', () => {
  for (const [from, to, inside, outside] of [
    ['09:00', '17:00', ['09:00', '12:00', '16:59'], ['08:59', '17:00', '23:00']],
    ['22:00', '06:00', ['22:00', '23:59', '00:00', '05:59'], ['21:59', '06:00', '12:00']],
    ['00:00', '00:00', ['00:00', '12:00', '23:59'], []],
  ] as const) {
    test(`from ${from} to ${to} holds the first minute and not the last`, () => {
      for (const clock of inside) assert.ok(isWithin({ from, to }, BERLIN, at(`2026-11-22 ${clock}`)), clock);
      for (const clock of outside) assert.ok(!isWithin({ from, to }, BERLIN, at(`2026-11-22 ${clock}`)), clock);
    });
  }

  test('opens next at the first minute that is within it, in whatever zone and season', () => {
    const minute = fc.nat(24 * 60 - 1).map((n) => new Date(n * MINUTE_MS).toISOString().slice(11, 16));
    const moment = fc
      .tuple(fc.constantFrom('2026-03-29', '2026-10-25', '2026-04-05', '2026-07-01'), fc.nat(2 * 24 * 60))
      .map(([day, minutes]) => new Date(Date.parse(day) - DAY_MS + minutes * MINUTE_MS));
    const zone = fc.constantFrom(BERLIN, 'Australia/Lord_Howe', 'America/St_Johns', 'UTC');
    fc.assert(
      fc.property(minute, minute, zone, moment, (from, to, timeZone, now) => {
        const window = { from, to };
        if (isWithin(window, timeZone, now)) return;
        let expected = now.getTime();
        while (!isWithin(window, timeZone, new Date(expected))) expected += MINUTE_MS;
        assert.equal(nextOpening(window, timeZone, now).toISOString(), new Date(expected).toISOString());
      }),
    );
  });
});

test('the next day begins at midnight, 23 or 25 hours after the last where the clocks are set', () => {
  assert.deepEqual(startOfNextDay(BERLIN, at('2026-11-22 00:00')), at('2026-11-23 00:00'));
  assert.deepEqual(startOfNextDay(BERLIN, at('2026-03-29 00:00')), new Date('2026-03-29T22:00:00Z'));
  assert.deepEqual(startOfNextDay(BERLIN, at('2026-10-25 12:00')), new Date('2026-10-25T23:00:00Z'));
});
