/** Copies, set up, changed and removed over HTTP. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AddedCopy, Problem } from '../contract/index.ts';
import { ANNAS } from './fake-service.test-helper.ts';
import { startTestServer, type TestServer } from './server.test-helper.ts';

let server: TestServer;
beforeEach(() => void (server = startTestServer()));
afterEach(() => server[Symbol.asyncDispose]());

const FOLDER = { kind: 'folder', name: 'usb-disk', dir: '/media/usb/holdfast' };
const SECRETS = { password: 'of the repository', credentials: { AWS_SECRET_ACCESS_KEY: 'of the bucket' } };
const RESTIC = { kind: 'restic', name: 'offsite', repository: 's3:s3.example.org/bucket', ...SECRETS };

test('an administrator sets one up, changes it and removes it', async () => {
  const root = await server.signedIn('Root', ['administrator']);
  const added = await root.ask('copies', { method: 'POST', body: FOLDER });
  assert.equal(added.status, 201);
  assert.equal(AddedCopy.parse(await added.json()).copy.place, FOLDER.dir);
  const patch = { everyHours: 12, window: null };
  assert.equal((await root.ask('copies/usb-disk', { method: 'PATCH', body: patch })).status, 204);
  assert.equal((await root.ask('copies/usb-disk', { method: 'DELETE' })).status, 204);
  assert.equal((await root.ask('copies/other', { method: 'DELETE' })).status, 404);
  assert.deepEqual(server.service.copyChanges, [
    { ...FOLDER, everyHours: 24 },
    { name: 'usb-disk', patch },
    { removed: 'usb-disk' },
  ]);
});

test('what is secret about one is neither logged nor said again', async () => {
  const root = await server.signedIn('Root', ['administrator']);
  const added = await root.ask('copies', { method: 'POST', body: RESTIC });
  const text = await added.text();
  assert.equal(added.status, 201);
  const refused = await root.ask('copies', { method: 'POST', body: { ...RESTIC, repository: 'nonsense' } });
  assert.equal(refused.status, 400);
  const said = [text, await refused.text(), ...server.logged].join('\n');
  for (const secret of [SECRETS.password, SECRETS.credentials.AWS_SECRET_ACCESS_KEY]) assert.ok(!said.includes(secret));
});

test('an administrator gives another password or other credentials, which nobody says again', async () => {
  const root = await server.signedIn('Root', ['administrator']);
  const put = (body: unknown, who = root): Promise<Response> =>
    who.ask('copies/offsite/secrets', { method: 'PUT', body });
  assert.equal((await put(SECRETS)).status, 204);
  assert.deepEqual(server.service.copyChanges, [{ name: 'offsite', secrets: SECRETS }]);
  for (const body of [{}, { credentials: {} }, { password: '' }, { credentials: { LD_PRELOAD: 'x' } }])
    assert.equal((await put(body)).status, 400);
  const statuses = [];
  for (let i = 0; i < 12; i++) statuses.push((await put({ password: 'wrong' })).status);
  assert.equal(statuses[0], 403);
  assert.equal(statuses.at(-1), 429);
  const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
  assert.equal((await put(SECRETS, anna)).status, 403);
  for (const secret of [SECRETS.password, SECRETS.credentials.AWS_SECRET_ACCESS_KEY])
    assert.ok(!server.logged.join('\n').includes(secret));
});

test('an owner sets none up, and no token adds or removes one', async () => {
  const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
  assert.equal((await anna.ask('copies', { method: 'POST', body: FOLDER })).status, 403);
  const token = await server.token('Root', ['administrator'], [], ['status', 'operate', 'administer']);
  const headers = { authorization: `Bearer ${token}` };
  const ask = (method: string, path: string, body?: unknown) => server.ask(path, { method, body, headers });
  for (const answer of [
    await ask('POST', 'copies', FOLDER),
    await ask('DELETE', 'copies/usb-disk'),
    await ask('PUT', 'copies/usb-disk/secrets', SECRETS),
  ]) {
    assert.equal(answer.status, 403);
    assert.equal(Problem.parse(await answer.json()).code, 'NOT_ALLOWED');
  }
  assert.deepEqual(server.service.copyChanges, []);
  assert.equal((await ask('PATCH', 'copies/usb-disk', { everyHours: 6 })).status, 204);
});
