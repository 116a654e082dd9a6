import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BackupEvent } from './events.ts';
import { ProgressTeller } from './progress-teller.ts';

const COUNTERS = {
  filesReceived: 1,
  bytesReceived: 10,
  filesSent: 0,
  bytesSent: 0,
  devicePercent: 0,
  deviceReports: 0,
  batchBytes: 0,
};

describe('ProgressTeller', () => {
  test('tells every phase, and progress at most ten times a second', () => {
    const told: BackupEvent[] = [];
    let nowMs = 0;
    using teller = new ProgressTeller(
      (event) => told.push(event),
      () => nowMs,
    );
    teller.follow({ kind: 'phase', phase: 'receiving' });
    for (; nowMs < 1000; nowMs += 1) teller.follow({ kind: 'progress', counters: COUNTERS });
    teller.follow({ kind: 'phase', phase: 'moving' });
    const phases = told.map((event) => (event.event === 'progress' ? event.phase : ''));
    assert.deepEqual([...new Set(phases)], ['connecting', 'receiving', 'moving']);
    assert.ok(told.length <= 12);
    assert.deepEqual([teller.files, teller.bytes], [1, 10]);
  });

  test('shows that the device asks for its passcode only while that is what the backup waits for', () => {
    using teller = new ProgressTeller(
      () => {},
      () => 0,
    );
    teller.passcode(true);
    assert.equal(teller.phase, 'connecting');
    teller.follow({ kind: 'phase', phase: 'waiting' });
    teller.passcode(true);
    assert.equal(teller.phase, 'waiting-for-passcode');
    teller.passcode(false);
    assert.equal(teller.phase, 'preparing');
    teller.follow({ kind: 'phase', phase: 'receiving' });
    teller.passcode(true);
    assert.equal(teller.phase, 'receiving');
  });

  test('shows a question that came before the backup was asked for, until it is answered or the backup goes on', () => {
    using teller = new ProgressTeller(
      () => {},
      () => 0,
    );
    teller.passcode(true);
    teller.follow({ kind: 'phase', phase: 'waiting' });
    assert.equal(teller.phase, 'waiting-for-passcode');
    teller.follow({ kind: 'phase', phase: 'preparing' });
    assert.equal(teller.phase, 'preparing');
    teller.passcode(false);
    teller.follow({ kind: 'phase', phase: 'waiting' });
    assert.equal(teller.phase, 'preparing');
  });

  test('does not call the device’s response the end', () => {
    using teller = new ProgressTeller(
      () => {},
      () => 0,
    );
    teller.follow({ kind: 'phase', phase: 'finishing' });
    assert.equal(teller.phase, 'verifying');
  });
});
