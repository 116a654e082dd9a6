import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fileIdOf } from './file-id.ts';
import { FileIdSet } from './file-id-set.ts';

test('holds what was added and nothing else, however much that is', () => {
  const ids = Array.from({ length: 5000 }, (_, i) => fileIdOf('HomeDomain', String(i)));
  const set = new FileIdSet();
  for (const id of ids.slice(0, 4000)) set.add(id);
  assert.deepEqual(
    ids.map((id) => set.has(id)),
    ids.map((_, i) => i < 4000),
  );
  assert.equal(set.size, 4000);
});

test('tells ids apart that differ in one digit, and counts each once', () => {
  const digit = fc.constantFrom(...'0123456789abcdef'.split(''));
  const id = fc.array(digit, { minLength: 40, maxLength: 40 }).map((digits) => digits.join(''));
  fc.assert(
    fc.property(id, fc.nat(39), digit, (known, at, other) => {
      const set = new FileIdSet();
      set.add(known);
      set.add(known);
      const changed = known.slice(0, at) + other + known.slice(at + 1);
      assert.deepEqual([set.size, set.has(known), set.has(changed)], [1, true, changed === known]);
    }),
  );
});
