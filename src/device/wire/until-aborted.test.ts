import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../shared/errors.ts';
import { untilAborted } from './cancel.ts';

describe('untilAborted', () => {
  test('brings what the work brings', async () => {
    const { signal } = new AbortController();
    assert.equal(await untilAborted(Promise.resolve(1), signal), 1);
    assert.equal(await untilAborted(Promise.resolve(2), undefined), 2);
    await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal), { message: 'no' });
  });

  test('does not wait beyond the abort, and hands over what comes late', async () => {
    const stop = new AbortController();
    const work = Promise.withResolvers<string>();
    const late: string[] = [];
    const waiting = untilAborted(work.promise, stop.signal, (value) => late.push(value));
    stop.abort();
    await assert.rejects(waiting, { code: 'CANCELLED' });
    work.resolve('too late');
    await work.promise;
    assert.deepEqual(late, ['too late']);
  });

  test('fails with the reason of the abort when that is one of our errors', async () => {
    const lost = AbortSignal.abort(new AppError('CONNECTION_LOST', 'gone'));
    await assert.rejects(untilAborted(new Promise(() => {}), lost), { code: 'CONNECTION_LOST' });
  });
});
