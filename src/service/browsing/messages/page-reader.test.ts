import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { array, assert as check, boolean, integer, property } from 'fast-check';
import { firstAtOrAfter, neighboursOf, readPage, type LongList, type ReadPage } from './page-reader.ts';

/** @param told for each row whether it is told by itself. */
const listOf = (told: readonly boolean[]): LongList<number> => ({
  length: told.length,
  read: (start, end) => told.slice(start, end).map((isTold, i) => ({ item: start + i, n: start + i, isTold })),
});
const toldIn = (told: readonly boolean[]): number[] => told.flatMap((isTold, n) => (isTold ? [n] : []));

describe('pages of a long list', () => {
  test('turned backwards or forwards, whatever is left out, hold everything once', () => {
    check(
      property(array(boolean(), { maxLength: 400 }), integer({ min: 1, max: 50 }), (told, limit) => {
        const list = listOf(told);
        const back: number[] = [];
        for (let before: number | undefined = told.length; before !== undefined;) {
          const page: ReadPage<number> = readPage(list, { wanted: undefined, before, limit });
          back.unshift(...page.items.map(({ n }) => n));
          ({ before } = neighboursOf(page, list));
        }
        assert.deepEqual(back, toldIn(told));
        const forth: number[] = [];
        for (let after: number | undefined = -1; after !== undefined;) {
          const page: ReadPage<number> = readPage(list, { wanted: undefined, after, limit });
          forth.push(...page.items.map(({ n }) => n));
          ({ after } = neighboursOf(page, list));
        }
        assert.deepEqual(forth, toldIn(told));
      }),
    );
  });

  test('around a place hold what is told there, and never more than was asked for and one', () => {
    check(
      property(array(boolean(), { minLength: 1, maxLength: 300 }), integer({ min: 1, max: 40 }), (told, limit) => {
        const wanted = Math.floor(told.length / 2);
        const { items } = readPage(listOf(told), { wanted, limit });
        assert.ok(items.length <= limit + 1);
        assert.deepEqual(
          items.map(({ n }) => n).toSorted((a, b) => a - b),
          items.map(({ n }) => n),
        );
        if (told[wanted] === true) assert.ok(items.some(({ n }) => n === wanted));
      }),
    );
  });

  test('are asked for before a place or after it', () => {
    assert.throws(() => readPage(listOf([true]), { wanted: undefined, before: 1, after: 0, limit: 1 }), {
      code: 'USAGE',
    });
  });

  test('the first at or after a time', () => {
    const times = Float64Array.from([1, 3, 3, 9]);
    assert.deepEqual(
      [0, 1, 2, 3, 4, 9, 10].map((time) => firstAtOrAfter(times, time)),
      [0, 0, 1, 1, 3, 3, 4],
    );
  });
});
