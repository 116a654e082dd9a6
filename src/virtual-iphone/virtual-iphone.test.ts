import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import {
  AfcClient,
  createCertificate,
  createPairRecord,
  encodePlistFrame,
  listMuxDevices,
  locationsFromMux,
  LockdownClient,
  NotificationProxy,
  parseMuxAddress,
  type PairRecord,
} from '../device/index.ts';
import type { PlistDictionary } from '../formats/index.ts';
import { VirtualMux } from './mux/virtual-mux.ts';
import { answerOf, ask, startSession, TestPhone } from './test-phone.test-helper.ts';
import { startVirtualIphone, type VirtualIphone } from './virtual-iphone.ts';

const AFC = 'com.apple.afc';

describe('pairing', () => {
  test('is accepted, remembered over a restart, and answered with an escrow bag', async () => {
    await using first = await TestPhone.start();
    const record = await first.pair();
    assert.equal(record.escrowBag?.length, 32);
    await using second = await first.restarted();
    assert.deepEqual(second.phone.trustedHosts, [record.hostId]);
    using lockdown = await second.lockdown();
    await lockdown.startSession(record);
    assert.equal(await lockdown.getValue(undefined, 'UniqueDeviceID'), first.phone.udid);
    assert.deepEqual(second.phone.breaches.list(), []);
  });

  test('ends when the phone is erased: it trusts nobody, and has to be set up', async () => {
    await using lab = await TestPhone.start();
    const record = await lab.pair();
    await using device = await lab.open();
    lab.phone.disk.writeFile('HomeDomain', 'a', Buffer.from('a'));
    assert.equal(await device.value('com.apple.PurpleBuddy', 'SetupDone'), true);
    lab.phone.erase();
    lab.phone.reboot();
    assert.deepEqual([lab.phone.disk.count(), lab.phone.trustedHosts], [0, []]);
    using lockdown = await lab.lockdown();
    await assert.rejects(lockdown.startSession(record), { code: 'DEVICE_NOT_TRUSTED' });
    await lab.pair();
    await using again = await lab.open();
    assert.equal(await again.value('com.apple.PurpleBuddy', 'SetupDone'), false);
  });

  test('waits for the person', async () => {
    await using lab = await TestPhone.start({ trust: { mode: 'pending', times: 3 } });
    await lab.pair();
    assert.equal(lab.phone.trustedHosts.length, 1);
  });

  test('can be refused', async () => {
    await using lab = await TestPhone.start({ trust: { mode: 'pending', times: 1, answer: 'deny' } });
    await assert.rejects(lab.pair(), { code: 'TRUST_REFUSED' });
  });

  test('is accepted with one certificate for root and host, which most programs make', async () => {
    await using lab = await TestPhone.start();
    const record = await oneCertificateRecord(lab);
    const socket = await (await lab.location()).connect(62078);
    const answer = await ask(socket, { Request: 'Pair', PairRecord: offerOf(record) });
    assert.equal(answer['Error'], undefined);
    const { tls } = await startSession(socket, record);
    assert.equal((await ask(tls, { Request: 'GetValue', Key: 'UniqueDeviceID' }))['Value'], lab.phone.udid);
    assert.deepEqual(rulesOf(lab), []);
    tls.destroy();
    socket.destroy();
  });

  test('is refused with a certificate for another phone’s key', async () => {
    await using lab = await TestPhone.start();
    await using other = await TestPhone.start();
    const foreign = await recordFor(other);
    const socket = await (await lab.location()).connect(62078);
    const answer = await ask(socket, { Request: 'Pair', PairRecord: offerOf(foreign) });
    assert.equal(answer['Error'], 'InvalidPairRecord');
    assert.deepEqual(rulesOf(lab), ['lockdown.pair-record']);
    socket.destroy();
  });
});

