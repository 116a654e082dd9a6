import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { startTestServer, type TestServer } from '../server.test-helper.ts';
import { openWebFiles } from './web-files.ts';

const INDEX = '<!doctype html><title>Holdfast</title>';

let root: string;
let server: TestServer;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-'));
  const web = join(root, 'web');
  mkdirSync(join(web, 'assets'), { recursive: true });
  writeFileSync(join(web, 'index.html'), INDEX);
  writeFileSync(join(web, 'service-worker.js'), '// nothing');
  writeFileSync(join(web, 'assets', 'main-abc123.js'), 'run();');
  writeFileSync(join(web, 'assets', 'main-abc123.js.br'), 'compressed');
  writeFileSync(join(root, 'secret.txt'), 'secret');
  symlinkSync(join(root, 'secret.txt'), join(web, 'link.txt'));
  server = startTestServer({ web: openWebFiles(web) });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

test('pages come with a policy that lets nothing run but the interface’s own files', async () => {
  const answer = await server.ask('/');
  assert.equal(await answer.text(), INDEX);
  const policy = answer.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
});

test('addresses of the interface are its page, files that are not there are not', async () => {
  assert.equal(await (await server.ask('/devices/00008140-000A/photos')).text(), INDEX);
  for (const path of ['/missing.js', '/assets/missing', '/assets/', '/favicon.ico']) {
    assert.equal((await server.ask(path)).status, 404, path);
  }
});

test('files named by their content are kept for ever, others are asked about each time', async () => {
  const script = await server.ask('/assets/main-abc123.js');
  assert.match(script.headers.get('cache-control') ?? '', /immutable/);
  assert.equal(script.headers.get('content-type'), 'text/javascript; charset=utf-8');
  for (const path of ['/', '/index.html', '/service-worker.js']) {
    const answer = await server.ask(path);
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
    const etag = answer.headers.get('etag') ?? '';
    assert.equal((await server.ask(path, { headers: { 'if-none-match': etag } })).status, 304);
  }
});

test('what lies there compressed is sent so to whoever takes it', async () => {
  const packed = await server.ask('/assets/main-abc123.js', { headers: { 'accept-encoding': 'gzip, br;q=0.9' } });
  assert.deepEqual([packed.headers.get('content-encoding'), await packed.text()], ['br', 'compressed']);
  const plain = await server.ask('/assets/main-abc123.js', { headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual([plain.headers.get('content-encoding'), await plain.text()], [null, 'run();']);
  assert.equal(plain.headers.get('vary'), 'Accept-Encoding');
});

describe('no path leads out of the folder', () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '/%00/secret.txt',
    '//etc/passwd.txt',
    '/link.txt',
    '/assets/main-abc123.js.br',
  ]) {
    test(path, async () => {
      const answer = await server.ask(path);
      assert.equal(answer.status, 404);
      assert.doesNotMatch(await answer.text(), /secret$/);
    });
  }
});

test('nothing is changed through pages', async () => {
  assert.equal((await server.ask('/', { method: 'POST', body: {} })).status, 404);
  const head = await server.ask('/', { method: 'HEAD' });
  assert.deepEqual(
    [head.status, head.headers.get('content-length'), await head.text()],
    [200, String(INDEX.length), ''],
  );
});

test('an interface that is built anew is served without a restart; one that was never built is none', async () => {
  const file = join(root, 'web', 'index.html');
  writeFileSync(file, 'another');
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  assert.equal(await (await server.ask('/')).text(), 'another');
  assert.equal(openWebFiles(join(root, 'nothing')), undefined);
});
