import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { z } from 'zod';
import { Overview, Problem, Status } from '../contract/index.ts';
import { ANYONE, DEVICE_CONTENT, SIGNED_IN } from './access.ts';
import { route, type Route } from './route.ts';
import { ROUTES } from './routes/index.ts';
import { ANNAS, BENS, BENS_VERSION } from './fake-service.test-helper.ts';
import { startTestServer, type TestServer } from './server.test-helper.ts';

let server: TestServer;
beforeEach(() => void (server = startTestServer()));
afterEach(() => server[Symbol.asyncDispose]());

/** What strangers may ask. Whoever adds to this list has thought about what strangers learn by it. */
const OPEN = ['GET /health', 'GET /session', 'POST /session', 'POST /setup'];

describe('who may use which route', () => {
  const guarded = ROUTES.filter((each) => each.access.who !== 'anyone');

  test('only these are open to strangers', () => {
    const open = ROUTES.filter((each) => each.access.who === 'anyone').map(nameOf);
    assert.deepEqual(open.toSorted(), OPEN.toSorted());
  });

  test('every other one answers 401 to whoever is not signed in', async () => {
    for (const each of guarded) {
      const answer = await server.ask(pathFor(each, BENS), { method: each.method, ...bodyFor(each) });
      assert.equal(answer.status, 401, nameOf(each));
      assert.equal((await problemIn(answer)).code, 'SIGN_IN_NEEDED', nameOf(each));
    }
  });

  test('what is for administrators, of others’ devices or others’ accounts answers 403 to an owner', async () => {
    const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
    server.service.putJob({ id: 'bens-job', kind: 'backup', state: 'running', udid: BENS });
    for (const each of guarded.filter(({ access }) => access.who !== 'signed-in')) {
      const answer = await anna.ask(pathFor(each, BENS), { method: each.method, ...bodyFor(each) });
      assert.equal(answer.status, 403, nameOf(each));
      assert.equal((await problemIn(answer)).code, 'NOT_ALLOWED', nameOf(each));
    }
  });

  test('what is in a backup answers 403 to an administrator whose device it is not', async () => {
    const root = await server.signedIn('Root', ['administrator', 'owner'], [ANNAS]);
    for (const each of guarded.filter(({ access }) => access.who === 'device' && access.sees === 'content')) {
      const answer = await root.ask(pathFor(each, BENS), { method: each.method, ...bodyFor(each) });
      assert.equal(answer.status, 403, nameOf(each));
    }
  });

  test('no token manages accounts, tokens or sessions', async () => {
    const token = await server.token(
      'Root',
      ['administrator', 'owner'],
      [ANNAS],
      ['status', 'operate', 'administer', 'content'],
    );
    for (const each of guarded.filter(({ path }) => /^\/(accounts|tokens|sessions?)\b/.test(path))) {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await server.ask(pathFor(each, BENS), { method: each.method, headers, ...bodyFor(each) });
      assert.equal(answer.status, 403, nameOf(each));
    }
  });
});

describe('owners and administrators', () => {
  test('an owner sees their devices, and how these stand', async () => {
    const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
    const overview = Overview.parse(await (await anna.ask('overview')).json());
    assert.deepEqual(
      overview.devices.map(({ udid }) => udid),
      [ANNAS],
    );
    assert.deepEqual([overview.verdict, overview.alarms], ['safe', []]);
    const status = Status.parse(await (await anna.ask('status')).json());
    assert.deepEqual(
      [status.devices.map(({ udid }) => udid), status.verdict, status.summary.code],
      [[ANNAS], 'safe', 'status-safe'],
    );
    assert.equal((await anna.ask(`devices/${ANNAS}`)).status, 200);
    const problem = await problemIn(await anna.ask(`devices/${BENS}`), 403);
    assert.deepEqual(problem, await problemIn(await anna.ask('devices/never-heard-of'), 403));
  });

  test('an administrator sees how all devices stand', async () => {
    const root = await server.signedIn('Root', ['administrator']);
    const overview = Overview.parse(await (await root.ask('overview')).json());
    assert.deepEqual([overview.devices.length, overview.verdict], [2, 'at-risk']);
    const status = Status.parse(await (await root.ask('status')).json());
    assert.deepEqual([status.devices.length, status.summary.code], [2, 'status-at-risk']);
    assert.equal((await problemIn(await root.ask('devices/never-heard-of'), 404)).code, 'DEVICE_NOT_FOUND');
  });

  test('jobs are seen by who sees the device; work on the whole vault by administrators, what is taken out by owners', async () => {
    const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
    const root = await server.signedIn('Root', ['administrator']);
    server.service.putJob({ id: 'a', kind: 'backup', state: 'running', udid: ANNAS });
    server.service.putJob({ id: 'b', kind: 'backup', state: 'running', udid: BENS });
    server.service.putJob({ id: 'c', kind: 'checkup', state: 'running' });
    server.service.putJob({ id: 'd', kind: 'take-out', state: 'running', udid: ANNAS });
    assert.deepEqual(await idsOf(anna.ask('jobs')), ['a', 'd']);
    assert.deepEqual(await idsOf(root.ask('jobs')), ['a', 'b', 'c']);
    assert.equal((await root.ask('jobs/d')).status, 404);
    assert.equal((await anna.ask('jobs/c')).status, 403);
    assert.equal((await anna.ask('jobs/a', { method: 'DELETE' })).status, 204);
    assert.equal(server.service.job('a')?.state, 'cancelled');
  });

  test('starting a backup answers with the job, or with what is in the way', async () => {
    const root = await server.signedIn('Root', ['administrator']);
    const started = await root.ask(`devices/${ANNAS}/backup`, { method: 'POST', body: {} });
    assert.equal(started.status, 202);
    assert.deepEqual(await problemIn(await root.ask(`devices/${BENS}/backup`, { method: 'POST', body: {} }), 404), {
      code: 'DEVICE_NOT_FOUND',
      message: 'this device is not connected',
      hint: 'Plug it in.',
    });
  });
});

