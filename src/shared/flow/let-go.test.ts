import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letGo } from './let-go.ts';

test('bytes that have their memory for themselves are gone, all others stay', () => {
  const own = Buffer.alloc(100_000, 1);
  letGo(own);
  assert.equal(own.length, 0);
  const whole = new Uint8Array(100).fill(1);
  const part = whole.subarray(0, 50);
  letGo(part);
  letGo(Buffer.alloc(0));
  assert.deepEqual([part.length, whole.length, whole[0]], [50, 100, 1]);
});
