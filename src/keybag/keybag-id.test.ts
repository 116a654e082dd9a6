import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeybag, rewrapKeybag } from './create.ts';
import { keybagId } from './keybag-id.ts';

const QUICK = { iterations: 1, doubleIterations: 1 };

test('a keybag keeps its name, and gets another with another password', async () => {
  const { keybag, bytes, classKeys } = await createKeybag('old', QUICK);
  const changed = await rewrapKeybag(keybag, classKeys, 'new', QUICK);
  assert.match(keybagId(bytes) ?? '', /^[0-9a-f]{32}-[0-9a-f]{8}$/);
  assert.equal(keybagId(Buffer.from(bytes)), keybagId(bytes));
  assert.notEqual(keybagId(changed.bytes), keybagId(bytes));
  assert.equal(keybagId(changed.bytes)?.slice(0, 32), keybagId(bytes)?.slice(0, 32));
});

test('what is no keybag has no name', () => {
  assert.equal(keybagId(Buffer.from('no keybag')), undefined);
});
