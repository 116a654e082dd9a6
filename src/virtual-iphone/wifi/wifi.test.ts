import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import { AfcClient, authTag, locationFromAddress, LockdownClient, openDevice } from '../../device/index.ts';
import { BreachLog } from '../breaches.ts';
import { TestPhone } from '../test-phone.test-helper.ts';
import { advertOf } from './advert.ts';
import { HeartbeatGuard } from './heartbeat-guard.ts';

describe('a phone on the network', () => {
  test('gives its services on its own address, to computers that keep its heartbeat', async () => {
    const wifi = { address: '127.0.0.31', heartbeatIntervalMs: 1 };
    await using lab = await TestPhone.start({ wifi });
    await lab.pair();
    lab.phone.unplug();
    const location = locationFromAddress(lab.phone.udid, '127.0.0.31');
    await using device = await openDevice({ location, pairRecords: lab.store });
    await using files = new AfcClient(await device.startService('com.apple.afc'));
    assert.deepEqual(await files.list('/'), []);
    assert.equal(device.connection, 'network');
    assert.deepEqual(lab.phone.breaches.list(), []);
  });

  test('can be reached through the mux as well, and cannot be paired with', async () => {
    await using lab = await TestPhone.start({ wifi: { address: '127.0.0.32' } });
    lab.phone.unplug();
    await assert.rejects(lab.pair(), { code: 'PAIRING_NEEDS_CABLE' });
    lab.phone.plug();
    const record = await lab.pair();
    lab.phone.unplug();
    using lockdown = await lab.lockdown();
    await lockdown.startSession(record);
    await using files = new AfcClient(await lockdown.startService('com.apple.afc'));
    assert.deepEqual(await files.list('/'), []);
  });

  test('leaves it when a computer turns Wi-Fi connections off, and comes back', async () => {
    await using lab = await TestPhone.start({ wifi: { address: '127.0.0.33' } });
    await using device = await lab.open();
    const domain = 'com.apple.mobile.wireless_lockdown';
    const location = locationFromAddress(lab.phone.udid, '127.0.0.33');
    const socket = (await location.connect(62078)).on('error', () => {}).resume();
    await device.setValue(domain, 'EnableWifiConnections', false);
    await new Promise((resolve) => socket.once('close', resolve));
    await assert.rejects(LockdownClient.connect(location), { code: 'DEVICE_NOT_FOUND' });
    await device.setValue(domain, 'EnableWifiConnections', true);
    await using again = await lab.restarted({ wifi: { address: '127.0.0.33' } });
    using lockdown = await LockdownClient.connect(locationFromAddress(again.phone.udid, '127.0.0.33'));
    assert.equal(await lockdown.queryType(), 'com.apple.mobile.lockdown');
  });

  test('says which address it cannot have', async () => {
    await using lab = await TestPhone.start({ wifi: { address: '127.0.0.34' } });
    const second = TestPhone.start({ wifi: { address: '127.0.0.34' } });
    await assert.rejects(second, { code: 'USAGE', message: /127\.0\.0\.34:62078/ });
    assert.ok(lab.phone.udid);
  });
});

describe('the heartbeat', () => {
  test('that is not kept costs a computer all its connections', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const breaches = new BreachLog();
      let drops = 0;
      const guard = new HeartbeatGuard({ graceMs: 1000, breaches, drop: () => drops++ });
      guard.connections(1);
      mock.timers.tick(900);
      guard.polo();
      mock.timers.tick(900);
      guard.connections(2);
      assert.equal(drops, 0);
      mock.timers.tick(100);
      assert.equal(drops, 1);
      assert.deepEqual(
        breaches.list().map(({ rule }) => rule),
        ['heartbeat.missing'],
      );
      guard.connections(1);
      guard.connections(0);
      mock.timers.tick(5000);
      assert.equal(drops, 1);
    } finally {
      mock.timers.reset();
    }
  });
});

test('the advert tells a computer that is trusted that it is, and nobody else anything', () => {
  const hostIds = ['98F42AA3-7036-31E2-BE65-7C00F2C33240', 'B'];
  const options = {
    address: '192.168.1.20',
    macAddress: '1a:2b:3c:4d:5e:6f',
    linkLocalAddress: 'fe80::1',
    hostIds: () => hostIds,
  };
  const { answers, additionals } = advertOf(options, 'test');
  const instance = '1a:2b:3c:4d:5e:6f@fe80::1-supportsRP-24._apple-mobdev2._tcp.local';
  assert.deepEqual(answers, [{ name: '_apple-mobdev2._tcp.local', type: 'PTR', ttl: 120, data: instance }]);
  assert.deepEqual(additionals, [
    {
      name: instance,
      type: 'SRV',
      ttl: 120,
      data: { port: 32498, target: '1a-2b-3c-4d-5e-6f.local', priority: 0, weight: 0 },
    },
    {
      name: instance,
      type: 'TXT',
      ttl: 120,
      data: ['identifier=test', 'authTag=uj0Vq8wR5xA=', `authTag#0=${authTag('B', Buffer.from('test'))}`],
    },
    { name: '1a-2b-3c-4d-5e-6f.local', type: 'A', ttl: 120, data: '192.168.1.20' },
  ]);
  const [place] = advertOf({ ...options, address: 'fe80::1%eth0' }, 'test').additionals?.slice(-1) ?? [];
  assert.deepEqual(place, { name: '1a-2b-3c-4d-5e-6f.local', type: 'AAAA', ttl: 120, data: 'fe80::1' });
});
