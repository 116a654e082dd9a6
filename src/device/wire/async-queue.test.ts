import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AsyncQueue } from './async-queue.ts';

test('values pushed before and after somebody waits come out in order', async () => {
  const queue = new AsyncQueue<number | undefined>();
  queue.push(1);
  queue.push(undefined);
  const all = Array.fromAsync(queue);
  queue.push(3);
  queue.end();
  queue.push(4);
  assert.deepEqual(await all, [1, undefined, 3]);
});

test('an error comes after the values before it', async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  queue.end(new Error('gone'));
  const seen: number[] = [];
  await assert.rejects(
    async () => {
      for await (const value of queue) seen.push(value);
    },
    { message: 'gone' },
  );
  assert.deepEqual(seen, [1]);
});