describe('what a request may look like', () => {
  const echo = route({
    method: 'POST',
    path: '/echo/:word',
    summary: 'Says what it heard.',
    access: ANYONE,
    params: z.object({ word: z.string().max(5) }),
    query: z.object({ times: z.coerce.number().int().max(9).default(1) }),
    body: z.object({ secret: z.string().max(3) }),
    maxBodyBytes: 100,
    answer: z.object({ said: z.string() }),
    handle: ({ params, query }) => ({ said: params.word.repeat(query.times), unsaid: 'hash' }),
  });
  const breaking = route({
    method: 'GET',
    path: '/breaking',
    summary: 'Breaks.',
    access: SIGNED_IN,
    answer: 'nothing',
    handle() {
      throw new Error('the secret is 1234');
    },
  });
  const raw = route({
    method: 'GET',
    path: '/devices/:udid/page',
    summary: 'Bytes out of a backup.',
    access: DEVICE_CONTENT,
    params: z.object({ udid: z.string() }),
    answer: { raw: 'text/html' },
    handle: () => new Response('<script>alert(1)</script>', { headers: { 'Content-Type': 'text/html' } }),
  });

  beforeEach(async () => {
    await server[Symbol.asyncDispose]();
    server = startTestServer({ routes: [...ROUTES, echo, breaking, raw] });
  });

  test('it is read by its schemas, and only what the answer’s schema names is said', async () => {
    const answer = await server.ask('echo/ha?times=2', { method: 'POST', body: { secret: 'x' } });
    assert.deepEqual(await answer.json(), { said: 'haha' });
  });

  for (const { what, path, init } of [
    { what: 'a parameter', path: 'echo/much-too-long', init: { body: { secret: 'x' } } },
    { what: 'a query', path: 'echo/ha?times=many', init: { body: { secret: 'x' } } },
    { what: 'a body', path: 'echo/ha', init: { body: { secret: 'abcd' } } },
    { what: 'no body', path: 'echo/ha', init: {} },
    { what: 'a form', path: 'echo/ha', init: { body: {}, headers: { 'content-type': 'text/plain' } } },
  ]) {
    test(`it says what it does not understand without repeating it: ${what}`, async () => {
      const problem = await problemIn(await server.ask(path, { method: 'POST', ...init }), 400);
      assert.equal(problem.code, 'USAGE');
      assert.doesNotMatch(problem.message, /abcd|much-too-long/);
    });
  }

  test('a large body is refused by what it says of itself, and by what comes', async () => {
    const large = await server.ask('echo/ha', { method: 'POST', body: { secret: 'x'.repeat(200) } });
    assert.equal((await problemIn(large, 413)).code, 'TOO_LARGE');
    const lying = await server.ask('echo/ha', {
      method: 'POST',
      body: { secret: 'x'.repeat(200) },
      headers: { 'content-length': '10' },
    });
    assert.equal(lying.status, 413);
  });

  test('long answers are packed for whoever takes them so, short ones never', async () => {
    const anna = await server.signedIn('Anna', ['owner']);
    const ask = (path: string, encoding: string): Promise<Response> =>
      anna.ask(path, { headers: { 'accept-encoding': encoding } });
    const packed = await ask('openapi.json', 'br, gzip;q=0.8');
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    const text = gunzipSync(Buffer.from(await packed.arrayBuffer())).toString('utf8');
    assert.equal(text, await (await ask('openapi.json', 'gzip;q=0')).text());
    assert.equal((await ask('session', 'gzip')).headers.get('content-encoding'), null);
  });

  test('a bug tells nothing to the client and everything to the log', async () => {
    const root = await server.signedIn('Root', ['administrator']);
    const problem = await problemIn(await root.ask('breaking?password=hunter2'), 500);
    assert.deepEqual([problem.code, problem.message.includes('1234')], ['BUG', false]);
    assert.match(server.logged.join('\n'), /the secret is 1234/);
    assert.doesNotMatch(server.logged.join('\n'), /hunter2/);
  });

  test('bytes out of a backup are in a sandbox and in nobody’s cache', async () => {
    const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
    const { headers } = await anna.ask(`devices/${ANNAS}/page`);
    assert.match(headers.get('content-security-policy') ?? '', /^sandbox; default-src 'none'/);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  test('an address that is nothing is answered so, with the headers of all answers', async () => {
    const answer = await server.ask('nothing-here');
    assert.equal((await problemIn(answer, 404)).code, 'NOT_FOUND');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    assert.equal((await server.ask('/api/v2/health')).status, 404);
    assert.equal((await server.ask('/')).status, 404);
  });

  test('a route whose parameters have no schema cannot be declared', () => {
    assert.throws(
      () => route({ method: 'GET', path: '/a/:b', summary: '', access: ANYONE, answer: 'nothing', handle() {} }),
      RangeError,
    );
  });
});

test('whatever a stranger sends gets an answer, learns nothing and breaks nothing', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'api',
      'v1',
      'snapshots',
      'devices',
      'session',
      '..',
      '%2e%2e',
      '%00',
      '%ff',
      '%',
      'events',
      '~',
      '@',
    ),
    fc.string({ maxLength: 8 }).map(encodeURIComponent),
  );
  const headers = fc.dictionary(
    fc.constantFrom('authorization', 'cookie', 'origin', 'x-forwarded-for', 'content-type', 'last-event-id', 'range'),
    fc.stringMatching(/^[ -~]{0,40}$/),
  );
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
    pieces: fc.array(piece, { maxLength: 6 }),
    query: fc.string({ maxLength: 20 }),
    headers,
    isApi: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ method, pieces, query, headers: sent, isApi }) => {
      const path = `/${isApi ? 'api/v1/' : ''}${pieces.join('/')}?${encodeURIComponent(query)}`;
      const body = method === 'GET' || method === 'HEAD' ? {} : { body: { any: 'thing' } };
      const answer = await server.ask(path, { method, headers: sent, ...body });
      const isOpen = /^\/api\/v1\/(health|session)\?/.test(path);
      assert.ok(answer.status >= 400 ? answer.status < 500 : isOpen, `${method} ${path}: ${answer.status}`);
    }),
    { numRuns: 300 },
  );
  assert.deepEqual(
    server.logged.filter((line) => line.includes('bug')),
    [],
  );
});

