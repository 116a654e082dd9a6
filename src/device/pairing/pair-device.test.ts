import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stringAt } from '../../formats/index.ts';
import { FakeMux, FakePhone, reach, UDID } from '../fake-phone.test-helper.ts';
import { LockdownClient } from '../lockdown/lockdown-client.ts';
import { pairDevice, type PairingNeed, type PairOptions } from './pair-device.ts';
import { encodePairRecord } from './pair-record.ts';
import { PairRecordStore } from './pair-record-store.ts';
import { findTrustedRecord, unpairDevice } from './trust.ts';
import { AddressBook } from '../discovery/address-book.ts';
import { prepareForWifi } from '../discovery/prepare-for-wifi.ts';
import { readWifiSettings } from './wifi-connections.ts';

describe('pairDevice', () => {
  test('asks until the person has answered, with the same keys each time', async () => {
    await using scene = await setUp();
    scene.phone.pairAnswers.push('PasswordProtected', ...Array<string>(3).fill('PairingDialogResponsePending'));
    const needs: PairingNeed[] = [];
    const pairing = await pairDevice({ ...scene.options, onWaiting: (need) => needs.push(need) });
    assert.deepEqual(needs, ['unlock', 'answer-trust']);
    assert.equal(pairing.existing, false);
    assert.equal(pairing.shared, true);
    assert.equal(pairing.record.escrowBag?.toString(), 'escrow');
    assert.equal(pairing.record.wifiMacAddress, 'aa:bb:cc:dd:ee:01');
    assert.equal(pairing.record.systemBuid, 'MUX-BUID');
    const offers = scene.phone.requestsFor('Pair');
    assert.equal(offers.length, 5);
    assert.equal(new Set(offers.map((offer) => JSON.stringify(offer['PairRecord']))).size, 1);
    assert.deepEqual(await scene.store.readOwn(UDID), pairing.record);
    assert.deepEqual(scene.mux.records.get(UDID), encodePairRecord(pairing.record));
  });

  test('reads the Wi-Fi address before it offers anything', async () => {
    await using scene = await setUp();
    await pairDevice(scene.options);
    const order = scene.phone.requests.map((request) => stringAt(request, 'Key') ?? stringAt(request, 'Request') ?? '');
    assert.ok(order.indexOf('WiFiAddress') < order.indexOf('Pair'));
  });

  test('bothers nobody when the device trusts this computer already, and keeps a copy of the record', async () => {
    await using scene = await setUp();
    const record = await scene.phone.trust();
    scene.mux.records.set(UDID, encodePairRecord(record));
    const pairing = await pairDevice(scene.options);
    assert.deepEqual(pairing, { record, existing: true, shared: true });
    assert.deepEqual(scene.phone.requestsFor('Pair'), []);
    assert.deepEqual(await scene.store.readOwn(UDID), record);
  });

  test('believes a device that proved its trust and hangs up when it is told goodbye', async () => {
    await using scene = await setUp();
    const record = await scene.phone.trust();
    await scene.store.save(UDID, record);
    scene.phone.hangsUpOnStop = true;
    assert.equal((await pairDevice(scene.options)).existing, true);
    assert.deepEqual(scene.phone.requestsFor('Pair'), []);
  });

  test('pairs anew when the device has forgotten the old pairing', async () => {
    await using scene = await setUp();
    const old = await new FakePhone().trust();
    await scene.store.save(UDID, old);
    const pairing = await pairDevice(scene.options);
    assert.equal(pairing.existing, false);
    assert.notEqual(pairing.record.hostId, old.hostId);
    assert.deepEqual(await scene.store.readOwn(UDID), pairing.record);
  });

  test('takes a pairing that another program finished in the meantime', async () => {
    await using scene = await setUp();
    scene.phone.pairAnswers.push(...Array<string>(1000).fill('PairingDialogResponsePending'));
    const record = await scene.phone.trust();
    const pairing = await pairDevice({
      ...scene.options,
      onWaiting: () => scene.mux.records.set(UDID, encodePairRecord(record)),
    });
    assert.equal(pairing.record.hostId, record.hostId);
  });

  for (const { answer, code, hint } of [
    { answer: 'UserDeniedPairing', code: 'TRUST_REFUSED', hint: /plug it in again/ },
    { answer: 'PairingProhibitedOverThisConnection', code: 'PAIRING_NEEDS_CABLE', hint: /cable/ },
    { answer: 'MCChallengeRequired', code: 'DEVICE_REFUSED', hint: /manages/ },
  ]) {
    test(`gives up at once on ${answer}`, async () => {
      await using scene = await setUp();
      scene.phone.pairAnswers.push(answer);
      await assert.rejects(pairDevice(scene.options), { code, hint });
      assert.deepEqual([await scene.store.readOwn(UDID), scene.mux.records.size], [undefined, 0]);
    });
  }

  test('gives up when nobody answers the dialog', async () => {
    await using scene = await setUp();
    scene.phone.pairAnswers.push(...Array<string>(100).fill('PairingDialogResponsePending'));
    await assert.rejects(pairDevice({ ...scene.options, timeoutMs: 5 }), {
      code: 'DEVICE_NOT_TRUSTED',
      message: /nobody answered/,
    });
    assert.equal(scene.phone.requestsFor('Pair').length, 6);
  });

  test('gives up when the device stays locked, or at once when told so', async () => {
    await using scene = await setUp();
    scene.phone.pairAnswers.push(...Array<string>(100).fill('PasswordProtected'));
    await assert.rejects(pairDevice({ ...scene.options, timeoutMs: 3 }), { code: 'DEVICE_LOCKED' });
    await assert.rejects(pairDevice({ ...scene.options, whenLocked: 'fail' }), { code: 'DEVICE_LOCKED' });
  });

  test('can be cancelled while it waits', async () => {
    await using scene = await setUp();
    scene.phone.pairAnswers.push(...Array<string>(100).fill('PairingDialogResponsePending'));
    const controller = new AbortController();
    const onWaiting = (): void => controller.abort();
    const pairing = pairDevice({
      ...scene.options,
      timeoutMs: 120_000,
      pollMs: 60_000,
      onWaiting,
      signal: controller.signal,
    });
    await assert.rejects(pairing, { code: 'CANCELLED' });
  });
});

