import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestOf } from './copy.ts';

const NOW = new Date('2026-11-22T18:00:00Z');
const version = (id: string, day: string, udid = 'ada') => ({ id, udid, takenAt: new Date(`${day}T10:00:00Z`) });

test('the newest of each device is told, and none that a wrong clock dated unless there is no other', () => {
  const wrong = version('wrong', '2037-01-01');
  const versions = [
    version('old', '2026-11-01'),
    wrong,
    version('new', '2026-11-22'),
    version('between', '2026-11-20'),
  ];
  const newest = (all: typeof versions): unknown => newestOf(all, NOW)['ada']?.snapshot;
  assert.equal(newest(versions), 'new');
  assert.equal(newest(versions.toReversed()), 'new');
  assert.equal(newest([wrong]), 'wrong');
  assert.deepEqual(Object.keys(newestOf([...versions, version('b', '2026-11-01', 'bea')], NOW)), ['ada', 'bea']);
});
