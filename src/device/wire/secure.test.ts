import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { TLSSocket, type SecureVersion } from 'node:tls';
import { DEVICE_KEY_PEM, DEVICE_PUBLIC_KEY } from '../fake-phone.test-helper.ts';
import { createPairRecord } from '../pairing/create-pair-record.ts';
import { protocolVersions, secureConnection } from './secure.ts';
import { StreamReader } from './stream-reader.ts';

const record = await createPairRecord({ devicePublicKey: DEVICE_PUBLIC_KEY, systemBuid: 'BUID' });

describe('secureConnection', () => {
  for (const { productVersion, offered, spoken } of [
    { productVersion: '18.5', offered: undefined, spoken: 'TLSv1.3' },
    { productVersion: '12.4', offered: 'TLSv1.2', spoken: 'TLSv1.2' },
    { productVersion: '9.3.5', offered: 'TLSv1', spoken: 'TLSv1' },
    { productVersion: undefined, offered: 'TLSv1.2', spoken: 'TLSv1.2' },
  ] as const) {
    test(`speaks ${spoken} with iOS ${productVersion ?? 'of unknown version'}`, async () => {
      await using device = await startDevice({ version: offered });
      const secured = await secureConnection(await device.dial(), record, { productVersion });
      assert.equal(secured.getProtocol(), spoken);
      secured.write('ping');
      assert.equal((await new StreamReader(secured).read(4)).toString(), 'ping');
      secured.destroy();
    });
  }

  test('does not stoop to TLS 1.0 for a device that has no need of it', async () => {
    await using device = await startDevice({ version: 'TLSv1' });
    await assert.rejects(secureConnection(await device.dial(), record, { productVersion: '10.0' }), {
      code: 'CONNECTION_LOST',
    });
    assert.deepEqual(protocolVersions('10.3.4'), protocolVersions('27.0'));
  });

  test('shows the certificate of the pairing', async () => {
    await using device = await startDevice({});
    const secured = await secureConnection(await device.dial(), record);
    secured.write('x');
    await new StreamReader(secured).read(1);
    const shown = device.peers[0]?.getPeerX509Certificate()?.toString().trim();
    assert.equal(shown, record.hostCertificate.toString().trim());
    secured.destroy();
  });

  test('refuses a device with another key, whatever its certificate says', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const impostor = await createPairRecord({
      devicePublicKey: Buffer.from(other.publicKey.export({ type: 'pkcs1', format: 'pem' })),
      systemBuid: 'BUID',
    });
    const key = other.privateKey.export({ type: 'pkcs8', format: 'pem' });
    await using device = await startDevice({ key, cert: impostor.deviceCertificate });
    const socket = await device.dial();
    await assert.rejects(secureConnection(socket, record), { code: 'DEVICE_NOT_TRUSTED' });
    assert.equal(socket.destroyed, true);
  });

  for (const [what, hostPrivateKey] of [
    ['is garbage', Buffer.from('no key')],
    ['belongs to another certificate', record.rootPrivateKey ?? Buffer.alloc(0)],
  ] as const) {
    test(`does not trust a device by a record whose key ${what}, as other programs may have left it`, async () => {
      await using device = await startDevice({});
      const socket = await device.dial();
      await assert.rejects(secureConnection(socket, { ...record, hostPrivateKey }), { code: 'DEVICE_NOT_TRUSTED' });
      assert.equal(socket.destroyed, true);
    });
  }

  test('accepts another certificate of the same key', async () => {
    const again = await createPairRecord({ devicePublicKey: DEVICE_PUBLIC_KEY, systemBuid: 'BUID' });
    await using device = await startDevice({ cert: again.deviceCertificate });
    (await secureConnection(await device.dial(), record)).destroy();
  });

  test('takes a connection closed without a farewell for its end', async () => {
    await using device = await startDevice({});
    const secured = await secureConnection(await device.dial(), record);
    secured.write('x');
    const reader = new StreamReader(secured);
    await reader.read(1);
    device.sockets[0]?.end();
    assert.equal(await reader.readOrEnd(1), undefined);
  });

  test('fails clearly when the device hangs up during the handshake', async () => {
    await using server = await startServer((socket) => socket.end());
    await assert.rejects(secureConnection(await server.dial(), record), { code: 'CONNECTION_LOST' });
  });

  test('can be cancelled during the handshake', async () => {
    await using server = await startServer(() => {});
    const controller = new AbortController();
    const securing = secureConnection(await server.dial(), record, { signal: controller.signal });
    controller.abort();
    await assert.rejects(securing, { code: 'CANCELLED' });
  });
});

interface DeviceOptions {
  readonly version?: SecureVersion | undefined;
  readonly key?: string | Buffer;
  readonly cert?: Buffer;
}

/** Echoes over TLS. */
async function startDevice({ version, key = DEVICE_KEY_PEM, cert = record.deviceCertificate }: DeviceOptions) {
  const peers: TLSSocket[] = [];
  const server = await startServer((socket) => {
    const secured = new TLSSocket(socket, {
      isServer: true,
      key,
      cert,
      requestCert: true,
      rejectUnauthorized: false,
      ...(version === undefined ? {} : { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' }),
    });
    peers.push(secured);
    secured.on('error', () => {});
    secured.pipe(secured);
  });
  return Object.assign(server, { peers });
}

async function startServer(serve: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    sockets,
    async dial(): Promise<Socket> {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
