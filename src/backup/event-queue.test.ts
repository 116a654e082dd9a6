import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventQueue } from './event-queue.ts';
import type { BackupEvent } from './events.ts';

describe('EventQueue', () => {
  test('hands out everything in order, but of progress only the newest', async () => {
    const queue = new EventQueue<BackupEvent>();
    for (const event of [progress(1), progress(2), warning('a'), progress(3), warning('b'), progress(4)])
      queue.push(event);
    queue.end();
    assert.deepEqual(await Array.fromAsync(queue), [progress(2), warning('a'), progress(3), warning('b'), progress(4)]);
  });

  test('wakes a follower who waits', async () => {
    const queue = new EventQueue<BackupEvent>();
    const next = queue[Symbol.asyncIterator]().next();
    queue.push(warning('late'));
    assert.deepEqual(await next, { done: false, value: warning('late') });
  });

  test('fails once what came before has been handed out', async () => {
    const queue = new EventQueue<BackupEvent>();
    queue.push(warning('a'));
    queue.fail(new Error('broken'));
    const seen: BackupEvent[] = [];
    await assert.rejects(
      async () => {
        for await (const event of queue) seen.push(event);
      },
      { message: 'broken' },
    );
    assert.deepEqual(seen, [warning('a')]);
  });
});

function progress(files: number): BackupEvent {
  return { event: 'progress', phase: 'receiving', files, bytes: 0, bytesPerSecond: 0, fraction: 0 };
}

function warning(message: string): BackupEvent {
  return { event: 'warning', message };
}
