import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isCopiedRight, makePassword } from './password.ts';

test('a password is nine groups of letters and digits that nobody mistakes for each other', () => {
  assert.match(makePassword(), /^(?:[A-Z2-7]{4}-){8}[A-Z2-7]{4}$/);
  assert.notEqual(makePassword(), makePassword());
});

test('one that was copied right is taken', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (random) => {
      assert.ok(isCopiedRight(makePassword(() => Buffer.from(random))));
    }),
  );
});

test('a slip of the pen shows', () => {
  const password = makePassword(() => Buffer.alloc(20, 'holdfast'));
  const slips = [...password.matchAll(/[A-Z2-7]/g)].filter(({ index }) => {
    const letter = password[index] === 'A' ? 'B' : 'A';
    return isCopiedRight(`${password.slice(0, index)}${letter}${password.slice(index + 1)}`);
  });
  // One in 65,536 gets through, and the last letter holds bits that do not count.
  assert.ok(slips.length <= 1);
});

test('a password that is not ours is none of our business', () => {
  assert.ok(isCopiedRight('correct horse battery staple'));
});
