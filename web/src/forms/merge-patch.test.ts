import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergePatch } from './merge-patch.ts';

test('names only what differs', () => {
  assert.deepEqual(mergePatch({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2, d: 4 } }), { b: { d: 4 } });
});

test('takes away with null what is gone', () => {
  assert.deepEqual(mergePatch({ window: { from: '22:00', to: '06:00' } }, { window: undefined }), { window: null });
});

test('replaces lists whole', () => {
  assert.deepEqual(mergePatch({ list: [1, 2] }, { list: [1] }), { list: [1] });
});

test('is nothing where nothing differs', () => {
  assert.equal(mergePatch({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), undefined);
});
