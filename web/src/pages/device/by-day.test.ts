import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SnapshotSummary } from '../../../../src/contract/index.ts';
import { byDay } from './by-day.ts';

const taken = (id: string, at: Date): SnapshotSummary => ({
  id,
  udid: 'u',
  deviceName: 'Ada’s iPhone',
  productVersion: '18.5',
  takenAt: at.toISOString(),
  kind: 'incremental',
  encrypted: true,
  files: 1,
  bytes: 1,
  newBytes: 1,
  pinned: false,
  warnings: 0,
});

test('versions of one local day stand together, days and versions in the order they came', () => {
  const days = byDay([
    taken('c', new Date(2026, 10, 22, 0, 10)),
    taken('b', new Date(2026, 10, 21, 23, 50)),
    taken('a', new Date(2026, 10, 21, 7, 0)),
  ]);
  assert.deepEqual(
    days.map(({ day, versions }) => [day.getDate(), versions.map(({ id }) => id)]),
    [
      [22, ['c']],
      [21, ['b', 'a']],
    ],
  );
});

test('no versions make no days', () => assert.deepEqual(byDay([]), []));
