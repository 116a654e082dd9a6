import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { SuspensionWatch } from './suspension.ts';

for (const [what, awakeStandsStill] of [
  ['the clock of a process stands still', true],
  ['timers fire late', false],
] as const) {
  test(`a computer that slept is found out where ${what}`, () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      let uptimeMs = 1_000_000;
      let awakeMs = 0;
      using watch = new SuspensionWatch({ uptimeMs: () => uptimeMs, awakeMs: () => awakeMs });
      const pass = (ms: number): void => {
        uptimeMs += ms;
        awakeMs += ms;
        mock.timers.tick(ms);
      };
      for (let i = 0; i < 20; i++) pass(5_000);
      pass(9_000);
      assert.equal(watch.sleptMs, 0, 'busy is not asleep');
      uptimeMs += 600_000;
      if (!awakeStandsStill) awakeMs += 600_000;
      pass(5_000);
      assert.equal(watch.sleptMs, 600_000);
      pass(5_000);
      assert.equal(watch.sleptMs, 600_000);
    } finally {
      mock.timers.reset();
    }
  });
}
