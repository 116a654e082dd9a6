import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatsOf } from './formats.ts';

/** A Sunday, 19:00 in Berlin. */
const NOW = new Date('2026-11-22T18:00:00Z');
const en = formatsOf('en', NOW, 'Europe/Berlin');
const de = formatsOf('de', NOW, 'Europe/Berlin');

describe('a moment', () => {
  for (const [iso, english, german] of [
    ['2026-11-22T21:00:00Z', 'today at 22:00', 'heute um 22:00'],
    ['2026-11-22T22:59:00Z', 'today at 23:59', 'heute um 23:59'],
    ['2026-11-22T23:00:00Z', 'tomorrow at 00:00', 'morgen um 00:00'],
    ['2026-11-21T18:40:00Z', 'yesterday at 19:40', 'gestern um 19:40'],
    ['2026-11-27T21:00:00Z', 'on Friday at 22:00', 'am Freitag um 22:00'],
    ['2026-11-20T21:00:00Z', 'on 20 November at 22:00', 'am 20. November um 22:00'],
    ['2027-05-03T20:00:00Z', 'on 3 May 2027 at 22:00', 'am 3. Mai 2027 um 22:00'],
  ] as const) {
    test(`${iso} is ${english}`, () => {
      assert.equal(en.moment(iso), english);
      assert.equal(de.moment(iso), german);
    });
  }

  test('behind “until” and “since” goes without the word before the day', () => {
    assert.equal(en.until('2026-11-27T21:00:00Z'), 'Friday at 22:00');
    assert.equal(de.until('2026-11-20T21:00:00Z'), '20. November um 22:00');
    assert.equal(de.until('2026-11-21T21:00:00Z'), 'gestern um 22:00');
  });

  test('that is none is shown as it stands', () => {
    assert.equal(en.moment('soon'), 'soon');
  });
});

test('the days are counted by the wall, also on the day the clocks are changed', () => {
  // 25 October 2026 has 25 hours in Berlin.
  const sunday = formatsOf('en', new Date('2026-10-25T22:30:00Z'), 'Europe/Berlin');
  assert.equal(sunday.moment('2026-10-24T22:30:00Z'), 'today at 00:30');
  assert.equal(sunday.moment('2026-10-24T21:30:00Z'), 'yesterday at 23:30');
});

test('how long ago is said in the largest unit that still tells something', () => {
  assert.equal(en.ago('2026-11-22T17:59:50Z'), 'just now');
  assert.equal(en.ago('2026-11-22T15:00:00Z'), '3 hours ago');
  assert.equal(de.ago('2026-11-22T15:00:00Z'), 'vor 3 Stunden');
  assert.equal(en.ago('2026-11-13T18:00:00Z'), '9 days ago');
  assert.equal(en.ago('2026-11-22T20:00:00Z'), 'in 2 hours');
  assert.equal(de.ago('2024-11-01T20:00:00Z'), 'vor 2 Jahren');
});

test('lengths of time bend as German wants it behind “seit”', () => {
  assert.deepEqual(
    [60_000, 3_600_000, 129_600_000, 777_600_000].map((ms) => [en.span(ms), de.span(ms)]),
    [
      ['1 minute', 'einer Minute'],
      ['1 hour', 'einer Stunde'],
      ['2 days', '2 Tagen'],
      ['9 days', '9 Tagen'],
    ],
  );
});

test('sizes are said as people say them', () => {
  assert.deepEqual(
    [0, 999, 1500, 64_000_000_000].map((bytes) => en.bytes(bytes)),
    ['0 bytes', '999 bytes', '1.5 kB', '64 GB'],
  );
  assert.equal(de.bytes(1_500_000_000), '1,5\u00a0GB');
});
