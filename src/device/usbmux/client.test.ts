import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { FakeMux, FakePhone, UDID } from '../fake-phone.test-helper.ts';
import { PlistChannel } from '../wire/plist-channel.ts';
import { connectThroughMux, listMuxDevices, readBuid } from './client.ts';
import { deletePairRecord, readPairRecord, savePairRecord } from './pair-records.ts';

describe('usbmuxd', () => {
  test('lists devices, each with one spelling of its UDID', async () => {
    const phone = new FakePhone();
    const networkAddress = Buffer.from('1002f27ec0a80114' + '00'.repeat(8), 'hex');
    await using mux = await FakeMux.start(
      { deviceId: 4, phone, serial: '00008110000A1B2C3D4E5F60' },
      { deviceId: 5, phone, connection: 'Network', networkAddress },
    );
    assert.deepEqual(await listMuxDevices(mux.address), [
      { deviceId: 4, udid: UDID, connection: 'usb' },
      { deviceId: 5, udid: UDID, connection: 'network', host: '192.168.1.20' },
    ]);
    assert.equal(mux.requests[0]?.['kLibUSBMuxVersion'], 3);
  });

  test('tells the identifier of the computer', async () => {
    await using mux = await FakeMux.start();
    assert.equal(await readBuid(mux.address), 'MUX-BUID');
  });

  test('keeps, tells and forgets pair records', async () => {
    await using mux = await FakeMux.start();
    assert.equal(await readPairRecord(mux.address, UDID), undefined);
    await savePairRecord(mux.address, { udid: UDID, bytes: Buffer.from('record'), deviceId: 4 });
    assert.equal((await readPairRecord(mux.address, UDID))?.toString(), 'record');
    await deletePairRecord(mux.address, UDID);
    await deletePairRecord(mux.address, UDID);
    assert.equal(mux.records.size, 0);
  });

  test('finds a record that was filed without the dash, and forgets it as well', async () => {
    await using mux = await FakeMux.start();
    mux.records.set('00008110000A1B2C3D4E5F60', Buffer.from('record'));
    assert.equal((await readPairRecord(mux.address, UDID))?.toString(), 'record');
    await deletePairRecord(mux.address, UDID);
    assert.equal(mux.records.size, 0);
  });

  test('opens a pipe to a port, swapped on the wire', async () => {
    await using mux = await FakeMux.start({ deviceId: 4, phone: new FakePhone() });
    using channel = new PlistChannel(await connectThroughMux(mux.address, 4, 62078));
    assert.equal((await channel.request({ Request: 'QueryType' }))['Type'], 'com.apple.mobile.lockdown');
    assert.equal(mux.requests.at(-1)?.['PortNumber'], 32498);
  });

  test('says that a device is gone, or that a port is closed', async () => {
    const phone = new FakePhone();
    phone.refused = true;
    await using mux = await FakeMux.start({ deviceId: 4, phone });
    await assert.rejects(connectThroughMux(mux.address, 9, 62078), { code: 'DEVICE_NOT_FOUND', hint: /again/ });
    await assert.rejects(connectThroughMux(mux.address, 4, 62078), { code: 'CONNECTION_LOST', hint: /Unlock/ });
  });

  test('is named when it is not there', async () => {
    const error = { code: 'USBMUXD_UNAVAILABLE', details: { address: 'UNIX:/nowhere/mux', systemCode: 'ENOENT' } };
    await assert.rejects(listMuxDevices({ kind: 'unix', path: '/nowhere/mux' }), error);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await once(server.close(), 'close');
    const address = { kind: 'tcp', host: '127.0.0.1', port } as const;
    await assert.rejects(listMuxDevices(address), { code: 'USBMUXD_UNAVAILABLE', hint: /./ });
  });

  test('a path that is too long for a socket is told as such', async () => {
    const path = `/tmp/${'x'.repeat(110)}`;
    await assert.rejects(listMuxDevices({ kind: 'unix', path }), { code: 'USBMUXD_UNAVAILABLE', hint: /too long/ });
  });

  test('is named when it hangs up or stays silent', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end()));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = { kind: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port } as const;
    await assert.rejects(readBuid(address), { code: 'USBMUXD_UNAVAILABLE' });
    server.removeAllListeners('connection').on('connection', (socket) => socket.resume());
    await assert.rejects(readBuid(address, { timeoutMs: 5 }), { code: 'USBMUXD_UNAVAILABLE' });
    const controller = new AbortController();
    const asking = readBuid(address, { signal: controller.signal });
    controller.abort();
    await assert.rejects(asking, { code: 'CANCELLED' });
    await once(server.close(), 'close');
  });
});
