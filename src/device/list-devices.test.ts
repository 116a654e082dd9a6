import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { FakeMux, FakePhone, UDID } from './fake-phone.test-helper.ts';
import { listDevices } from './list-devices.ts';
import { locationFromAddress } from './location.ts';
import { encodePairRecord } from './pairing/pair-record.ts';
import { PairRecordStore } from './pairing/pair-record-store.ts';

describe('listDevices', () => {
  test('lists a paired device once, with all it tells', async () => {
    await using scene = await setUp();
    scene.phone.values['com.apple.mobile.backup'] = { WillEncrypt: true };
    scene.mux.records.set(UDID, encodePairRecord(await scene.phone.trust()));
    scene.mux.attach({ deviceId: 2, phone: scene.phone, connection: 'Network' });
    const [device, ...others] = await listDevices(scene.options);
    assert.deepEqual(others, []);
    assert.equal(device?.udid, UDID);
    assert.equal(device.paired, true);
    assert.deepEqual(device.connections, ['usb', 'network']);
    assert.equal(device.facts.willEncrypt, true);
    assert.equal(device.problem, undefined);
  });

  test('lists a device that is not paired with what is public', async () => {
    await using scene = await setUp();
    const [device] = await listDevices(scene.options);
    assert.equal(device?.paired, false);
    assert.equal(device.facts.name, 'Ada’s iPhone');
    assert.equal(device.facts.willEncrypt, undefined);
    assert.equal(device.problem, undefined);
  });

  test('lists a device that has forgotten the pairing as not paired, and says so', async () => {
    await using scene = await setUp();
    scene.mux.records.set(UDID, encodePairRecord(await new FakePhone().trust()));
    const [device] = await listDevices(scene.options);
    assert.equal(device?.paired, false);
    assert.equal(device.problem?.code, 'DEVICE_NOT_TRUSTED');
    assert.equal(device.facts.name, 'Ada’s iPhone');
  });

  test('lists a device that refuses everything', async () => {
    await using scene = await setUp();
    scene.mux.records.set(UDID, encodePairRecord(await scene.phone.trust()));
    scene.phone.refuseAll = 'PasswordProtected';
    const [device] = await listDevices(scene.options);
    assert.equal(device?.paired, true);
    assert.equal(device.problem?.code, 'DEVICE_LOCKED');
    assert.equal(device.facts.productVersion, '18.5');
    assert.equal(device.facts.name, undefined);
  });

  test('lists a device that has told everything and then hangs up', async () => {
    await using scene = await setUp();
    scene.mux.records.set(UDID, encodePairRecord(await scene.phone.trust()));
    scene.phone.hangsUpOnStop = true;
    const [device] = await listDevices(scene.options);
    assert.equal(device?.problem, undefined);
    assert.equal(device?.facts.name, 'Ada’s iPhone');
  });

  test('lists a device that does not answer', async () => {
    await using scene = await setUp();
    scene.phone.refused = true;
    const [device] = await listDevices(scene.options);
    assert.equal(device?.problem?.code, 'CONNECTION_LOST');
    assert.deepEqual(device.facts.battery, { percent: undefined, isCharging: undefined, externalPower: undefined });
  });

  test('lists devices found on the network, also without usbmuxd', async () => {
    await using scene = await setUp();
    const other = '00008110-FFFFFFFFFFFFFFFF';
    const nearby = [locationFromAddress(other, '127.0.0.1')];
    const listed = await listDevices({ ...scene.options, nearby });
    assert.deepEqual(listed.map(({ udid }) => udid).toSorted(), [UDID, other]);
    await scene.mux.stop();
    const [alone] = await listDevices({ ...scene.options, nearby });
    assert.equal(alone?.problem?.code, 'DEVICE_NOT_FOUND');
    await assert.rejects(listDevices(scene.options), { code: 'USBMUXD_UNAVAILABLE' });
  });

  test('stops when cancelled', async () => {
    await using scene = await setUp();
    await assert.rejects(listDevices({ ...scene.options, signal: AbortSignal.abort() }), { code: 'CANCELLED' });
  });
});

async function setUp() {
  const phone = new FakePhone();
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const mux = await FakeMux.start({ deviceId: 1, phone });
  const store = new PairRecordStore({ directory, mux: mux.address });
  return {
    phone,
    mux,
    options: { muxAddress: mux.address, store },
    async [Symbol.asyncDispose]() {
      await mux[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
