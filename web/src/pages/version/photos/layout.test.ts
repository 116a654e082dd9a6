import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { layOut, placeBeside, rowAt, rowOf, shapeOf } from './layout.ts';

const measures = { width: 1000, rowHeight: 200, gap: 4, headingHeight: 40 };

function library(days: [string, number][]) {
  const total = days.reduce((sum, [, count]) => sum + count, 0);
  return { days, ratios: Array.from({ length: total }, (_, place) => [133, 75, 100, 178, 20, 900][place % 6] ?? 100) };
}

describe('a grid of photos', () => {
  const photos = library([
    ['2026-05-02', 25],
    ['2026-05-01', 1],
    ['', 3],
  ]);
  const layout = layOut(photos, measures);

  test('has every photo once, in order, each day under its heading', () => {
    const lines = layout.rows.filter(({ day }) => day === undefined);
    assert.deepEqual(
      lines.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index)),
      Array.from({ length: 29 }, (_, place) => place),
    );
    assert.deepEqual(
      layout.rows.flatMap(({ day, from }) => (day === undefined ? [] : [[day, from]])),
      [
        ['2026-05-02', 0],
        ['2026-05-01', 25],
        ['', 26],
      ],
    );
  });
  test('fills its lines to the edge and never makes one higher than asked for', () => {
    for (const [index, row] of layout.rows.entries()) {
      if (row.day !== undefined) continue;
      assert.ok(row.height <= measures.rowHeight + 0.001);
      let width = measures.gap * (row.to - row.from - 1);
      for (let place = row.from; place < row.to; place++) width += shapeOf(photos, place) * row.height;
      assert.ok(width <= measures.width + 0.001);
      const isLastOfDay = layout.rows[index + 1]?.day !== undefined || index === layout.rows.length - 1;
      if (!isLastOfDay) assert.ok(width > measures.width - 0.001);
    }
  });
  test('finds rows by height and by photo', () => {
    for (const [index, row] of layout.rows.entries()) {
      assert.equal(rowAt(layout, row.y + 1), index);
      if (row.day === undefined) assert.equal(rowOf(layout, row.from), index);
    }
    assert.equal(rowAt(layout, -5), 0);
    assert.equal(rowAt(layout, 1e9), layout.rows.length - 1);
  });
  test('goes up and down across headings, and stays at the ends', () => {
    assert.equal(placeBeside(photos, layout, 25, 1), 26);
    assert.equal(placeBeside(photos, layout, 0, -1), 0);
    assert.equal(placeBeside(photos, layout, 28, 1), 28);
    assert.ok(placeBeside(photos, layout, 0, 1) > 0);
  });
  test('is laid out for 50,000 at once', () => {
    const many = layOut(library(Array.from({ length: 3500 }, (_, day) => [`${day}`, day % 30])), measures);
    assert.ok(many.height > 1e6);
  });
});
