import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeNetworkAddress, layoutFor } from './network-address.ts';

test('each client gets the layout it understands', () => {
  assert.equal(layoutFor('libusbmuxd 2.0.2'), 'bsd');
  assert.equal(layoutFor('libusbmuxd 1.1.0'), 'bsd');
  assert.equal(layoutFor('libusbmuxd 2.1.1'), 'linux');
  assert.equal(layoutFor('libusbmuxd 3.0'), 'linux');
  assert.equal(layoutFor('idevice-rs'), 'linux');
  assert.equal(layoutFor('go-usbmux-0.0.1'), 'bsd');
  assert.equal(layoutFor(undefined), 'bsd');
});

test('an IPv4 address begins with its length and family, or with its family alone', () => {
  assert.equal(encodeNetworkAddress('192.168.1.20', 'bsd').toString('hex'), '10020000c0a801140000000000000000');
  assert.equal(encodeNetworkAddress('192.168.1.20', 'linux').toString('hex'), '02000000c0a801140000000000000000');
});

test('an IPv6 address is written out in full', () => {
  const bytes = encodeNetworkAddress('fe80::36ab:5dff:fea8:728d', 'bsd');
  assert.equal(bytes.length, 28);
  assert.equal(bytes.subarray(0, 2).toString('hex'), '1c1e');
  assert.equal(bytes.subarray(8, 24).toString('hex'), 'fe8000000000000036ab5dfffea8728d');
  assert.equal(encodeNetworkAddress('::1', 'linux').subarray(8, 24).toString('hex'), `${'0'.repeat(31)}1`);
  assert.equal(encodeNetworkAddress('::1', 'linux').readUInt16LE(0), 10);
});

test('a link-local address comes with the number of its interface, which clients dial it by', () => {
  for (const layout of ['bsd', 'linux'] as const) {
    const bytes = encodeNetworkAddress('fe80::1%wlan0', layout, scopeOf);
    assert.equal(bytes.subarray(8, 24).toString('hex'), 'fe800000000000000000000000000001');
    assert.equal(bytes.readUInt32LE(24), 7);
  }
  assert.equal(encodeNetworkAddress('fe80::1%12', 'bsd').readUInt32LE(24), 12);
  assert.equal(encodeNetworkAddress('fe80::1%nowhere', 'bsd').readUInt32LE(24), 0);
});

function scopeOf(zone: string): number {
  return zone === 'wlan0' ? 7 : 0;
}
