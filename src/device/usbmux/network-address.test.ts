import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseNetworkAddress } from './network-address.ts';

const IPV6 = 'fe8000000000000000010203aabbccdd';
const GLOBAL = '20010db8000000000000000000000042';

describe('parseNetworkAddress', () => {
  for (const { what, bytes, expected } of [
    { what: 'IPv4 as macOS lays it out', bytes: '1002f27ec0a80114' + '00'.repeat(8), expected: '192.168.1.20' },
    { what: 'IPv4 as Linux lays it out', bytes: '0200f27ec0a80114' + '00'.repeat(8), expected: '192.168.1.20' },
    { what: 'IPv4 in a larger buffer', bytes: '1002f27e0a000001' + '00'.repeat(120), expected: '10.0.0.1' },
    { what: 'IPv6 as macOS lays it out', bytes: `1c1ef27e00000000${GLOBAL}00000000`, expected: '2001:db8::42' },
    { what: 'IPv6 as Linux lays it out', bytes: `0a00f27e00000000${GLOBAL}00000000`, expected: '2001:db8::42' },
    {
      what: 'a link-local address with its interface',
      bytes: `1c1ef27e00000000${IPV6}04000000`,
      expected: 'fe80::1:203:aabb:ccdd%if4',
    },
    {
      what: 'a link-local address without one',
      bytes: `0a00f27e00000000${IPV6}00000000`,
      expected: 'fe80::1:203:aabb:ccdd',
    },
    {
      what: 'a global address with a scope it does not need',
      bytes: `0a00f27e00000000${GLOBAL}04000000`,
      expected: '2001:db8::42',
    },
    {
      what: 'IPv4 with the length that netmuxd gives it',
      bytes: '0a02f27ec0a80114' + '00'.repeat(8),
      expected: '192.168.1.20',
    },
    { what: 'IPv6 with the family alone', bytes: `1e00f27e00000000${GLOBAL}00000000`, expected: '2001:db8::42' },
    { what: 'another family', bytes: '1001f27ec0a80114', expected: undefined },
    { what: 'an IPv4 address cut short', bytes: '1002f27ec0a801', expected: undefined },
    { what: 'an IPv6 address cut short', bytes: '0a00f27e00000000fe80', expected: undefined },
    { what: 'nothing', bytes: '', expected: undefined },
  ]) {
    test(`reads ${what}`, () => {
      assert.equal(
        parseNetworkAddress(Buffer.from(bytes, 'hex'), (scope) => `if${scope}`),
        expected,
      );
    });
  }

  test('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseNetworkAddress(bytes)));
  });
});
