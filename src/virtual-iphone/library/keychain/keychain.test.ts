import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeKeychainItem, keychainItems } from './keychain.ts';

const NOW = new Date('2026-11-20T12:00:00Z');

test('a keychain is the same for the same seed', () => {
  assert.deepEqual(keychainItems(3, NOW), keychainItems(3, NOW));
  assert.notDeepEqual(keychainItems(3, NOW), keychainItems(4, NOW));
});

test('a keychain has items of every class, some bound to the device', () => {
  const classes = new Set(keychainItems(1, NOW).map((item) => item.protectionClass));
  assert.deepEqual(
    [...classes].toSorted((a, b) => a - b),
    [6, 7, 8, 9, 10, 11],
  );
});

test('an item is a set of names and values in DER', () => {
  const bytes = encodeKeychainItem({
    kind: 'genp',
    protectionClass: 7,
    attributes: { svce: 'AirPort', cdat: NOW, sync: 0, v_Data: Buffer.from('pw') },
  });
  const members = [
    ['3017', '0c0463646174', '180f', Buffer.from('20261120120000Z').toString('hex')],
    ['3009', '0c0473796e63', '020100'],
    ['300f', '0c0473766365', '0c07', Buffer.from('AirPort').toString('hex')],
    ['300c', '0c06765f44617461', '04027077'],
  ];
  const body = members
    .map((parts) => parts.join(''))
    .toSorted()
    .join('');
  assert.equal(bytes.toString('hex'), `31${(body.length / 2).toString(16)}${body}`);
});
