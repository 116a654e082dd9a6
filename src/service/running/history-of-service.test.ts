import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { because, type Job } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { appendTry, triesOf } from '../history/tries.ts';
import { JobJournal } from './job-journal.ts';
import { SkippedTries } from './skipped-tries.ts';

const UDID = '00008110-000A1B2C3D4E5F60';
const NOON = new Date('2026-11-22T12:00:00Z');
const HOUR_MS = 3_600_000;

let stateDir = '';
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'holdfast-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

describe('why a device was not backed up', () => {
  test('is put down when the reason changes, and not again while it comes and goes', async () => {
    const skipped = new SkippedTries(stateDir);
    const away = because('out-of-reach', {});
    const power = because('needs-power', {});
    for (const [minutes, reason] of [
      [0, away],
      [1, away],
      [2, power],
      [3, away],
      [4, power],
      [400, away],
    ] as const) {
      await skipped.note(UDID, [reason], minutesAfter(minutes));
    }
    assert.deepEqual(await codes(), ['out-of-reach', 'needs-power', 'out-of-reach']);
  });

  test('is remembered over a restart, and is news again after a real try', async () => {
    await new SkippedTries(stateDir).note(UDID, [because('needs-power', {})], NOON);
    const again = new SkippedTries(stateDir);
    await again.note(UDID, [because('needs-power', {})], minutesAfter(1));
    assert.deepEqual(await codes(), ['needs-power']);
    await appendTry(stateDir, UDID, {
      at: minutesAfter(2),
      kind: 'backup',
      outcome: 'failed',
      code: 'CONNECTION_LOST',
    });
    again.begun(UDID);
    await again.note(UDID, [because('needs-power', {})], minutesAfter(3));
    assert.deepEqual(await codes(), ['needs-power', 'needs-power']);
  });

  test('is not that it runs, or that others run', async () => {
    const skipped = new SkippedTries(stateDir);
    await skipped.note(UDID, [because('running', {})], NOON);
    await skipped.note(UDID, [because('slot-taken', {})], NOON);
    assert.deepEqual(await codes(), []);
  });
});

describe('what was running when the service died', () => {
  test('is put into the history, once', async () => {
    const journal = new JobJournal(stateDir, SILENT_LOGGER);
    const job: Job = {
      id: '1',
      kind: 'backup',
      udid: UDID,
      state: 'running',
      automatic: true,
      startedAt: NOON.toISOString(),
      asksPasscode: false,
      warnings: [],
    };
    journal.follow({ ...job, id: '2', state: 'waiting' });
    journal.follow(job);
    journal.follow({ ...job, asksPasscode: true });
    journal.follow({ ...job, id: '3' });
    journal.follow({ ...job, id: '3', state: 'done' });
    const reborn = new JobJournal(stateDir, SILENT_LOGGER);
    const [only, ...others] = await reborn.takeInterrupted(minutesAfter(5));
    assert.deepEqual([only?.id, others], ['1', []]);
    assert.partialDeepStrictEqual(await triesOf(stateDir, UDID), [
      { outcome: 'interrupted', automatic: true, asked: true, startedAt: NOON, at: minutesAfter(5) },
    ]);
    assert.deepEqual(await new JobJournal(stateDir, SILENT_LOGGER).takeInterrupted(minutesAfter(6)), []);
  });
});

function minutesAfter(minutes: number): Date {
  return new Date(NOON.getTime() + (minutes * HOUR_MS) / 60);
}

async function codes(): Promise<(string | undefined)[]> {
  const tries = (await triesOf(stateDir, UDID)).toReversed();
  return tries.filter(({ outcome }) => outcome === 'skipped').map(({ reasons }) => reasons?.[0]?.code);
}
