import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Job } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { inTurn } from './in-turn.ts';
import { JobBoard } from './job-board.ts';

const bug = (error: unknown): never => assert.fail(String(error));
const BUSY = new AppError('ALREADY_RUNNING', 'another checkup is under way');

describe('a job whose work somebody else is doing', () => {
  test('waits until that is over, says so once, and is then done', async () => {
    const board = new JobBoard();
    const states: Job['state'][] = [];
    board.onChange(({ state }) => void (states.at(-1) === state || states.push(state)));
    let tries = 0;
    const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
    const { id } = board.start(
      { kind: 'checkup', automatic: true },
      (handle) =>
        inTurn(handle, { clock }, async () => {
          handle.begin();
          if (++tries < 3) throw BUSY;
        }),
      bug,
    );
    const job = await board.waitFor(id);
    assert.equal(job?.state, 'done');
    assert.deepEqual(job.warnings, ['Another checkup is under way. This begins when that has come to its end.']);
    assert.deepEqual(states, ['waiting', 'running', 'waiting', 'running', 'waiting', 'running', 'done']);
  });

  test('can be stopped meanwhile', async () => {
    const board = new JobBoard();
    const { id } = board.start(
      { kind: 'checkup', automatic: false },
      (handle) => inTurn(handle, { clock: { now: () => new Date(), sleep } }, () => Promise.reject(BUSY)),
      bug,
    );
    await new Promise(setImmediate);
    board.cancel(id);
    assert.equal((await board.waitFor(id))?.state, 'cancelled');
  });
});

const sleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