describe('lockdown', () => {
  test('goes on in plaintext after StopSession, and takes a second session', async () => {
    await using lab = await TestPhone.start();
    const record = await lab.pair();
    const socket = await (await lab.location()).connect(62078);
    for (let round = 0; round < 2; round++) {
      const { tls, under, sessionId } = await startSession(socket, record);
      assert.equal((await ask(tls, { Request: 'GetValue', Key: 'SerialNumber' }))['Error'], undefined);
      await ask(tls, { Request: 'StopSession', SessionID: sessionId });
      tls.end();
      socket.write(encodePlistFrame({ Request: 'QueryType', Label: 'test' }));
      assert.equal(await under.peeled, 'plaintext');
      assert.equal((await answerOf(socket))['Type'], 'com.apple.mobile.lockdown');
    }
    socket.destroy();
    assert.deepEqual(lab.phone.breaches.list(), []);
  });

  test('forgets a host that it is told to forget', async () => {
    await using lab = await TestPhone.start();
    const record = await lab.pair();
    lab.phone.forgetHosts();
    using lockdown = await lab.lockdown();
    await assert.rejects(lockdown.startSession(record), { code: 'DEVICE_NOT_TRUSTED' });
  });

  test('reports values of other types, and reads them as if they were not there', async () => {
    await using lab = await TestPhone.start();
    const socket = await (await lab.location()).connect(62078);
    const told = await ask(socket, { Request: 'GetValue', Key: 7 });
    assert.equal(typeof told['Value'], 'object');
    assert.equal((await ask(socket, { Request: 'StartSession', HostID: Buffer.from('x') }))['Error'], 'MissingHostID');
    assert.deepEqual(rulesOf(lab), ['lockdown.request-types', 'lockdown.request-types']);
    socket.destroy();
  });

  test('hangs up on a length that makes no sense, and on what is no property list', async () => {
    await using lab = await TestPhone.start();
    const location = await lab.location();
    for (const bytes of [Buffer.from('ffffffff', 'hex'), Buffer.from('000000026869', 'hex')]) {
      const socket = await location.connect(62078);
      socket.resume().write(bytes);
      await closed(socket);
    }
    assert.deepEqual(rulesOf(lab), ['lockdown.frame', 'lockdown.frame']);
  });

  test('hangs up when nobody speaks for too long, if told to', async () => {
    await using lab = await TestPhone.start({ lockdownIdleMs: 5 });
    const socket = (await (await lab.location()).connect(62078)).resume();
    await closed(socket);
  });

  test('tells nobody without a session more than the public values', async () => {
    await using lab = await TestPhone.start();
    const socket = await (await lab.location()).connect(62078);
    const request = { Request: 'GetValue', Key: 'SerialNumber' };
    assert.deepEqual(await ask(socket, request), { ...request, Error: 'GetProhibited' });
    const { Value: all } = await ask(socket, { Request: 'GetValue' });
    assert.ok(typeof all === 'object' && all !== null && 'ProductVersion' in all && !('PhoneNumber' in all));
    const set = { Request: 'SetValue', Key: 'DeviceName', Value: 'Mine' };
    assert.equal((await ask(socket, set))['Error'], 'SetProhibited');
    assert.equal((await ask(socket, { Request: 'StartService', Service: AFC }))['Error'], 'SessionInactive');
    socket.destroy();
  });

  test('keeps a name that a computer gives it', async () => {
    await using first = await TestPhone.start({ name: 'Before' });
    await using device = await first.open();
    assert.equal(await device.value(undefined, 'DeviceName'), 'Before');
    await device.setValue(undefined, 'DeviceName', 'After');
    assert.equal(first.phone.context.identity.name, 'After');
    await using second = await first.restarted();
    assert.equal(second.phone.context.identity.name, 'After');
  });

  test('answers with the error that a test orders', async () => {
    await using lab = await TestPhone.start();
    const record = await lab.pair();
    lab.phone.faults.at({ point: 'lockdown:StartSession', action: { kind: 'error', code: 'PasswordProtected' } });
    using lockdown = await lab.lockdown();
    await assert.rejects(lockdown.startSession(record), { code: 'DEVICE_LOCKED' });
    await lockdown.startSession(record);
  });
});

