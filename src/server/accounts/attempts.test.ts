import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { createAttempts, type Attempts } from './attempts.ts';

const LOCKED = { code: 'TOO_MANY_TRIES' };
const HOUR_MS = 60 * 60_000;

let now = 0;
let attempts: Attempts;

beforeEach(() => {
  now = 1_000_000;
  attempts = createAttempts(() => now);
});

test('guessing from many addresses locks the name, but not where its owner was before', () => {
  attempts.begin('anna', '10.0.0.1').right();
  for (let i = 0; i < 20; i++) attempts.begin('anna', `10.1.0.${i}`);
  assert.throws(() => attempts.begin('anna', '10.2.0.1'), LOCKED);
  attempts.begin('anna', '10.0.0.1');
});

test('what was no try at all neither counts nor makes wrong ones forgotten', () => {
  for (let i = 0; i < 10; i++) attempts.begin('anna', '10.0.0.1').untried();
  for (let i = 0; i < 4; i++) attempts.begin('anna', '10.0.0.1');
  const pending = attempts.begin('anna', '10.0.0.1');
  assert.throws(() => attempts.begin('anna', '10.0.0.1'), LOCKED);
  pending.untried();
  const last = attempts.begin('anna', '10.0.0.1');
  assert.throws(() => attempts.begin('anna', '10.0.0.1'), LOCKED);
  last.right();
  attempts.begin('anna', '10.0.0.1');
});

test('one address that tries many names is locked, a whole IPv6 network as one', () => {
  for (let i = 0; i < 30; i++) attempts.begin(`name ${i}`, `2001:db8:0:1::${i}`);
  assert.throws(() => attempts.begin('another', '2001:db8::1:ffff:1:2:3'), LOCKED);
  attempts.begin('another', '2001:db8:0:2::1');
});

test('the wait is told, doubles up to a quarter of an hour, and is forgotten after an hour of quiet', () => {
  const waits: number[] = [];
  for (let i = 0; i < 14; i++) {
    try {
      attempts.begin('anna', '10.0.0.1');
    } catch (error) {
      const seconds = retryAfter(error);
      waits.push(seconds);
      now += seconds * 1000;
    }
  }
  assert.deepEqual(waits.slice(0, 4), [30, 60, 120, 240]);
  now += 2 * HOUR_MS;
  for (let i = 0; i < 5; i++) attempts.begin('anna', '10.0.0.1');
  assert.throws(() => attempts.begin('anna', '10.0.0.1'), LOCKED);
});

test('what is remembered has an end, and those who came last are remembered', () => {
  for (let i = 0; i < 30_000; i++) attempts.begin(`name ${i}`, `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`);
  for (let i = 0; i < 5; i++) attempts.begin('anna', '192.0.2.1');
  assert.throws(() => attempts.begin('anna', '192.0.2.1'), LOCKED);
});

function retryAfter(error: unknown): number {
  assert.ok(typeof error === 'object' && error !== null && 'details' in error);
  const details: unknown = error.details;
  assert.ok(typeof details === 'object' && details !== null && 'retryAfterSeconds' in details);
  return Number(details.retryAfterSeconds);
}
