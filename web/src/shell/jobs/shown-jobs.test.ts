import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../../src/contract/index.ts';
import { endedIds, shownJobs } from './shown-jobs.ts';

test('shows what asks for the passcode first, then what runs, then what waits', () => {
  const jobs = [job({ id: 'waits', state: 'waiting' }), job({ id: 'runs' }), job({ id: 'asks', asksPasscode: true })];
  assert.deepEqual(idsOf(shownJobs(jobs, new Set())), ['asks', 'runs', 'waits']);
});

test('keeps what ended while the page is open, until it is put away', () => {
  const jobs = [job({ id: 'failed', state: 'failed', endedAt: '2026-11-22T18:10:00Z' })];
  assert.deepEqual(idsOf(shownJobs(jobs, new Set())), ['failed']);
  assert.deepEqual(shownJobs(jobs, new Set(['failed'])), []);
});

test('leaves out what had ended when the page was opened, whatever the clocks say', () => {
  const old = job({ id: 'old', state: 'done', endedAt: '2026-11-22T17:59:00Z' });
  const running = job({ id: 'new' });
  const putAway = endedIds([old, running]);
  const ended = { ...running, state: 'done' as const, endedAt: '2026-11-22T17:00:00Z' };
  assert.deepEqual(idsOf(shownJobs([old, ended], putAway)), ['new']);
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
