import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { Session } from '../../contract/index.ts';
import { createCertificate } from '../../device/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import { PASSWORD, startTestServer, type TestServer } from '../server.test-helper.ts';
import { CERTIFICATE, PRIVATE_KEY } from './certificate.test-helper.ts';
import { listen, type Listening } from './listen.ts';
import { askLocally, listenLocally, localSocketPath } from './local-socket.ts';
import { demandSafeListening } from './safe-listening.ts';

let server: TestServer;
beforeEach(() => void (server = startTestServer()));
afterEach(() => server[Symbol.asyncDispose]());

const listenHere = (): Promise<Listening> => listen(server.app, { host: '127.0.0.1', port: 0, log: SILENT_LOGGER });

describe('at a port', () => {
  test('a browser signs in and follows what happens until it signs out', async () => {
    await server.accounts.book.create({
      name: 'Root',
      password: PASSWORD,
      roles: ['administrator'],
      devices: [],
      language: 'en',
    });
    await using listening = await listenHere();
    const api = `${listening.url}api/v1/`;
    const signIn = await fetch(`${api}session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(api).origin },
      body: JSON.stringify({ name: 'Root', password: PASSWORD }),
    });
    const { csrfToken = '' } = Session.parse(await signIn.json());
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    assert.match(cookie, new RegExp(`^holdfast-${listening.port}=`));
    const events = await fetch(`${api}events`, { headers: { cookie } });
    const read = readerOf(events);
    assert.match(await read('"event":"device"'), /^retry: 3000\n\nid: \w+-1\n/);
    server.service.putJob({ id: 'live', kind: 'backup', state: 'running' });
    await read('"id":"live"');
    const signOut = await fetch(`${api}session`, {
      method: 'DELETE',
      headers: { cookie, 'x-holdfast-csrf': csrfToken },
    });
    assert.equal(signOut.status, 204);
    await read(undefined);
  });

  test('a client that goes away is let go of', async () => {
    const token = await server.token('Root', ['administrator'], [], ['status']);
    await using listening = await listenHere();
    const gone = new AbortController();
    const headers = { authorization: `Bearer ${token}` };
    const events = await fetch(`${listening.url}api/v1/events`, { headers, signal: gone.signal });
    const read = readerOf(events);
    await read('retry');
    gone.abort();
    await assert.rejects(read(undefined), { name: 'AbortError' });
  });

  test('stopping ends streams at once', async () => {
    const token = await server.token('Root', ['administrator'], [], ['status']);
    const listening = await listenHere();
    const events = await fetch(`${listening.url}api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    const read = readerOf(events);
    await read('retry');
    await listening[Symbol.asyncDispose]();
    await read(undefined);
  });

  test('what is no HTTP, by another name or climbs out of its folder is refused', async () => {
    await using listening = await listenHere();
    const ask = (text: string): Promise<string> => rawAnswer(listening.port, text);
    const head = `Host: localhost:${listening.port}\r\nConnection: close\r\n\r\n`;
    assert.match(await ask('nonsense\r\n\r\n'), /^HTTP\/1\.1 400/);
    assert.match(
      await ask(`GET /api/v1/health HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n`),
      / 403 /,
    );
    assert.match(await ask(`GET /../../../../etc/passwd HTTP/1.1\r\n${head}`), / 404 /);
    assert.match(await ask(`GET /..%2f..%2fetc%2fpasswd HTTP/1.1\r\n${head}`), / 404 /);
    assert.match(await ask(`GET /api/v1/health HTTP/1.1\r\n${head}`), /^HTTP\/1\.1 200 [^]*{"status":"ok"}$/);
    assert.match(await ask(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n${head}`), / 431 /);
  });

  test('who begins a request and does not end it is not waited for', async () => {
    const limits = { headersTimeout: 200, requestTimeout: 250, connectionsCheckingInterval: 20 };
    await using listening = await listen(server.app, { host: '127.0.0.1', port: 0, log: SILENT_LOGGER, limits });
    assert.match(await rawAnswer(listening.port, 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: '), / 408 /);
    const head = 'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const begun = rawAnswer(listening.port, `${head}Content-Length: 100\r\n\r\n{"name": `);
    // Its connection is closed, with an answer or, where what it sent was not read, by a reset.
    assert.doesNotMatch(await begun.catch((error: unknown) => systemErrorCode(error) ?? ''), / 200 /);
    assert.deepEqual(
      server.logged.filter((line) => line.includes('bug')),
      [],
    );
  });

  test('a port that is taken is told as such', async () => {
    await using taken = await listenHere();
    await assert.rejects(listen(server.app, { host: '127.0.0.1', port: taken.port, log: SILENT_LOGGER }), {
      code: 'LISTENING_REFUSED',
      message: /something else does/,
    });
  });

  test('with a certificate it speaks https and keeps sessions to it', async () => {
    const [certFile, keyFile] = [join(server.stateDir, 'cert.pem'), join(server.stateDir, 'key.pem')];
    writeFileSync(certFile, CERTIFICATE);
    writeFileSync(keyFile, PRIVATE_KEY);
    await using listening = await listen(server.app, {
      host: '127.0.0.1',
      port: 0,
      tls: { certFile, keyFile },
      log: SILENT_LOGGER,
    });
    assert.match(listening.url, /^https:/);
    const hsts = await new Promise((resolve, reject) => {
      const request = httpsRequest(`${listening.url}api/v1/health`, { ca: CERTIFICATE, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.headers['strict-transport-security']);
      });
      request.once('error', reject).end();
    });
    assert.match(String(hsts), /^max-age=/);
  });

  test('a renewed certificate is taken in, and a broken one is not', async () => {
    const tls = { certFile: join(server.stateDir, 'cert.pem'), keyFile: join(server.stateDir, 'key.pem') };
    writeFileSync(tls.certFile, CERTIFICATE);
    writeFileSync(tls.keyFile, PRIVATE_KEY);
    const told = Promise.withResolvers<void>();
    const again = Promise.withResolvers<void>();
    const log = { ...SILENT_LOGGER, warn: () => told.resolve(), info: () => again.resolve() };
    await using listening = await listen(server.app, { host: '127.0.0.1', port: 0, tls, log, certificateCheckMs: 2 });
    const first = await certificateShown(listening.port);
    writeFileSync(tls.certFile, 'broken');
    await told.promise;
    assert.deepEqual(await certificateShown(listening.port), first);
    const renewed = makeCertificate();
    writeFileSync(tls.keyFile, renewed.privateKey);
    writeFileSync(tls.certFile, renewed.certificate);
    await again.promise;
    assert.deepEqual(await certificateShown(listening.port), new X509Certificate(renewed.certificate).raw);
  });

  test('a certificate that is not there is told as such', async () => {
    const tls = { certFile: join(server.stateDir, 'none'), keyFile: join(server.stateDir, 'none') };
    const listening = listen(server.app, { host: '127.0.0.1', port: 0, tls, log: SILENT_LOGGER });
    await assert.rejects(listening, { code: 'LISTENING_REFUSED', message: /ENOENT/ });
  });
});

describe('over the local socket', () => {
  test('commands of the same user need no sign-in, and nobody else can open it', async () => {
    const path = localSocketPath(server.stateDir);
    assert.equal(await askLocally(path, '/settings'), undefined);
    await using _listening = await listenLocally(server.app, path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const answer = await askLocally(path, '/settings', { method: 'PATCH', body: { slots: 3 } });
    assert.deepEqual([answer?.status, server.service.settings.read().slots], [200, 3]);
    assert.equal((await askLocally(path, '/jobs/none', { method: 'DELETE' }))?.status, 404);
    assert.equal((await askLocally(path, '/session', { method: 'DELETE' }))?.status, 204);
  });

  test('a second service is refused, and what a killed one left is not in the way', async () => {
    const path = localSocketPath(server.stateDir);
    writeFileSync(path, '');
    await using _first = await listenLocally(server.app, path);
    await assert.rejects(listenLocally(server.app, path), { code: 'ALREADY_THERE' });
  });

  test('a path too long for a socket is told as such', async () => {
    const folder = join(server.stateDir, 'x'.repeat(110));
    mkdirSync(folder);
    await assert.rejects(listenLocally(server.app, localSocketPath(folder)), { code: 'LISTENING_REFUSED' });
  });
});

describe('listening to others', () => {
  const facts = { host: '0.0.0.0', hasTls: false, allowsPlainHttp: false, hasAccount: true, allowsSetUp: false };

  for (const { what, change, refused } of [
    { what: 'without encryption', change: {}, refused: /not encrypted/ },
    { what: 'before there is an account', change: { hasTls: true, hasAccount: false }, refused: /no account yet/ },
    { what: 'at an address of the network', change: { host: '192.168.1.2' }, refused: /192\.168\.1\.2/ },
    { what: 'at all addresses of IPv6', change: { host: '::' }, refused: /not encrypted/ },
    { what: 'by a name', change: { host: 'localhost.attacker.example' }, refused: /not encrypted/ },
  ]) {
    test(`is refused ${what}`, () =>
      assert.throws(() => demandSafeListening({ ...facts, ...change }), {
        code: 'LISTENING_REFUSED',
        message: refused,
      }));
  }

  for (const { what, change } of [
    { what: 'with a certificate', change: { hasTls: true } },
    { what: 'where somebody said so', change: { allowsPlainHttp: true } },
    {
      what: 'where somebody said that the first account may be made from there',
      change: { hasTls: true, hasAccount: false, allowsSetUp: true },
    },
    { what: 'on this computer alone', change: { host: '127.0.0.1', hasAccount: false } },
    { what: 'on this computer alone, by name', change: { host: 'localhost', hasAccount: false } },
  ]) {
    test(`is done ${what}`, () => demandSafeListening({ ...facts, ...change }));
  }
});

/** Reads until something comes, or to the end; what was read before is not given again. */
function readerOf(answer: Response): (until: string | undefined) => Promise<string> {
  const chunks = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  return async (until) => {
    let text = '';
    for (;;) {
      const { done, value } = (await chunks?.read()) ?? { done: true, value: '' };
      text += value ?? '';
      if (until !== undefined && text.includes(until)) return text;
      if (!done) continue;
      assert.equal(until, undefined, `the stream ended before ${until} came`);
      return text;
    }
  };
}

async function rawAnswer(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  const chunks = await Array.fromAsync<Buffer>(socket);
  return Buffer.concat(chunks).toString('utf8');
}

/** The certificate that whoever connects now is shown, as DER. */
async function certificateShown(port: number): Promise<Buffer> {
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return raw;
}

/** Another one than that of the helper, with a key of its own. */
function makeCertificate(): { readonly certificate: Buffer; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const [notBefore, notAfter] = [new Date('2026-01-01'), new Date('2036-01-01')];
  return {
    certificate: createCertificate({ publicKey, issuerPrivateKey: privateKey, isAuthority: true, notBefore, notAfter }),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
