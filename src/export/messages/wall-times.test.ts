import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { wallClock } from '../../shared/time/time-zone.ts';
import { WallTimes } from './wall-times.ts';

describe('times on the wall', () => {
  test('are what the clocks there show, to the minute they are changed', () => {
    const berlin = new WallTimes('Europe/Berlin');
    assert.equal(berlin.iso(new Date('2026-03-29T00:59:59.500Z')), '2026-03-29T01:59:59.500+01:00');
    assert.equal(berlin.iso(new Date('2026-03-29T01:00:00Z')), '2026-03-29T03:00:00.000+02:00');
    assert.equal(berlin.words(new Date('2026-10-25T01:30:00Z')), '25 October 2026, 02:30');
    assert.equal(
      new WallTimes('America/St_Johns').mail(new Date('2026-01-02T03:04:05Z')),
      'Thu, 01 Jan 2026 23:34:05 -0330',
    );
  });

  test('are the same as those of other clocks', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC');
    const dates = fc.array(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }));
    fc.assert(
      fc.property(zones, dates, (zone, all) => {
        const times = new WallTimes(zone);
        for (const at of all) assert.equal(times.stamp(at), wallClock(zone, at).replace('T', ' '));
      }),
      { numRuns: 50 },
    );
  });
});
