import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { forecastFull, usualGrowth } from './growth.ts';

const DAY_MS = 86_400_000;
const at = (day: number, addedBytes: number): { takenAt: Date; addedBytes: number } => ({
  takenAt: new Date(Date.UTC(2026, 10, 1) + day * DAY_MS),
  addedBytes,
});

test('the growth is that of a usual day, not of the first backup or of a holiday with many photos', () => {
  const days = Array.from({ length: 20 }, (_, day) => at(day, day === 0 ? 5e10 : day === 7 ? 8e9 : 1e8));
  assert.equal(usualGrowth(days), 1e8);
});

test('what came after some days came evenly', () => {
  assert.equal(usualGrowth([at(0, 5e10), at(5, 5e8), at(10, 5e8)]), 1e8);
});

test('several backups of one day count together', () => {
  const days = Array.from({ length: 40 }, (_, n) => at(n / 4, n === 0 ? 5e10 : 25));
  assert.equal(Math.round(usualGrowth(days) ?? 0), 100);
});

test('only the last thirty days count', () => {
  const days = Array.from({ length: 100 }, (_, day) => at(day, day < 60 ? 1e9 : 1e6));
  assert.equal(usualGrowth(days), 1e6);
});

test('two snapshots of one moment are no reason to divide by zero', () => {
  const growth = usualGrowth([at(0, 1e9), at(4, 4e6), at(4, 4e6)]);
  assert.ok(growth !== undefined && growth >= 1e6 && growth < 1e7);
});

test('less than three days tell nothing', () => {
  assert.equal(usualGrowth([]), undefined);
  assert.equal(usualGrowth([at(0, 1e9)]), undefined);
  assert.equal(usualGrowth([at(0, 1e9), at(2, 1e6)]), undefined);
});

test('the day on which the disk is full is told from what all devices bring', () => {
  const now = new Date(Date.UTC(2026, 10, 21));
  const records = ['a', 'b'].flatMap((udid) =>
    Array.from({ length: 20 }, (_, day) => ({ udid, takenAt: at(day, 0).takenAt, newBytes: day === 0 ? 5e10 : 1e8 })),
  );
  // No other field is looked at.
  const newestFirst = records.toSorted(
    (x, y) => y.takenAt.getTime() - x.takenAt.getTime(),
  ) as unknown as SnapshotRecord[];
  assert.equal(forecastFull(newestFirst, 2e9, now)?.toISOString(), '2026-12-01T00:00:00.000Z');
  assert.equal(forecastFull(newestFirst, 1e15, now), undefined, 'not in a hundred years');
  assert.equal(forecastFull([], 2e9, now), undefined);
});
