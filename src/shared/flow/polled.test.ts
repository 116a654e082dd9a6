import assert from 'node:assert/strict';
import { test } from 'node:test';
import { polled } from './polled.ts';

test('work is looked at until it is done, and gives what it gives', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const looks = polled(promise, () => 'on its way', 1);
  assert.deepEqual(await looks.next(), { done: false, value: 'on its way' });
  resolve('done');
  let last = await looks.next();
  while (last.done !== true) last = await looks.next();
  assert.equal(last.value, 'done');
});

test('work that is done at once is not looked at, and its failure is thrown', async () => {
  assert.deepEqual(await polled(Promise.resolve(7), () => assert.fail(), 1).next(), { done: true, value: 7 });
  await assert.rejects(polled(Promise.reject(new Error('broken')), () => 0, 1).next(), { message: 'broken' });
});
