import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HealthSpans } from './health-spans.ts';

const at = (time: string): number => Date.parse(time);
const bucket = (time: string, sum: number, samples = 1) => ({
  startMs: at(time),
  provenance: 0,
  samples,
  sum,
  least: sum / samples,
  most: sum / samples,
});

describe('days, weeks and months of what was measured', () => {
  test('are those of the clocks of who reads', () => {
    const spans = new HealthSpans('sum', 'Europe/Berlin');
    spans.add(bucket('2026-05-01T21:45:00Z', 10), 'phone');
    spans.add(bucket('2026-05-01T22:15:00Z', 5), 'phone');
    assert.deepEqual(
      spans.points({ by: 'day' }).map(({ day, value }) => [day, value]),
      [
        ['2026-05-01', 10],
        ['2026-05-02', 5],
      ],
    );
  });

  test('do not count the steps twice that a watch and a phone have both counted', () => {
    const spans = new HealthSpans('sum', 'UTC');
    spans.add(bucket('2026-05-01T10:00:00Z', 100), 'phone');
    spans.add(bucket('2026-05-01T10:00:00Z', 120), 'watch');
    spans.add(bucket('2026-05-02T10:00:00Z', 50), 'phone');
    assert.equal(spans.hasSeveralSources, true);
    assert.deepEqual(
      spans.points({ by: 'month' }).map(({ day, value, samples }) => [day, value, samples]),
      [['2026-05-01', 170, 3]],
    );
  });

  test('are averages with the least and the most where nothing adds up', () => {
    const spans = new HealthSpans('average', 'UTC');
    spans.add({ ...bucket('2026-05-04T10:00:00Z', 180, 3), least: 50, most: 70 }, 'watch');
    spans.add({ ...bucket('2026-05-10T10:00:00Z', 100, 1), least: 100, most: 100 }, 'watch');
    assert.deepEqual(spans.points({ by: 'week' }), [
      { day: '2026-05-04', value: 70, least: 50, most: 100, samples: 4 },
    ]);
    assert.deepEqual(spans.points({ by: 'day', from: '2026-05-05', until: '2026-05-10' }), []);
  });

  test('leave out what is at no time', () => {
    const spans = new HealthSpans('sum', 'UTC');
    spans.add({ ...bucket('2026-05-01T10:00:00Z', 1), startMs: 1e300 }, 'x');
    spans.add({ ...bucket('2026-05-01T10:00:00Z', 1), startMs: NaN }, 'x');
    assert.deepEqual(spans.points({ by: 'day' }), []);
  });
});