describe('services', () => {
  test('are unknown by unknown names', async () => {
    await using lab = await TestPhone.start();
    await using device = await lab.open();
    await assert.rejects(device.startService('com.example.nothing'), { code: 'DEVICE_REFUSED' });
  });

  test('get a port that takes one connection', async () => {
    await using lab = await TestPhone.start();
    const port = await servicePort(lab, AFC);
    const location = await lab.location();
    (await location.connect(port)).destroy();
    await assert.rejects(location.connect(port), { code: 'CONNECTION_LOST' });
  });

  test('are encrypted on a cable since iOS 12, and on the network always', async () => {
    for (const { productVersion, network, encrypted } of [
      { productVersion: '11.4.1', network: false, encrypted: false },
      { productVersion: '11.4.1', network: true, encrypted: true },
      { productVersion: '12.5.7', network: false, encrypted: true },
    ]) {
      await using lab = await TestPhone.start({ productVersion, ...(network && { wifi: { address: '127.0.0.36' } }) });
      const record = await lab.pair();
      if (network) lab.phone.unplug();
      using lockdown = await lab.lockdown();
      await lockdown.startSession(record);
      const stream = await lockdown.startService(AFC);
      assert.equal(stream instanceof TLSSocket, encrypted);
      await using files = new AfcClient(stream);
      assert.deepEqual(await files.list('/'), []);
      assert.deepEqual(lab.phone.breaches.list(), []);
    }
  });

  test('report a host that speaks plaintext where TLS is due', async () => {
    await using lab = await TestPhone.start();
    const port = await servicePort(lab, AFC);
    const service = (await (await lab.location()).connect(port)).resume();
    service.write(encodePlistFrame({ Command: 'hello' }));
    await closed(service);
    assert.deepEqual(rulesOf(lab), ['service.tls-plaintext']);
  });

  test('let in nobody but the computer that is paired', async () => {
    await using lab = await TestPhone.start();
    const { hostId, systemBuid } = await lab.pair();
    const impostor = { ...(await recordFor(lab)), hostId, systemBuid };
    const socket = await (await lab.location()).connect(62078);
    const { tls } = await startSession(socket, impostor);
    tls.on('error', () => {});
    await closed(socket);
    assert.deepEqual(rulesOf(lab), ['lockdown.tls-foreign-certificate']);
  });

  test('need the escrow bag for a backup while the phone is locked', async () => {
    await using lab = await TestPhone.start();
    await using device = await lab.open();
    (await device.startService('com.apple.mobilebackup2')).destroy();
    lab.phone.setLocked(true);
    await assert.rejects(device.startService('com.apple.mobilebackup2'), { code: 'DEVICE_LOCKED' });
    (await device.startService('com.apple.mobilebackup2', { escrow: true })).destroy();
  });

  test('end when the cable is pulled, and are there again when it is back', async () => {
    await using lab = await TestPhone.start();
    await using device = await lab.open();
    const stream = await device.startService(AFC);
    stream.resume();
    const gone = closed(stream);
    lab.phone.unplug();
    await gone;
    lab.phone.plug();
    await using files = new AfcClient(await (await lab.open()).startService(AFC));
    assert.deepEqual(await files.list('/'), []);
  });

  test('relay what others post to who observes it', async () => {
    await using lab = await TestPhone.start();
    await using device = await lab.open();
    const listener = new NotificationProxy(await device.startService('com.apple.mobile.notification_proxy'));
    listener.observe(['com.example.a', 'com.example.b']);
    const poster = new NotificationProxy(await device.startService('com.apple.mobile.notification_proxy'));
    const events = listener.events()[Symbol.asyncIterator]();
    poster.post('com.example.unheard');
    poster.post('com.example.b');
    assert.equal((await events.next()).value, 'com.example.b');
    lab.phone.notifications.post('com.example.a');
    assert.equal((await events.next()).value, 'com.example.a');
    await listener.close();
    await poster.close();
  });
});

