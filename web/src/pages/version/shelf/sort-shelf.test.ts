import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sortShelf } from './sort-shelf.ts';

test('photos and messages stand before files, whatever the order of the service', () => {
  const { here } = sortShelf({
    kinds: [
      { kind: 'files', state: 'here', count: 9, details: {} },
      { kind: 'messages', state: 'here', count: 3, details: {} },
      { kind: 'photos', state: 'here', count: 3, details: {} },
    ],
  });
  assert.deepEqual(
    here.map(({ kind }) => kind),
    ['photos', 'messages', 'files'],
  );
});

test('what is empty is missing unless nobody would miss it, what cannot be read is not', () => {
  const { here, missing } = sortShelf({
    kinds: [
      { kind: 'calls', state: 'absent', details: {}, needsEncryption: true },
      { kind: 'notes', state: 'unreadable', details: {} },
      { kind: 'contacts', state: 'here', count: 0, details: {} },
      { kind: 'blocked', state: 'empty', count: 0, details: {} },
    ],
  });
  assert.deepEqual([here.map(({ kind }) => kind), missing.map(({ kind }) => kind)], [['notes'], ['contacts', 'calls']]);
});
