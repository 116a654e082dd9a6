import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { FakePhone, reach } from '../fake-phone.test-helper.ts';
import { pairRecordOffer } from '../pairing/offer.ts';
import { StreamReader } from '../wire/stream-reader.ts';
import { lockdownError } from './errors.ts';
import { LockdownClient } from './lockdown-client.ts';

describe('LockdownClient', () => {
  test('tells values without a session, and undefined for one that is missing', async () => {
    await using there = await reach(new FakePhone());
    using client = await LockdownClient.connect(there.location);
    assert.equal(await client.queryType(), 'com.apple.mobile.lockdown');
    assert.equal(await client.getValue(undefined, 'DeviceName'), 'Ada’s iPhone');
    assert.equal(await client.getValue(undefined, 'Nonsense'), undefined);
    await assert.rejects(client.getValue('com.apple.mobile.backup', 'WillEncrypt'), {
      code: 'DEVICE_REFUSED',
      details: { deviceCode: 'GetProhibited', request: 'GetValue com.apple.mobile.backup WillEncrypt' },
    });
  });

  test('keeps questions asked at the same time apart', async () => {
    await using there = await reach(new FakePhone());
    using client = await LockdownClient.connect(there.location);
    const answers = await Promise.all([
      client.getValue(undefined, 'ProductType'),
      client.getValue(undefined, 'Nonsense'),
      client.getValue(undefined, 'ProductVersion'),
    ]);
    assert.deepEqual(answers, ['iPhone14,5', undefined, '18.5']);
  });

  for (const { productVersion, tlsVersion } of [
    { productVersion: '18.5', tlsVersion: undefined },
    { productVersion: '9.3.5', tlsVersion: 'TLSv1' },
  ] as const) {
    test(`opens a session with iOS ${productVersion} and starts services over it`, async () => {
      const phone = new FakePhone();
      phone.tlsVersion = tlsVersion;
      phone.setValue('', 'ProductVersion', productVersion);
      phone.services.set('echo', { tls: true, serve: (stream) => stream.pipe(stream) });
      await using there = await reach(phone);
      using client = await LockdownClient.connect(there.location);
      await client.startSession(await phone.trust());
      const service = await client.startService('echo');
      assert.ok(service instanceof TLSSocket);
      service.write('ping');
      assert.equal((await new StreamReader(service).read(4)).toString(), 'ping');
      service.destroy();
      await client.stopSession();
      assert.deepEqual(phone.requestsFor('StopSession')[0]?.['SessionID'], 'S1');
    });
  }

  test('opens a session although the version is not told before it', async () => {
    const phone = new FakePhone();
    phone.prohibited.add('ProductVersion');
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await client.startSession(await phone.trust());
    assert.equal(await client.productVersion(), '18.5');
  });

  test('has the pairing validated first where iOS is older than 7, and nowhere else', async () => {
    for (const { version, first } of [
      { version: '6.1.6', first: ['ValidatePair', 'StartSession'] },
      { version: '7.0', first: ['StartSession'] },
    ]) {
      const phone = new FakePhone();
      phone.tlsVersion = 'TLSv1';
      phone.setValue('', 'ProductVersion', version);
      await using there = await reach(phone);
      using client = await LockdownClient.connect(there.location);
      const record = await phone.trust();
      await client.startSession(record);
      const asked = phone.requests.filter(({ Request }) => Request !== 'GetValue');
      assert.deepEqual(
        asked.map(({ Request }) => Request),
        first,
      );
      const shown = asked.find(({ Request }) => Request === 'ValidatePair')?.['PairRecord'];
      if (shown !== undefined) assert.deepEqual(shown, pairRecordOffer(record));
    }
  });

  test('refuses a session without encryption, in which nothing would be proven', async () => {
    const phone = new FakePhone();
    phone.encryptsSessions = false;
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await assert.rejects(client.startSession(await phone.trust()), { code: 'DEVICE_NOT_TRUSTED' });
  });

  test('refuses a service in the clear over the network', async () => {
    const phone = new FakePhone();
    phone.services.set('plain', { serve: (stream) => stream.end('hello') });
    await using there = await reach(phone, 'network');
    using client = await LockdownClient.connect(there.location);
    await client.startSession(await phone.trust());
    await assert.rejects(client.startService('plain'), { code: 'DEVICE_NOT_TRUSTED', message: /plain/ });
  });

  test('connects to a service in the clear on the cable when the device wants no TLS', async () => {
    const phone = new FakePhone();
    phone.services.set('plain', { serve: (stream) => stream.end('hello') });
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await client.startSession(await phone.trust());
    const service = await client.startService('plain');
    assert.equal((await new StreamReader(service).read(5)).toString(), 'hello');
  });

  test('takes 1 for true where it is told to encrypt', async () => {
    const phone = new FakePhone();
    phone.flagsAreNumbers = true;
    phone.services.set('secure', { tls: true, serve: (stream) => stream.end('hello') });
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await client.startSession(await phone.trust());
    const service = await client.startService('secure');
    assert.equal((await new StreamReader(service).read(5)).toString(), 'hello');
  });

  test('hands over the escrow bag only when told to', async () => {
    const phone = new FakePhone();
    phone.services.set('backup', { needsEscrow: true, serve: (stream) => stream.end() });
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await client.startSession(await phone.trust());
    await assert.rejects(client.startService('backup'), { code: 'DEVICE_LOCKED', hint: /Unlock it once/ });
    (await client.startService('backup', { escrow: true })).destroy();
  });

  for (const answer of ['EscrowLocked', 'MissingValue']) {
    test(`knows by “${answer}” a device that was restarted and not unlocked since`, async () => {
      const phone = new FakePhone();
      phone.escrowError = answer;
      phone.services.set('backup', { needsEscrow: true, serve: (stream) => stream.end() });
      await using there = await reach(phone);
      using client = await LockdownClient.connect(there.location);
      await client.startSession(await phone.trust());
      await assert.rejects(client.startService('backup', { escrow: true }), {
        code: 'DEVICE_LOCKED',
        hint: /Unlock it once/,
        details: { deviceCode: answer, request: 'StartService backup' },
      });
    });
  }

  test('sets values', async () => {
    const phone = new FakePhone();
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await client.startSession(await phone.trust());
    await client.setValue('com.apple.mobile.wireless_lockdown', 'EnableWifiConnections', true);
    assert.deepEqual(phone.values['com.apple.mobile.wireless_lockdown'], { EnableWifiConnections: true });
  });

  test('refuses a device that does not know the pairing, and one that is not the one paired', async () => {
    const phone = new FakePhone();
    const record = await phone.trust();
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await assert.rejects(client.startSession({ ...record, hostId: 'OTHER' }), { code: 'DEVICE_NOT_TRUSTED' });
    using again = await LockdownClient.connect(there.location);
    const wrongKey = { ...record, deviceCertificate: record.hostCertificate };
    await assert.rejects(again.startSession(wrongKey), {
      code: 'DEVICE_NOT_TRUSTED',
      message: /the one that was paired/,
    });
  });

  test('names an unknown service', async () => {
    const phone = new FakePhone();
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    await client.startSession(await phone.trust());
    await assert.rejects(client.startService('com.example.none'), {
      code: 'DEVICE_REFUSED',
      details: { deviceCode: 'InvalidService', request: 'StartService com.example.none' },
    });
  });

  for (const encrypted of [false, true]) {
    test(`stops waiting when cancelled, ${encrypted ? 'within a session' : 'before one'}`, async () => {
      const phone = new FakePhone();
      await using there = await reach(phone);
      const controller = new AbortController();
      using client = await LockdownClient.connect(there.location, { signal: controller.signal });
      if (encrypted) await client.startSession(await phone.trust());
      const asking = client.getValue(undefined, 'DeviceName');
      controller.abort();
      await assert.rejects(asking, { code: 'CANCELLED' });
    });
  }

  test('takes no error that is no text for success', async () => {
    const phone = new FakePhone();
    await using there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    const record = await phone.trust();
    for (const error of [3, true, {}, Buffer.from('x')]) {
      phone.refuseAll = error;
      await assert.rejects(client.setValue(undefined, 'DeviceName', 'x'), { code: 'PROTOCOL_VIOLATION' });
      await assert.rejects(client.pair(pairRecordOffer(record)), { code: 'PROTOCOL_VIOLATION' });
    }
  });

  test('reports a connection that ends instead of an answer', async () => {
    const phone = new FakePhone();
    const there = await reach(phone);
    using client = await LockdownClient.connect(there.location);
    assert.equal(await client.queryType(), 'com.apple.mobile.lockdown');
    const failing = assert.rejects(
      client.getValue(undefined, 'DeviceName').then(() => client.getValue()),
      { code: 'CONNECTION_LOST', hint: /try again/ },
    );
    await there[Symbol.asyncDispose]();
    await failing;
  });
});

test('every refusal of lockdownd says what to do', () => {
  for (const [answer, code] of [
    ['PasswordProtected', 'DEVICE_LOCKED'],
    ['EscrowLocked', 'DEVICE_LOCKED'],
    ['InvalidHostID', 'DEVICE_NOT_TRUSTED'],
    ['MissingPairRecord', 'DEVICE_NOT_TRUSTED'],
    ['UserDeniedPairing', 'TRUST_REFUSED'],
    ['PairingProhibitedOverThisConnection', 'PAIRING_NEEDS_CABLE'],
    ['MCProtected', 'DEVICE_REFUSED'],
    ['SessionInactive', 'CONNECTION_LOST'],
    ['SomethingNew', 'DEVICE_REFUSED'],
    ['__proto__', 'DEVICE_REFUSED'],
  ] as const) {
    const error = lockdownError(answer, 'StartSession');
    assert.equal(error.code, code);
    assert.equal(error.details['deviceCode'], answer);
    assert.match(error.hint ?? '', /^[A-Z].*\.$/);
  }
});
