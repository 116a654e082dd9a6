import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Job } from '../contract/index.ts';
import { IdleMemory } from './idle-memory.ts';

describe('giving memory back', () => {
  let cpuUs = 0;
  let residentBytes = 0;
  let collections = 0;
  let jobs: Job[] = [];
  let memory: IdleMemory;

  beforeEach(() => {
    [cpuUs, residentBytes, collections, jobs] = [600_000, 100e6, 0, []];
    memory = new IdleMemory({
      jobs: () => jobs,
      cpuUs: () => cpuUs,
      residentBytes: () => residentBytes,
      collect: () => void collections++,
    });
  });

  const work = (us: number): void => {
    cpuUs += us;
    memory.look();
  };

  test('happens once after work, and not while it goes on', () => {
    work(0);
    assert.equal(collections, 1);
    work(900_000);
    assert.equal(collections, 1);
    work(1_000);
    work(1_000);
    assert.equal(collections, 2);
  });

  test('waits for jobs that wait themselves', () => {
    jobs = [
      {
        id: '1',
        kind: 'backup',
        state: 'running',
        startedAt: '2026-11-01T00:00:00.000Z',
        automatic: false,
        asksPasscode: false,
        warnings: [],
      },
    ];
    work(0);
    assert.equal(collections, 0);
  });

  test('costs nothing while nothing happens, and is tried again now and then while much is held', () => {
    for (let n = 0; n < 100; n++) work(100);
    assert.equal(collections, 1);
    residentBytes = 300e6;
    for (let n = 0; n < 60; n++) work(100);
    assert.equal(collections, 3);
  });
});
