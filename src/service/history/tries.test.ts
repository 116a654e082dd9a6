import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { AppError } from '../../shared/errors.ts';
import { recordTry } from './record-try.ts';
import { appendTry, triesOf, type Try } from './tries.ts';

const UDID = '00008110-000A1B2C3D4E5F60';

let stateDir = '';
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'holdfast-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

describe('the history of a device', () => {
  test('is empty where nothing was tried', async () => {
    assert.deepEqual(await triesOf(stateDir, UDID), []);
  });

  test('gives back what was put in, the newest first, to the owner alone', async () => {
    const first = entry({ outcome: 'done', snapshot: '20261122T100000Z-aaaa' });
    const second = entry({ outcome: 'failed', code: 'CONNECTION_LOST', sentence: 'Gone.', hint: 'Try again.' });
    await appendTry(stateDir, UDID, first);
    await appendTry(stateDir, UDID, second);
    assert.deepEqual(await triesOf(stateDir, UDID), [second, first]);
    assert.deepEqual(await triesOf(stateDir, 'another'), []);
    assert.equal((await stat(fileOf(UDID))).mode & 0o077, 0);
  });

  test('loses no more than the line that was torn, and what it does not understand', async () => {
    await appendTry(stateDir, UDID, entry({ outcome: 'done' }));
    await appendFile(fileOf(UDID), '{"at":"2030-01-01T00:00:00Z","kind":"dance","outcome":"done"}\n[]\n{"at":"2026-1');
    await appendTry(stateDir, UDID, entry({ outcome: 'cancelled' }));
    const tries = await triesOf(stateDir, UDID);
    assert.deepEqual(
      tries.map(({ outcome }) => outcome),
      ['cancelled', 'done'],
    );
  });

  test('does not grow for ever, and keeps what is recent', async () => {
    await appendTry(stateDir, UDID, entry({ outcome: 'done' }));
    const line = `${JSON.stringify(entry({ outcome: 'failed', sentence: 'x'.repeat(400) }))}\n`;
    for (let turn = 0; turn < 3; turn++) {
      await writeFile(fileOf(UDID), line.repeat(1_300));
      await appendTry(stateDir, UDID, entry({ outcome: 'cancelled', sentence: 'y'.repeat(9_999) }));
    }
    assert.deepEqual((await readdir(join(stateDir, 'history'))).toSorted(), [`${UDID}.1.jsonl`, `${UDID}.jsonl`]);
    assert.ok((await readFile(fileOf(UDID))).length < 1_000);
    const [newest, next] = await triesOf(stateDir, UDID);
    assert.deepEqual([newest?.outcome, next?.outcome], ['cancelled', 'failed']);
  });

  test('is kept for devices, not for paths', async () => {
    await assert.rejects(appendTry(stateDir, '../escape', entry({ outcome: 'done' })), { code: 'USAGE' });
  });
});

describe('a job that is recorded', () => {
  test('leaves its snapshot', async () => {
    const events = [{ event: 'started' }, { event: 'done', snapshot: 'S' }];
    assert.deepEqual(await Array.fromAsync(recorded(events)), events);
    assert.partialDeepStrictEqual(await triesOf(stateDir, UDID), [{ outcome: 'done', snapshot: 'S' }]);
  });

  for (const [code, outcome] of [
    ['CONNECTION_LOST', 'failed'],
    ['CANCELLED', 'cancelled'],
    ['PASSCODE_NOT_ENTERED', 'not-confirmed'],
  ] as const) {
    test(`leaves the reason it ended with: ${code} is ${outcome}`, async () => {
      const error = new AppError(code, 'it ended', { hint: 'Do something.' });
      await assert.rejects(Array.fromAsync(recorded([{ event: 'started' }], error)), error);
      const [last] = await triesOf(stateDir, UDID);
      assert.partialDeepStrictEqual(last, { outcome, code, sentence: 'It ended.', hint: 'Do something.' });
    });
  }

  test('counts as cancelled when nobody listens any more', async () => {
    for await (const event of recorded([{ event: 'started' }, { event: 'done' }])) if (event.event === 'started') break;
    assert.partialDeepStrictEqual(await triesOf(stateDir, UDID), [{ outcome: 'cancelled' }]);
  });

  test('is not put down where it failed by a mistake of ours, nor stopped by a history that cannot be written', async () => {
    await assert.rejects(Array.fromAsync(recorded([], new TypeError('a bug'))), TypeError);
    assert.deepEqual(await triesOf(stateDir, UDID), []);
    await writeFile(join(stateDir, 'history'), 'in the way');
    await Array.fromAsync(recorded([{ event: 'done' }]));
  });
});

function entry(end: Partial<Try>): Try {
  return { at: new Date('2026-11-22T10:00:00Z'), kind: 'backup', outcome: 'done', ...end };
}

function fileOf(udid: string): string {
  return join(stateDir, 'history', `${udid}.jsonl`);
}

function recorded(events: { event: string; snapshot?: string }[], error?: Error): AsyncGenerator<{ event: string }> {
  // oxlint-disable-next-line require-await -- jobs are asynchronous
  async function* job(): AsyncGenerator<{ event: string }> {
    yield* events;
    if (error !== undefined) throw error;
  }
  return recordTry({ stateDir, udid: UDID, kind: 'backup' }, job());
}