test('unpairing tells the device and forgets the keys', async () => {
  await using scene = await setUp();
  await pairDevice(scene.options);
  assert.equal(await unpairDevice(scene.options), true);
  assert.equal(scene.phone.trusted.size, 0);
  assert.deepEqual([await scene.store.has(UDID), scene.mux.records.size], [false, 0]);
  assert.equal(await findTrustedRecord(scene.options), undefined);
});

test('a device out of reach is forgotten all the same', async () => {
  await using scene = await setUp();
  await pairDevice(scene.options);
  scene.phone.refused = true;
  await scene.there[Symbol.asyncDispose]();
  assert.equal(await unpairDevice(scene.options), false);
  assert.equal(await scene.store.has(UDID), false);
});

test('a device is made reachable over Wi-Fi, and the name it goes by there is kept', async () => {
  await using scene = await setUp();
  const { record } = await pairDevice(scene.options);
  using client = await LockdownClient.connect(scene.options.location);
  await client.startSession(record);
  scene.phone.setValue('com.apple.mobile.wireless_lockdown', 'BonjourFullServiceName', 'aa:bb@fe80::1');
  await prepareForWifi(client, { udid: UDID, store: scene.store });
  assert.deepEqual(await readWifiSettings(client), { enabled: true, serviceName: 'aa:bb@fe80::1' });
  assert.equal((await new AddressBook(scene.store.directory).get(UDID)).serviceName, 'aa:bb@fe80::1');
});

async function setUp() {
  const phone = new FakePhone();
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
  const mux = await FakeMux.start({ deviceId: 1, phone });
  const there = await reach(phone);
  const store = new PairRecordStore({ directory, mux: mux.address });
  const options: PairOptions = { location: there.location, store, pollMs: 1, timeoutMs: 1_000 };
  return {
    phone,
    mux,
    there,
    store,
    options,
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]();
      await mux[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
