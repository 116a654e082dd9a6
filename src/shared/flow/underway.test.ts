import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Underway } from './underway.ts';

test('what fails first is kept for whoever asks next, and what fails later is not', async () => {
  const underway = new Underway();
  const slow = Promise.withResolvers<void>();
  underway.follow(Promise.reject(new Error('first')));
  underway.follow(slow.promise);
  await assert.rejects(underway.someDone(), { message: 'first' });
  assert.equal(underway.count, 1);
  slow.reject(new Error('later'));
  await underway.settled();
  assert.equal(underway.count, 0);
  assert.ok(underway.hasFailed);
  assert.throws(() => underway.throwFailure(), { message: 'first' });
});

test('settled waits for work that other work begins', async () => {
  const underway = new Underway();
  const done: string[] = [];
  const second = async (): Promise<void> => {
    await Promise.resolve();
    done.push('second');
  };
  const first = async (): Promise<void> => {
    await Promise.resolve();
    underway.follow(second());
    done.push('first');
  };
  underway.follow(first());
  await underway.settled();
  assert.deepEqual(done, ['first', 'second']);
});

test('nobody waits where nothing is under way', async () => {
  const underway = new Underway();
  await underway.someDone();
  await underway.settled();
  underway.throwFailure();
  assert.ok(!underway.hasFailed);
});
