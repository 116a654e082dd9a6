import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../../src/contract/index.ts';
import { shownJobs } from './shown-jobs.ts';

const openedAt = new Date('2026-11-22T18:00:00Z');

test('shows what asks for the passcode first, then what runs, then what waits', () => {
  const jobs = [job({ id: 'waits', state: 'waiting' }), job({ id: 'runs' }), job({ id: 'asks', asksPasscode: true })];
  assert.deepEqual(idsOf(shownJobs(jobs, new Set(), openedAt)), ['asks', 'runs', 'waits']);
});

test('keeps what ended while the page is open, until it is put away', () => {
  const jobs = [job({ id: 'failed', state: 'failed', endedAt: '2026-11-22T18:10:00Z' })];
  assert.deepEqual(idsOf(shownJobs(jobs, new Set(), openedAt)), ['failed']);
  assert.deepEqual(shownJobs(jobs, new Set(['failed']), openedAt), []);
});

test('leaves out what ended before the page was opened', () => {
  const jobs = [job({ state: 'done', endedAt: '2026-11-22T17:59:00Z' })];
  assert.deepEqual(shownJobs(jobs, new Set(), openedAt), []);
});

function job(facts: Partial<Job>): Job {
  return {
    id: 'job',
    kind: 'backup',
    state: 'running',
    automatic: false,
    startedAt: '2026-11-22T17:50:00Z',
    asksPasscode: false,
    warnings: [],
    ...facts,
  };
}

function idsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ id }) => id);
}
