import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { durationInWords, isAbout, isWithin, timesIn } from './times.ts';

const AT = new Date('2026-05-01T07:30:00Z');

describe('times', () => {
  test('are those of the clocks of a zone', () => {
    const times = timesIn('Europe/Berlin');
    assert.equal(times.day(AT), 'Friday, 1 May 2026');
    assert.equal(times.time(AT), '09:30');
    assert.equal(times.moment(AT), '1 May 2026, 09:30');
    assert.equal(times.forFile(AT), '2026-05-01 09.30');
    assert.equal(times.iso(AT), '2026-05-01T09:30:00+02:00');
    assert.equal(times.iso(null), '');
    assert.equal(timesIn('America/New_York').time(AT), '03:30');
  });

  test('as lengths have two units at most', () => {
    for (const [seconds, text] of [
      [0.4, '0 s'],
      [59.6, '1 min'],
      [200, '3 min 20 s'],
      [3600, '1 h'],
      [3725, '1 h 2 min'],
    ] as const) {
      assert.equal(durationInWords(seconds), text);
    }
  });

  test('are within a span that ends before its end', () => {
    assert.equal(isWithin(AT, { from: AT }), true);
    assert.equal(isWithin(AT, { until: AT }), false);
    assert.equal(isWithin(undefined, {}), true);
    assert.equal(isWithin(undefined, { from: AT }), false);
  });
});

test('somebody is found by a part of the name, in any capitals and either form of accents', () => {
  assert.equal(isAbout(['Zoé Çaillat'], ['ZOE\u0301']), true);
  assert.equal(isAbout(['Zoé', null], ['anna', 'zo']), true);
  assert.equal(isAbout(['Zoé'], ['anna']), false);
  assert.equal(isAbout(['Zoé'], []), true);
});
