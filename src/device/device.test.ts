import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openDevice } from './device.ts';
import { FakePhone, reach, UDID } from './fake-phone.test-helper.ts';
import { HEARTBEAT_SERVICE } from './heartbeat/heartbeat.ts';
import type { ConnectionKind } from './location.ts';
import { PairRecordStore } from './pairing/pair-record-store.ts';
import { encodePlistFrame, PlistFrameReader } from './wire/plist-frame.ts';
import { StreamReader } from './wire/stream-reader.ts';

describe('a device', () => {
  test('tells its facts', async () => {
    await using scene = await setUp();
    scene.phone.values['com.apple.mobile.backup'] = { WillEncrypt: true };
    scene.phone.values['com.apple.mobile.battery'] = { BatteryCurrentCapacity: 81, BatteryIsCharging: true };
    scene.phone.values['com.apple.disk_usage'] = { TotalDiskCapacity: 128_000_000_000, AmountDataAvailable: 5 };
    await using device = await openDevice(scene.options);
    const facts = await device.facts();
    assert.equal(facts.name, 'Ada’s iPhone');
    assert.equal(facts.model, 'iPhone 13');
    assert.equal(facts.productVersion, '18.5');
    assert.equal(facts.willEncrypt, true);
    assert.deepEqual(facts.battery, { percent: 81, isCharging: true, externalPower: undefined });
    assert.deepEqual(facts.disk, { totalBytes: 128_000_000_000, dataBytes: undefined, freeBytes: 5 });
    assert.equal(device.connection, 'usb');
  });

  test('tells whole domains, and leaves out what it does not have', async () => {
    await using scene = await setUp();
    scene.phone.values['com.apple.iTunes'] = { HomeVideos: true };
    await using device = await openDevice(scene.options);
    const values = await device.values(['com.apple.iTunes', 'com.apple.none']);
    assert.deepEqual(values.get('com.apple.iTunes'), { HomeVideos: true });
    assert.deepEqual(values.get('com.apple.none'), {});
    assert.equal((await device.facts()).willEncrypt, false);
  });

  test('starts services over a session of its own making', async () => {
    await using scene = await setUp();
    scene.phone.services.set('echo', { tls: true, needsEscrow: true, serve: (stream) => stream.pipe(stream) });
    await using device = await openDevice(scene.options);
    const streams = await Promise.all([1, 2].map(() => device.startService('echo', { escrow: true })));
    for (const stream of streams) {
      stream.write('ping');
      assert.equal((await new StreamReader(stream).read(4)).toString(), 'ping');
      stream.destroy();
    }
    assert.equal(scene.phone.requestsFor('StartSession').length, 1);
  });

  test('opens another session when the device dropped the first before it was used', async () => {
    await using scene = await setUp();
    await using device = await openDevice(scene.options);
    scene.hangUp();
    assert.equal((await device.facts()).name, 'Ada’s iPhone');
    assert.equal(scene.phone.requestsFor('StartSession').length, 2);
  });

  test('ends the first session in good order although nobody used it', async () => {
    await using scene = await setUp();
    const device = await openDevice(scene.options);
    await device.close();
    assert.equal(scene.phone.requestsFor('StopSession').length, 1);
  });

  test('uses the first record that the device accepts', async () => {
    await using scene = await setUp();
    scene.phone.trusted.clear();
    await assert.rejects(openDevice(scene.options), { code: 'DEVICE_NOT_TRUSTED', hint: /holdfast pair/ });
  });

  test('is refused when another one answers in its place', async () => {
    await using scene = await setUp();
    scene.phone.setValue('', 'UniqueDeviceID', '00008110-FFFFFFFFFFFFFFFF');
    await assert.rejects(openDevice(scene.options), { code: 'DEVICE_NOT_FOUND', message: /another device/ });
  });

  test('says that it is locked', async () => {
    await using scene = await setUp();
    scene.phone.refuseAll = 'PasswordProtected';
    await assert.rejects(openDevice(scene.options), { code: 'DEVICE_LOCKED' });
  });

  test('needs no heartbeat on a cable', async () => {
    await using scene = await setUp();
    await using device = await openDevice(scene.options);
    await device.facts();
    assert.deepEqual(scene.phone.requestsFor('StartService'), []);
  });

  test('keeps its heartbeat going on the network, until it is closed', async () => {
    await using scene = await setUp('network');
    const answers = Promise.withResolvers<unknown>();
    scene.phone.services.set(HEARTBEAT_SERVICE, {
      tls: true,
      serve(stream) {
        stream.write(encodePlistFrame({ Command: 'Marco', Interval: 10 }));
        stream.on('close', () => answers.resolve(stream));
        const reader = new PlistFrameReader(stream);
        void reader.read().then((polo) => assert.deepEqual(polo, { Command: 'Polo' }), answers.reject);
      },
    });
    const device = await openDevice(scene.options);
    await device.facts();
    assert.equal(device.lost.aborted, false);
    await device.close();
    await answers.promise;
    assert.equal(device.lost.aborted, false);
  });

  test('is not lost because a locked screen keeps it from starting its heartbeat', async () => {
    await using scene = await setUp('network');
    scene.phone.services.set(HEARTBEAT_SERVICE, { needsEscrow: true, serve: () => assert.fail('is not started') });
    await using device = await openDevice(scene.options);
    await device.facts();
    assert.equal(scene.phone.requestsFor('StartService').length, 1);
    assert.equal(device.lost.aborted, false);
  });

  test('is lost when it goes to sleep on the network and does not come back', async () => {
    await using scene = await setUp('network');
    scene.phone.services.set(HEARTBEAT_SERVICE, {
      tls: true,
      serve: (stream) => void stream.write(encodePlistFrame({ Command: 'SleepyTime' })),
    });
    await using device = await openDevice(scene.options);
    if (!device.lost.aborted) await once(device.lost, 'abort');
    assert.equal(device.lost.reason.code, 'CONNECTION_LOST');
    assert.match(`${device.lost.reason.message} ${device.lost.reason.hint}`, /went to sleep.*charger/);
  });

  test('takes its services with it when it is lost, for whoever waits for their bytes', async () => {
    await using scene = await setUp('network');
    const beat = Promise.withResolvers<void>();
    scene.phone.services.set(HEARTBEAT_SERVICE, {
      tls: true,
      serve: (stream) => void beat.promise.then(() => stream.write(encodePlistFrame({ Command: 'SleepyTime' }))),
    });
    scene.phone.services.set('com.apple.silent', { tls: true, serve: () => {} });
    await using device = await openDevice(scene.options);
    const reader = new PlistFrameReader(await device.startService('com.apple.silent'));
    beat.resolve();
    await assert.rejects(reader.read(), { code: 'CONNECTION_LOST', message: /went to sleep/ });
  });

  test('is not lost for lack of a heartbeat service', async () => {
    await using scene = await setUp('network');
    await using device = await openDevice(scene.options);
    await device.facts();
    assert.equal(device.lost.aborted, false);
  });

  test('ends everything when cancelled', async () => {
    await using scene = await setUp();
    const controller = new AbortController();
    await using device = await openDevice({ ...scene.options, signal: controller.signal });
    controller.abort();
    await assert.rejects(device.facts(), { code: 'CANCELLED' });
  });
});

async function setUp(kind: ConnectionKind = 'usb') {
  const phone = new FakePhone();
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const pairRecords = new PairRecordStore({ directory });
  await pairRecords.save(UDID, await phone.trust());
  const there = await reach(phone, kind);
  return {
    phone,
    options: { location: there.location, pairRecords },
    hangUp: () => there.hangUp(),
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