test('strict transport is asked for over https and never over http', async () => {
  const [secure, plain] = [await server.ask('health', { origin: 'https://localhost' }), await server.ask('health')];
  assert.match(secure.headers.get('strict-transport-security') ?? '', /^max-age=/);
  assert.equal(plain.headers.get('strict-transport-security'), null);
});

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** With something for every parameter that belongs to Ben, or to nobody. */
function pathFor({ path, params }: Route, udid: string): string {
  const id = IDS[path.split('/')[1] ?? ''] ?? 'another';
  const shape: Record<string, z.ZodType> = params instanceof z.ZodObject ? params.shape : {};
  return path.slice(1).replaceAll(/:([a-zA-Z]+)/g, (_all, name: string) => {
    if (name === 'udid') return udid;
    return name === 'id' ? id : (SAMPLES.find((sample) => shape[name]?.safeParse(sample).success) ?? '1');
  });
}

/** By what a path begins with. */
const IDS: Readonly<Record<string, string>> = {
  checkups: '0001-2026-11-01',
  jobs: 'bens-job',
  snapshots: BENS_VERSION,
};

const SAMPLES = ['1', 'a'.repeat(40), 'photo', '2026-11-22', 'report.html'];

const bodyFor = ({ body }: Route): { body?: unknown } => (body === undefined ? {} : { body: {} });

async function problemIn(answer: Response, status = answer.status): Promise<Problem> {
  assert.equal(answer.status, status);
  return Problem.parse(await answer.json());
}

async function idsOf(asked: Promise<Response>): Promise<string[]> {
  return z
    .array(z.object({ id: z.string() }))
    .parse(await (await asked).json())
    .map(({ id }) => id);
}
