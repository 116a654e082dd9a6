import assert from 'node:assert/strict';
import { test } from 'node:test';
import { throttleTo, type ThrottleClock } from './throttle.ts';

/** Time that passes only while somebody waits. */
function testClock(): ThrottleClock & { now: number } {
  const clock = {
    now: 1000,
    nowMs: () => clock.now,
    wait: async (ms: number, signal: AbortSignal | undefined) => {
      signal?.throwIfAborted();
      clock.now += ms;
    },
  };
  return clock;
}

test('bytes pass at the rate that was asked for', async () => {
  const clock = testClock();
  const throttle = throttleTo(1_000_000, undefined, clock);
  for (let chunk = 0; chunk < 50; chunk++) await throttle.pass(100_000);
  assert.equal(Math.round((clock.now - 1000) / 100), 50);
});

test('a pause earns no more than a short burst', async () => {
  const clock = testClock();
  const throttle = throttleTo(1_000_000, undefined, clock);
  clock.now += 60_000;
  await throttle.pass(1_000_000);
  assert.equal(clock.now - 61_000, 750);
});

test('streams that share a throttle share the rate', async () => {
  const clock = testClock();
  const throttle = throttleTo(1_000_000, undefined, clock);
  await Promise.all([throttle.pass(2_000_000), throttle.pass(2_000_000)]);
  assert.ok(clock.now - 1000 >= 4000);
});

test('without a limit nothing waits, and an abort ends waiting', async () => {
  await throttleTo(undefined).pass(1e12);
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(throttleTo(1, stop.signal, testClock()).pass(1000), { name: 'AbortError' });
});
