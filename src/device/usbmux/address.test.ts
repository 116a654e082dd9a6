import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatMuxAddress, parseMuxAddress } from './address.ts';

describe('parseMuxAddress', () => {
  for (const text of [
    'UNIX:/run/mux',
    'unix:/run/mux',
    'unix:///run/mux',
    'UNIX:///run/mux',
    '/run/mux',
    ' /run/mux ',
  ]) {
    test(`takes ${JSON.stringify(text)} for a socket file`, () => {
      assert.deepEqual(parseMuxAddress(text), { kind: 'unix', path: '/run/mux' });
    });
  }

  test('takes a relative path, after a prefix or with a slash', () => {
    assert.deepEqual(parseMuxAddress('UNIX:mux.sock'), { kind: 'unix', path: 'mux.sock' });
    assert.deepEqual(parseMuxAddress('./mux.sock'), { kind: 'unix', path: './mux.sock' });
  });

  for (const { text, host, port } of [
    { text: '127.0.0.1:27015', host: '127.0.0.1', port: 27015 },
    { text: 'nas.local:27015', host: 'nas.local', port: 27015 },
    { text: '[::1]:27015', host: '::1', port: 27015 },
    { text: 'tcp://10.0.0.2:1', host: '10.0.0.2', port: 1 },
    { text: ':27015', host: '127.0.0.1', port: 27015 },
  ]) {
    test(`takes ${text} for a TCP address`, () => {
      assert.deepEqual(parseMuxAddress(text), { kind: 'tcp', host, port });
    });
  }

  test('knows where usbmuxd is by default', () => {
    assert.deepEqual(parseMuxAddress(undefined, 'linux'), { kind: 'unix', path: '/var/run/usbmuxd' });
    assert.deepEqual(parseMuxAddress('', 'darwin'), { kind: 'unix', path: '/var/run/usbmuxd' });
    assert.deepEqual(parseMuxAddress(' ', 'win32'), { kind: 'tcp', host: '127.0.0.1', port: 27015 });
  });

  for (const text of ['nonsense', 'host:0', 'host:65536', 'host:port', '[nonsense]:1', '::1:27015', 'UNIX:']) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseMuxAddress(text), { code: 'USAGE', hint: /host:port/ });
    });
  }

  test('writes addresses as libusbmuxd reads them', () => {
    for (const text of ['UNIX:/run/mux', '127.0.0.1:27015', '[::1]:27015']) {
      assert.equal(formatMuxAddress(parseMuxAddress(text)), text);
    }
  });
});
