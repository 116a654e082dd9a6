import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { startTestServer, type AskInit, type TestServer } from '../server.test-helper.ts';
import { proxiesOf, transportOf } from './transport.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

describe('names under which browsers come', () => {
  for (const host of [
    'localhost:7373',
    'LOCALHOST',
    'localhost.',
    'holdfast.localhost:80',
    '127.0.0.1:7373',
    '192.168.1.20',
    '[::1]:7373',
    '[fd00::7]',
    'nas.lan:7373',
    'backups.example.org',
    'outside.example.org',
  ]) {
    test(`${host} is ours`, async () => assert.equal(await statusFor(host), 200));
  }

  for (const host of [
    'attacker.example',
    'localhost.attacker.example',
    '127.0.0.1.nip.example:7373',
    'nas.lan.attacker.example',
    'sub.nas.lan',
    'user@localhost',
    'localhost/path',
    'localhost#.attacker.example',
    '',
    ' ',
    'a b',
  ]) {
    test(`“${host}” is not, for the API and for pages`, async () => {
      assert.equal(await statusFor(host), 403);
      assert.equal(await statusFor(host, '/'), 403);
    });
  }
});

describe('pages that ask', () => {
  test('pages of ours may, and programs, which are no page', async () => {
    assert.equal(await statusWith({}), 200);
    assert.equal(await statusWith({ origin: 'http://localhost:7373', 'sec-fetch-site': 'same-origin' }), 200);
    assert.equal(await statusWith({ 'sec-fetch-site': 'none' }), 200);
  });

  for (const headers of [
    { origin: 'https://attacker.example' },
    { origin: 'null' },
    { origin: 'http://localhost:3000' },
    { origin: 'http://127.0.0.1:7373' },
    { origin: 'https://localhost:7373' },
    { origin: 'https://outside.example.org' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:7373' },
  ]) {
    test(`others may not: ${JSON.stringify(headers)}`, async () => assert.equal(await statusWith(headers), 403));
  }

  test('no page of others gets leave to read answers', async () => {
    server = startTestServer();
    const answer = await server.ask('health', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST' },
    });
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  });
});

describe('what proxies say', () => {
  const headers = {
    host: 'inside:7373',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'Outside.example.org',
    'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.0.0.2',
  };
  const request = new Request('http://inside:7373/', { headers });
  const seenFrom = (remoteAddress: string, trusted: string[]): unknown => {
    // All that is read of a connection.
    const incoming = { socket: { remoteAddress } } as NonNullable<Parameters<typeof transportOf>[1]['incoming']>;
    return transportOf(request, { incoming }, proxiesOf(trusted));
  };

  test('is believed of those that are trusted: the address is that of the last who is not one of them', () => {
    const seen = { via: 'network', secure: true, host: 'outside.example.org', address: '203.0.113.7' };
    assert.deepEqual(seenFrom('::ffff:10.0.0.1', ['10.0.0.0/8']), seen);
    assert.deepEqual(seenFrom('10.0.0.1', ['10.0.0.1', '10.0.0.2']), seen);
  });

  test('is not believed of anybody else', () => {
    const seen = { via: 'network', secure: false, host: 'inside:7373', address: '10.0.0.1' };
    assert.deepEqual(seenFrom('10.0.0.1', []), seen);
    assert.deepEqual(seenFrom('10.0.0.1', ['10.0.0.2', 'fd00::/8']), seen);
  });

  test('never makes a request one of the local socket', () => {
    const claims = new Request('http://localhost/', { headers: { 'x-via': 'local', via: 'local' } });
    assert.equal(transportOf(claims, {}, proxiesOf(['0.0.0.0/0'])).via, 'network');
  });

  for (const wrong of ['nas', '10.0.0.0/33', '10.0.0.0/', '::/129', '10.0.0.0/8/8', '10.0.0.0/x']) {
    test(`“${wrong}” is no proxy`, () => assert.throws(() => proxiesOf([wrong]), { code: 'USAGE' }));
  }
});

async function statusFor(host: string, path = '/api/v1/health'): Promise<number> {
  server ??= startTestServer({
    settings: { server: { hosts: ['nas.lan', 'Backups.Example.Org.'], publicUrl: 'https://outside.example.org/' } },
  });
  return (await server.ask(path, { headers: { host } })).status;
}

async function statusWith(headers: Record<string, string>, init: AskInit = {}): Promise<number> {
  server ??= startTestServer({ settings: { server: { publicUrl: 'https://outside.example.org' } } });
  return (await server.ask('health', { headers, ...init })).status;
}
