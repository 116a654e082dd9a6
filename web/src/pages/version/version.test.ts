import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressIn, partsOf } from './version.ts';

test('an id of a backup never changes the address', () => {
  assert.equal(addressIn('/versions/1a2b3c4d', 'contacts', '../a?b#c'), '/versions/1a2b3c4d/contacts/..%2Fa%3Fb%23c');
});

test('what was encoded is read again', () => {
  assert.deepEqual(partsOf('contacts/..%2Fa%3Fb%23c'), ['contacts', '../a?b#c']);
});

test('nothing behind the version is no part', () => {
  assert.deepEqual(partsOf(undefined), []);
  assert.deepEqual(partsOf(''), []);
});

test('what cannot be decoded stays as it is', () => {
  assert.deepEqual(partsOf('notes/100%'), ['notes', '100%']);
});
