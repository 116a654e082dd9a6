import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayAt, inParts, markAt, numberAt, onlyThese, placeOf } from './photo-set.ts';

const library = {
  view: 'library',
  total: 5,
  days: [
    ['2026-05-02', 2],
    ['2026-05-01', 3],
  ] as [string, number][],
  ratios: [133, 75, 100, 133, 75],
  marks: '-lvc-',
  seconds: [0, 0, 12, 0, 0],
};

describe('photos of a view', () => {
  test('are told apart by their marks', () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((place) => markAt(library, place)),
      ['photo', 'live', 'video', 'elsewhere'],
    );
  });
  test('are found by number and by day', () => {
    assert.equal(numberAt(library, 3), 3);
    assert.equal(placeOf(library, 7), -1);
    assert.deepEqual(dayAt(library, 3), { day: '2026-05-01', inDay: 1, count: 3 });
  });
  test('stand under months where days hold few', () => {
    assert.deepEqual(inParts(library).days, [['2026-05', 5]]);
    const many = { ...library, total: 8, days: [['2026-05-02', 8]] as [string, number][] };
    assert.equal(inParts(many), many);
  });
  test('can be some of them, days that have none left out', () => {
    const some = onlyThese(library, [4, 2]);
    assert.deepEqual(some.days, [['2026-05-01', 2]]);
    assert.deepEqual(some.numbers, [2, 4]);
    assert.equal(some.marks, 'v-');
    assert.deepEqual(some.seconds, [12, 0]);
    assert.equal(numberAt(some, 1), 4);
    assert.equal(placeOf(some, 4), 1);
  });
});
