import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../shared/errors.ts';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

describe('slots', () => {
  test('are taken by as many as there are, and the next one waits', async () => {
    const slots = new Slots(() => 2);
    const first = await slots.take({ urgent: false, signal: never });
    await slots.take({ urgent: false, signal: never });
    assert.equal(slots.free, 0);
    let isIn = false;
    const third = slots.take({ urgent: false, signal: never }).then(() => (isIn = true));
    await Promise.resolve();
    assert.equal(isIn, false);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await third;
    assert.equal(slots.free, 0);
  });

  test('go to who was asked for by a person first', async () => {
    const slots = new Slots(() => 1);
    const held = await slots.take({ urgent: false, signal: never });
    const order: string[] = [];
    const wait = async (name: string, urgent: boolean): Promise<void> => {
      using _slot = await slots.take({ urgent, signal: never });
      order.push(name);
    };
    const all = [wait('by itself', false), wait('asked for', true)];
    held[Symbol.dispose]();
    await Promise.all(all);
    assert.deepEqual(order, ['asked for', 'by itself']);
  });

  test('are not waited for any longer by who was stopped', async () => {
    const slots = new Slots(() => 1);
    const held = await slots.take({ urgent: false, signal: never });
    const stop = new AbortController();
    const waiting = slots.take({ urgent: false, signal: stop.signal });
    stop.abort(new AppError('CANCELLED', 'stopped'));
    await assert.rejects(waiting, { code: 'CANCELLED' });
    held[Symbol.dispose]();
    assert.equal(slots.free, 1);
  });

  test('become more while somebody waits', async () => {
    let count = 1;
    const slots = new Slots(() => count);
    await slots.take({ urgent: false, signal: never });
    const waiting = slots.take({ urgent: false, signal: never });
    count = 2;
    slots.settle();
    await waiting;
  });
});
