import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../shared/errors.ts';
import { AfcClient } from '../afc/afc-client.ts';
import { AfcError, type AfcStatusName } from '../afc/afc-error.ts';
import { AFC_LOCK, AFC_OPERATION } from '../afc/constants.ts';
import { fakeAfc } from '../afc/fake-afc.test-helper.ts';
import { readAfcNumber } from '../afc/packet.ts';
import { withSyncLock } from './sync-lock.ts';

const NAME = 'com.apple.itunes-mobdev.sync';

describe('withSyncLock', () => {
  test('announces, locks, works, unlocks and announces again, in this order', async () => {
    const device = lockingDevice({ refusals: 2 });
    assert.equal(await device.run(async () => device.happened.push('work') > 0), true);
    assert.deepEqual(device.happened, [
      `${NAME}WillStart`,
      'open 2 /com.apple.itunes.lock_sync',
      `${NAME}LockRequest`,
      'locked after 2 refusals',
      `${NAME}DidStart`,
      'work',
      'unlocked',
      'closed',
      `${NAME}DidFinish`,
      'connection ended',
    ]);
  });

  test('releases the lock when the work fails', async () => {
    const device = lockingDevice({ refusals: 0 });
    await assert.rejects(
      device.run(async () => {
        throw new Error('no');
      }),
      { message: 'no' },
    );
    assert.ok(device.happened.includes('unlocked'));
    assert.equal(device.happened.at(-1), 'connection ended');
  });

  test('does without where the device is too full for the lock', async () => {
    const device = lockingDevice({ refusals: 0, opening: 'noSpace' });
    assert.equal(await device.run(async () => device.happened.push('work') > 0), true);
    assert.deepEqual(device.happened.slice(2), ['unlocked: noSpace', 'work', 'connection ended']);
    const busy = lockingDevice({ refusals: 0, opening: 'busy' });
    await assert.rejects(busy.run(neverReached), { code: 'DEVICE_REFUSED' });
  });

  test('does without where the device refuses to lock anything', async () => {
    const device = lockingDevice({ refusals: 1, refusal: 'unsupported' });
    assert.equal(await device.run(async () => device.happened.push('work') > 0), true);
    assert.deepEqual(device.happened.slice(2), [
      `${NAME}LockRequest`,
      'unlocked: unsupported',
      'work',
      'connection ended',
    ]);
    const busy = lockingDevice({ refusals: 2, refusal: 'busy' });
    assert.equal(await busy.run(async () => busy.happened.push('work') > 0), true);
    assert.ok(busy.happened.includes('locked after 2 refusals'));
  });

  test('does without where the device does not show its files', async () => {
    const refused = new AppError('DEVICE_REFUSED', 'no such service');
    const happened: string[] = [];
    const lockOf = (error: AppError): Parameters<typeof withSyncLock>[0] => ({
      openFiles: () => Promise.reject(error),
      post: async () => {},
      onUnlocked: ({ message }) => void happened.push(message),
    });
    assert.equal(await withSyncLock(lockOf(refused), async () => 7), 7);
    assert.deepEqual(happened, ['no such service']);
    await assert.rejects(withSyncLock(lockOf(new AppError('DEVICE_LOCKED', 'locked')), neverReached), {
      code: 'DEVICE_LOCKED',
    });
  });

  test('gives up after fifty refusals and says who may hold it', async () => {
    const device = lockingDevice({ refusals: 50 });
    await assert.rejects(device.run(neverReached), { code: 'DEVICE_BUSY', hint: /iTunes/ });
    assert.equal(device.happened.at(-1), 'connection ended');
    const patient = lockingDevice({ refusals: 49 });
    assert.equal(await patient.run(async () => 1), 1);
  });

  test('stops waiting when cancelled', async () => {
    const cancel = new AbortController();
    const device = lockingDevice({ refusals: Infinity, onRefusal: () => cancel.abort() });
    await assert.rejects(device.run(neverReached, cancel.signal), { code: 'CANCELLED' });
    assert.equal(device.happened.at(-1), 'connection ended');
  });

  test('passes on what ended the work when the device is gone by then', async () => {
    const device = lockingDevice({ refusals: 0 });
    await assert.rejects(
      device.run(async () => {
        device.stream.destroy();
        throw new Error('gone');
      }),
      { message: 'gone' },
    );
  });
});

interface LockingOptions {
  readonly refusals: number;
  readonly refusal?: AfcStatusName;
  readonly onRefusal?: () => void;
  /** What it answers when the lock's file is opened. */
  readonly opening?: AfcStatusName;
}

function lockingDevice({ refusals, refusal = 'wouldBlock', onRefusal, opening = 'ok' }: LockingOptions) {
  const happened: string[] = [];
  let refused = 0;
  const { stream, device } = fakeAfc(({ operation, args }) => {
    switch (operation) {
      case AFC_OPERATION.open:
        happened.push(`open ${readAfcNumber(args, 0)} ${args.toString('utf8', 8, args.length - 1)}`);
        return opening === 'ok' ? { handle: 5 } : { status: opening };
      case AFC_OPERATION.lock:
        if (readAfcNumber(args, 8) === AFC_LOCK.unlock) {
          happened.push('unlocked');
          return { status: 'ok' };
        }
        assert.equal(readAfcNumber(args, 8), AFC_LOCK.exclusive);
        if (refused < refusals) {
          refused += 1;
          onRefusal?.();
          return { status: refusal };
        }
        happened.push(`locked after ${refused} refusals`);
        return { status: 'ok' };
      default:
        happened.push('closed');
        return { status: 'ok' };
    }
  });
  const ended = new Promise<void>((resolve) => {
    device.on('end', () => resolve(void happened.push('connection ended')));
    device.on('close', () => resolve());
  });
  const run = async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await withSyncLock(
        {
          openFiles: async () => new AfcClient(stream),
          post: async (name) => void happened.push(name),
          signal,
          onUnlocked: (reason) => void happened.push(`unlocked: ${reason instanceof AfcError ? reason.status : ''}`),
          retryDelayMs: 0,
        },
        work,
      );
    } finally {
      if (!stream.destroyed) await ended;
    }
  };
  return { happened, stream, run };
}

async function neverReached(): Promise<never> {
  throw new Error('worked without the lock');
}
