import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Job } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { JobBoard, type JobHandle } from './job-board.ts';

const SPEC = { kind: 'backup', udid: 'A', automatic: true } as const;

describe('a job', () => {
  test('waits, runs, and is done; whoever listens is told', async () => {
    const board = new JobBoard();
    const states: Job['state'][] = [];
    board.onChange(({ state }) => void (states.at(-1) === state || states.push(state)));
    const { id } = board.start(SPEC, work, unexpected);
    const job = await board.waitFor(id);
    assert.partialDeepStrictEqual(job, { state: 'done', snapshot: 'S', warnings: ['Careful.'], asksPasscode: false });
    assert.deepEqual(states, ['waiting', 'running', 'done']);
    assert.deepEqual(board.active(), []);
  });

  for (const [code, state] of [
    ['CONNECTION_LOST', 'failed'],
    ['PASSCODE_NOT_ENTERED', 'not-confirmed'],
    ['CANCELLED', 'cancelled'],
  ] as const) {
    test(`that ends with ${code} is ${state}, and says why`, async () => {
      const board = new JobBoard();
      const error = new AppError(code, 'it ended', { hint: 'Do something.' });
      const { id } = board.start(SPEC, () => Promise.reject(error), unexpected);
      const job = await board.waitFor(id);
      assert.partialDeepStrictEqual(job, { state, problem: { code, message: 'it ended', hint: 'Do something.' } });
    });
  }

  test('that fails by a mistake of ours says nothing of what it was about, and the mistake is not lost', async () => {
    const board = new JobBoard();
    const mistakes: unknown[] = [];
    const mistake = new TypeError('the secret is hunter2');
    const { id } = board.start(
      SPEC,
      () => Promise.reject(mistake),
      (error) => mistakes.push(error),
    );
    const job = await board.waitFor(id);
    assert.equal(job?.problem?.code, 'BUG');
    assert.ok(!JSON.stringify(job).includes('hunter2'));
    assert.deepEqual(mistakes, [mistake]);
  });

  test('can be stopped, and so can all', async () => {
    const board = new JobBoard();
    const [first, second] = [board.start(SPEC, untilStopped, unexpected), board.start(SPEC, untilStopped, unexpected)];
    board.cancel(first.id);
    assert.equal((await board.waitFor(first.id))?.state, 'cancelled');
    await board.stopAll(new AppError('CANCELLED', 'the service was stopped'));
    assert.equal(board.get(second.id)?.problem?.message, 'the service was stopped');
    board.cancel('nobody');
  });

  test('is told of for a while after it, not for ever', async () => {
    const board = new JobBoard();
    const ids = Array.from({ length: 210 }, () => board.start(SPEC, () => Promise.resolve(), unexpected).id);
    await Promise.all(ids.map((id) => board.waitFor(id)));
    assert.equal(board.list().length, 200);
    assert.equal(board.get(ids[0] ?? ''), undefined);
  });
});

function unexpected(error: unknown): void {
  assert.fail(String(error));
}

function work(handle: JobHandle): Promise<void> {
  handle.begin();
  handle.asksPasscode(true);
  handle.warn('Careful.');
  handle.result({ snapshot: 'S' });
  return Promise.resolve();
}

function untilStopped({ signal }: JobHandle): Promise<void> {
  const { promise, reject } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => reject(signal.reason));
  return promise;
}
