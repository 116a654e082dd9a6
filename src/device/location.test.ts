import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { AppError, type ErrorCode } from '../shared/errors.ts';
import { FakeMux, FakePhone, UDID } from './fake-phone.test-helper.ts';
import {
  locationFromAddress,
  locationFromRoutes,
  LOCKDOWN_PORT,
  locationsFromMux,
  mergeLocations,
  type ConnectionKind,
  type DeviceRoute,
} from './location.ts';
import { LockdownClient } from './lockdown/lockdown-client.ts';
import { listMuxDevices } from './usbmux/client.ts';

describe('a location', () => {
  test('makes one device of its attachments, the cable first', async () => {
    const phone = new FakePhone();
    await using mux = await FakeMux.start(
      { deviceId: 8, phone, connection: 'Network' },
      { deviceId: 7, phone, serial: '00008110000a1b2c3d4e5f60' },
    );
    const [location, ...others] = locationsFromMux(mux.address, await listMuxDevices(mux.address));
    assert.deepEqual(others, []);
    assert.deepEqual(location?.connections, ['usb', 'network']);
    assert.deepEqual(
      location?.routes.map((route) => route.muxDeviceId),
      [7, 8],
    );
    using client = await LockdownClient.connect(location);
    assert.equal(client.connection, 'usb');
  });

  test('falls back to the network when the cable is gone', async () => {
    const phone = new FakePhone();
    await using mux = await FakeMux.start({ deviceId: 7, phone }, { deviceId: 8, phone, connection: 'Network' });
    const [location] = locationsFromMux(mux.address, await listMuxDevices(mux.address));
    assert.ok(location !== undefined);
    mux.detach(7);
    using client = await LockdownClient.connect(location);
    assert.equal(client.connection, 'network');
    assert.equal(await client.queryType(), 'com.apple.mobile.lockdown');
  });

  test('goes through usbmuxd when the address it tells does not answer', async () => {
    const phone = new FakePhone();
    // 127.0.0.1 is there, but no lockdownd is on its port.
    const networkAddress = Buffer.from('0200f27e7f0000010000000000000000', 'hex');
    await using mux = await FakeMux.start({ deviceId: 8, phone, connection: 'Network', networkAddress });
    const [location] = locationsFromMux(mux.address, await listMuxDevices(mux.address));
    assert.ok(location !== undefined);
    assert.equal(location.routes[0]?.host, '127.0.0.1');
    (await location.connect(LOCKDOWN_PORT)).destroy();
  });

  test('tells the failure of the preferred route when none works', async () => {
    const location = locationFromRoutes(UDID, [
      broken('network', 'DEVICE_NOT_FOUND'),
      broken('usb', 'CONNECTION_LOST'),
    ]);
    await assert.rejects(location.connect(1), { code: 'CONNECTION_LOST' });
    await assert.rejects(locationFromRoutes(UDID, []).connect(1), { code: 'DEVICE_NOT_FOUND' });
  });

  test('does not try another route once cancelled', async () => {
    let tries = 0;
    const connect: DeviceRoute['connect'] = () => {
      tries++;
      return Promise.reject(new AppError('CANCELLED', 'stopped'));
    };
    const location = locationFromRoutes(UDID, [
      { kind: 'usb', connect },
      { kind: 'network', connect },
    ]);
    await assert.rejects(location.connect(1), { code: 'CANCELLED' });
    assert.equal(tries, 1);
  });

  test('dials an address directly', async () => {
    const server = createServer((socket) => socket.end('hello'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const location = locationFromAddress(UDID, '127.0.0.1');
    const socket = await location.connect((server.address() as AddressInfo).port);
    assert.equal((await Array.fromAsync(socket)).join(''), 'hello');
    await once(server.close(), 'close');
  });

  test('says what to do when nobody answers at an address', async () => {
    await assert.rejects(locationFromAddress(UDID, '127.0.0.1').connect(LOCKDOWN_PORT), {
      code: 'DEVICE_NOT_FOUND',
      message: 'no device answers at 127.0.0.1',
      hint: /same network/,
    });
    await assert.rejects(locationFromAddress(UDID, 'fe80::1').connect(LOCKDOWN_PORT), { hint: /fe80::1%eth0/ });
  });

  test('merges lists of the same devices without a route twice', () => {
    const merged = mergeLocations(
      [locationFromAddress('A', '10.0.0.1'), locationFromAddress('B', '10.0.0.2')],
      [locationFromAddress('A', '10.0.0.1'), locationFromAddress('A', '10.0.0.3')],
    );
    assert.deepEqual(
      merged.map(({ udid, routes }) => [udid, ...routes.map((route) => route.host)]),
      [
        ['A', '10.0.0.1', '10.0.0.3'],
        ['B', '10.0.0.2'],
      ],
    );
  });
});

function broken(kind: ConnectionKind, code: ErrorCode): DeviceRoute {
  return { kind, connect: () => Promise.reject(new AppError(code, 'no')) };
}