test('two phones on one computer are told apart', async () => {
  await using lab = await TestPhone.start();
  await using mux = await VirtualMux.start({ stateDir: lab.directory, tcpPort: 0 });
  const phoneIn = (folder: string, seed: number): Promise<VirtualIphone> =>
    startVirtualIphone({ stateDir: join(lab.directory, folder), library: 'empty', mux, seed });
  await using first = await phoneIn('first', 1);
  await using second = await phoneIn('second', 2);
  const address = parseMuxAddress(`127.0.0.1:${mux.tcpPort}`);
  const locations = locationsFromMux(address, await listMuxDevices(address));
  assert.deepEqual(
    locations.map(({ udid }) => udid),
    [first.udid, second.udid],
  );
  for (const location of locations) {
    using lockdown = await LockdownClient.connect(location);
    assert.equal(await lockdown.getValue(undefined, 'UniqueDeviceID'), location.udid);
  }
});

test('a service whose port is closed is started all the same', async () => {
  await using lab = await TestPhone.start();
  await using device = await lab.open();
  lab.phone.faults.refuse(AFC);
  await assert.rejects(device.startService(AFC), { code: 'CONNECTION_LOST' });
  lab.phone.faults.accept(AFC);
  (await device.startService(AFC)).destroy();
});

test('the phone can be turned off while it keeps a host waiting', async () => {
  await using lab = await TestPhone.start();
  lab.phone.faults.at({ point: 'lockdown:QueryType', action: { kind: 'stall' } });
  const socket = (await (await lab.location()).connect(62078)).resume();
  socket.write(encodePlistFrame({ Request: 'QueryType', Label: 'test' }));
  const gone = closed(socket);
  await lab.phone.close();
  await gone;
});

test('a connection can be cut after an exact number of bytes', async () => {
  await using lab = await TestPhone.start();
  const location = await lab.location();
  lab.phone.faults.onStream({ service: 'lockdown', direction: 'out', afterBytes: 10, action: 'cut' });
  const socket = await location.connect(62078);
  let received = 0;
  socket.on('data', (chunk: Buffer) => (received += chunk.length));
  socket.write(encodePlistFrame({ Request: 'QueryType', Label: 'test' }));
  await closed(socket);
  assert.equal(received, 10);
});

/** Until the phone has hung up; on what it had not read, the socket reports that as an error. */
function closed(socket: Duplex): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function rulesOf({ phone }: TestPhone): string[] {
  return phone.breaches.list().map((breach) => breach.rule);
}

/** A pair record for the phone that nobody accepted. */
async function recordFor(lab: TestPhone): Promise<PairRecord> {
  using lockdown = await lab.lockdown();
  const devicePublicKey = await lockdown.getValue(undefined, 'DevicePublicKey');
  assert.ok(devicePublicKey instanceof Uint8Array);
  return createPairRecord({ devicePublicKey, systemBuid: 'A' });
}

/** As pymobiledevice3, tidevice and idevice make it: one key, and a certificate that signs itself and the device's. */
async function oneCertificateRecord(lab: TestPhone): Promise<PairRecord> {
  const record = await recordFor(lab);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('5374-01-01') };
  const signed = { issuerPrivateKey: privateKey, isAuthority: false, ...validity };
  const own = createCertificate({ ...signed, publicKey });
  const deviceKey = new X509Certificate(record.deviceCertificate).publicKey;
  return {
    ...record,
    rootCertificate: own,
    hostCertificate: own,
    hostPrivateKey: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    deviceCertificate: createCertificate({ ...signed, publicKey: deviceKey }),
  };
}

function offerOf({
  hostCertificate,
  rootCertificate,
  deviceCertificate,
  hostId,
  systemBuid,
}: PairRecord): PlistDictionary {
  return {
    HostCertificate: hostCertificate,
    RootCertificate: rootCertificate,
    DeviceCertificate: deviceCertificate,
    HostID: hostId,
    SystemBUID: systemBuid,
  };
}

/** Has a service started, and leaves it to the test to connect. */
async function servicePort(lab: TestPhone, service: string): Promise<number> {
  const record = await lab.pair();
  const { tls } = await startSession(await (await lab.location()).connect(62078), record);
  const answer = await ask(tls, { Request: 'StartService', Service: service });
  assert.equal(answer['EnableServiceSSL'], true);
  tls.destroy();
  return Number(answer['Port']);
}
