import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUdid, normalizeUdid } from './udid.ts';

test('one device has one spelling', () => {
  assert.equal(normalizeUdid('00008110000a1b2c3d4e5f60'), '00008110-000A1B2C3D4E5F60');
  assert.equal(normalizeUdid(' 00008110-000A1B2C3D4E5F60\n'), '00008110-000A1B2C3D4E5F60');
  assert.equal(normalizeUdid('ABCDEF0123456789ABCDEF0123456789ABCDEF01'), 'abcdef0123456789abcdef0123456789abcdef01');
  assert.equal(normalizeUdid('something else'), 'something else');
});

test('what could lead elsewhere as a file name is no UDID', () => {
  assert.equal(isUdid('00008110-000A1B2C3D4E5F60'), true);
  assert.equal(isUdid('abcdef0123456789abcdef0123456789abcdef01'), true);
  for (const text of ['', '..', '../00008110-000A1B2C3D4E5F60', '00008110000A1B2C3D4E5F60', 'abc\0']) {
    assert.equal(isUdid(text), false);
  }
});
