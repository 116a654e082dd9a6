import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WhatsAppMessage } from '../../../../../src/contract/index.ts';
import { asMessage } from './as-message.ts';

const said: WhatsAppMessage = { id: 'a', n: 3, kind: 'text', fromMe: false, contacts: 0, reactions: [] };

test('a picture with words has both, the picture first', () => {
  const file = { name: 'a.jpg', shownAs: 'picture', state: 'in-backup', file: 'x' } as const;
  const { parts } = asMessage({ ...said, kind: 'image', file, text: 'Am See' }, '');
  assert.deepEqual(
    parts.map(({ kind }) => kind),
    ['attachment', 'text'],
  );
});

test('an event says what happened, or that something did', () => {
  assert.equal(asMessage({ ...said, kind: 'event', event: 'group created' }, '?').eventText, 'group created');
  assert.equal(asMessage({ ...said, kind: 'event' }, 'Something happened').eventText, 'Something happened');
});

test('a reaction without a sender is one’s own', () => {
  const { reactions } = asMessage({ ...said, reactions: [{ emoji: '🎉' }, { emoji: '🎉', sender: 'Mo' }] }, '');
  assert.deepEqual(
    reactions.map(({ fromMe }) => fromMe),
    [true, false],
  );
});

test('stars, forwards and contacts are told', () => {
  assert.deepEqual(asMessage({ ...said, isStarred: true, isForwarded: true, contacts: 2 }, '').remarks, [
    'starred',
    'forwarded',
    'contact',
  ]);
});
