import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { z } from 'zod';
import { MadeToken, Problem, Session, SignedInPlace } from '../contract/index.ts';
import { Accounts } from './accounts/accounts.ts';
import { createPasswordHasher } from './accounts/passwords.ts';
import type { Bindings } from './guards/transport.ts';
import { ANNAS, BENS } from './fake-service.test-helper.ts';
import { browserOf, PASSWORD, startTestServer, type Browser, type TestServer } from './server.test-helper.ts';

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;

let server: TestServer;
beforeEach(() => void (server = startTestServer()));
afterEach(() => server[Symbol.asyncDispose]());

const signIn = (name: string, password: string, headers: Record<string, string> = {}): Promise<Response> =>
  server.ask('session', { method: 'POST', body: { name, password }, headers });

const from = (address: string): Promise<Response> =>
  server.ask('session', {
    method: 'POST',
    body: { name: 'Anna', password: 'wrong' },
    headers: { 'x-forwarded-for': address },
  });

const bearing = (token: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${token}` },
});

describe('signing in', () => {
  test('gives a cookie no script can read and no other page can send', async () => {
    await server.signedIn('Anna', ['owner'], [ANNAS]);
    const answer = await signIn('  ANNA ', PASSWORD);
    assert.equal(answer.status, 200);
    assert.match(
      answer.headers.get('set-cookie') ?? '',
      /^holdfast-7373=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
  });

  test('over https the cookie is for https alone, and one of http is not taken there', async () => {
    const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
    const secure = 'https://localhost:7373';
    const answer = await server.ask('session', {
      method: 'POST',
      body: { name: 'Anna', password: PASSWORD },
      origin: secure,
    });
    assert.match(answer.headers.get('set-cookie') ?? '', /^__Host-holdfast-7373=.*; Secure$/);
    const safe = await browserOf(server.ask, answer);
    assert.equal((await safe.ask('overview', { origin: secure })).status, 200);
    assert.equal((await safe.ask('overview')).status, 401);
    assert.equal((await anna.ask('overview', { origin: secure })).status, 401);
    const renamed = safe.cookie.replace('__Host-', '');
    assert.equal((await server.ask('overview', { headers: { cookie: renamed } })).status, 401);
  });

  test('behind a proxy that encrypts, if it is trusted, it is as over https', async () => {
    const body = { name: 'Anna', password: PASSWORD };
    const headers = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'backups.example.org',
      origin: 'https://backups.example.org',
    };
    // All that is read of a connection.
    const incoming = { socket: { remoteAddress: '127.0.0.1' } } as NonNullable<Bindings['incoming']>;
    const signInBehind = async (trustedProxies: string[]): Promise<Response> => {
      await using behind = startTestServer({
        settings: { server: { hosts: ['backups.example.org'], trustedProxies } },
      });
      await behind.accounts.book.create({ ...body, roles: ['owner'], devices: [], language: 'en' });
      return behind.ask('session', { method: 'POST', body, headers, bindings: { incoming } });
    };
    const answer = await signInBehind(['127.0.0.1']);
    assert.match(answer.headers.get('set-cookie') ?? '', /^__Host-holdfast-443=.*; Secure$/);
    assert.match(answer.headers.get('strict-transport-security') ?? '', /max-age/);
    assert.equal((await signInBehind([])).status, 403);
  });

  test('a wrong name and a wrong password are told the same', async () => {
    await server.signedIn('Anna', ['owner']);
    const [password, name] = [await signIn('Anna', 'wrong'), await signIn('Nobody', 'wrong')];
    assert.deepEqual([password.status, name.status], [401, 401]);
    const problem = await password.json();
    assert.deepEqual(problem, await name.json());
    assert.equal(Problem.parse(problem).code, 'SIGN_IN_FAILED');
    assert.equal(password.headers.get('set-cookie'), null);
    assert.match(server.logged.join('\n'), /a sign-in failed/);
    assert.doesNotMatch(server.logged.join('\n'), /Nobody|wrong/);
  });

  test('what is kept opens nothing: hashes alone, for the owner’s eyes', async () => {
    const anna = await server.signedIn('Anna', ['owner']);
    const made = MadeToken.parse(
      await (await anna.ask('tokens', { method: 'POST', body: { name: 'x', scopes: ['status'] } })).json(),
    );
    const files = ['accounts.json', 'sessions.json'].map((name) => join(server.stateDir, name));
    const kept = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    for (const secret of [PASSWORD, made.token, anna.cookie.split('=')[1] ?? '-', anna.csrfToken]) {
      assert.equal(kept.includes(secret), false);
    }
    assert.deepEqual(
      files.map((file) => statSync(file).mode & 0o777),
      [0o600, 0o600],
    );
    assert.doesNotMatch(await (await anna.ask('session')).text(), /argon2|passwordMark/);
  });

  test('a password whose costs are of yesterday is hashed anew when it is entered', async () => {
    await server.signedIn('Anna', ['owner']);
    const path = join(server.stateDir, 'accounts.json');
    const before = readFileSync(path, 'utf8');
    const stronger = new Accounts({ stateDir: server.stateDir, hashCosts: { memoryKiB: 64, passes: 2, lanes: 1 } });
    const caller = { secure: false, address: '127.0.0.1', userAgent: '' };
    await stronger.signIn({ name: 'Anna', password: PASSWORD }, caller);
    const after = readFileSync(path, 'utf8');
    assert.match(before, /\$m=32,t=2,p=1\$/);
    assert.match(after, /\$m=64,t=2,p=1\$/);
    assert.equal((await signIn('Anna', PASSWORD)).status, 200);
  });

  test('a damaged file of accounts is never taken for none', async () => {
    await server.signedIn('Anna', ['owner']);
    writeFileSync(join(server.stateDir, 'accounts.json'), '{"accounts": [');
    const accounts = new Accounts({ stateDir: server.stateDir });
    assert.deepEqual([accounts.setUpCode, accounts.unreadable?.code], [undefined, 'STORAGE_FAILED']);
    assert.equal((await signIn('Anna', PASSWORD)).status, 500);
    assert.equal((await server.ask('session')).status, 500);
    const code = 'AAAAA-AAAAA';
    const setUp = { code, name: 'Eve', password: PASSWORD, language: 'en' };
    assert.notEqual((await server.ask('setup', { method: 'POST', body: setUp })).status, 200);
  });

  test('a damaged file of sessions signs everybody out, and keeps nobody out', async () => {
    const anna = await server.signedIn('Anna', ['owner']);
    assert.equal((await anna.ask('overview')).status, 200);
    writeFileSync(join(server.stateDir, 'sessions.json'), '{"sessions": [');
    assert.equal((await anna.ask('overview')).status, 401);
    assert.equal((await signIn('Anna', PASSWORD)).status, 200);
  });
});

describe('the lock-out', () => {
  test('after five wrong tries even the right password has to wait, longer each time', async () => {
    await server.accounts.book.create({
      name: 'Anna',
      password: PASSWORD,
      roles: ['administrator'],
      devices: [],
      language: 'en',
    });
    for (let i = 0; i < 5; i++) assert.equal((await signIn('Anna', 'wrong')).status, 401);
    const locked = await signIn('Anna', PASSWORD);
    assert.deepEqual([locked.status, locked.headers.get('retry-after')], [429, '30']);
    server.clock.now += 31_000;
    assert.equal((await signIn('Anna', 'wrong')).status, 401);
    assert.equal((await signIn('Anna', PASSWORD)).headers.get('retry-after'), '60');
    server.clock.now += 61_000;
    assert.equal((await signIn('Anna', PASSWORD)).status, 200);
    assert.equal((await signIn('Anna', 'wrong')).status, 401);
  });

  test('names nobody has are locked like those somebody has', async () => {
    for (let i = 0; i < 5; i++) await signIn('Nobody', 'wrong');
    assert.equal((await signIn('Nobody', 'wrong')).status, 429);
  });

  test('many at once gain nothing', async () => {
    const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await signIn('Anna', 'wrong')).status));
    assert.equal(statuses.filter((status) => status === 401).length, 5);
  });

  test('what proxies say of the client counts only from those that are trusted', async () => {
    for (let i = 0; i < 5; i++) await from(`10.0.0.${i}`);
    assert.equal((await from('10.0.0.9')).status, 429);
  });
});

describe('a session', () => {
  let anna: Browser;
  beforeEach(async () => void (anna = await server.signedIn('Anna', ['administrator', 'owner'], [ANNAS])));

  test('ends with signing out, on the server too', async () => {
    const answer = await anna.ask('session', { method: 'DELETE' });
    assert.deepEqual([answer.status, /Max-Age=0/.test(answer.headers.get('set-cookie') ?? '')], [204, true]);
    assert.equal((await anna.ask('overview')).status, 401);
  });

  test('ends after a week without a visit, and after a month in any case', async () => {
    server.clock.now += 6 * DAY_MS;
    assert.equal((await anna.ask('overview')).status, 200);
    server.clock.now += 6 * DAY_MS;
    assert.equal((await anna.ask('overview')).status, 200);
    server.clock.now += 7 * DAY_MS + MINUTE_MS;
    assert.equal((await anna.ask('overview')).status, 401);
    const again = await browserOf(server.ask, await signIn('Anna', PASSWORD));
    for (let day = 0; day < 29; day += 5) {
      assert.equal((await again.ask('overview')).status, 200);
      server.clock.now += 5 * DAY_MS;
    }
    assert.equal((await again.ask('overview')).status, 401);
  });

  test('survives a restart', async () => {
    await using after = startTestServer({
      accounts: new Accounts({ stateDir: server.stateDir, now: () => server.clock.now }),
    });
    assert.equal((await after.ask('overview', { headers: { cookie: anna.cookie } })).status, 200);
  });

  test('is listed with the others of the account, and each can be ended', async () => {
    const phone = await browserOf(server.ask, await signIn('Anna', PASSWORD, { 'user-agent': 'a phone' }));
    const listed = z.array(SignedInPlace).parse(await (await anna.ask('sessions')).json());
    assert.deepEqual(
      listed.map(({ current, userAgent }) => [current, userAgent]),
      [
        [true, ''],
        [false, 'a phone'],
      ],
    );
    assert.equal((await anna.ask(`sessions/${listed[1]?.id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await phone.ask('overview')).status, 401);
    const ben = await server.signedIn('Ben', ['owner'], [BENS]);
    assert.equal((await ben.ask(`sessions/${listed[0]?.id}`, { method: 'DELETE' })).status, 404);
  });

  test('ends with another password, wherever it is', async () => {
    const path = `accounts/${anna.accountId}/password`;
    const body = { password: 'another good one' };
    assert.equal((await anna.ask(path, { method: 'POST', body: { ...body, present: 'wrong' } })).status, 403);
    assert.equal((await anna.ask(path, { method: 'POST', body: { ...body, present: PASSWORD } })).status, 204);
    assert.equal((await anna.ask('overview')).status, 401);
    assert.equal((await signIn('Anna', 'another good one')).status, 200);
  });

  test('changes nothing without the token of the page, which another session’s is not', async () => {
    const ben = await server.signedIn('Ben', ['owner'], [BENS]);
    for (const csrf of ['', 'guessed', ben.csrfToken]) {
      const answer = await anna.ask('session', { method: 'DELETE', headers: { 'x-holdfast-csrf': csrf } });
      assert.deepEqual([answer.status, Problem.parse(await answer.json()).code], [403, 'REQUEST_REFUSED']);
    }
    assert.equal((await anna.ask('overview', { headers: { 'x-holdfast-csrf': '' } })).status, 200);
    assert.equal(Session.parse(await (await anna.ask('session')).json()).csrfToken, anna.csrfToken);
  });
});

describe('API tokens', () => {
  test('do what their scopes say and no more than their account may', async () => {
    const looking = await server.token('Root', ['administrator'], [], ['status']);
    assert.equal((await server.ask('settings', bearing(looking))).status, 200);
    const patch = { method: 'PATCH', body: { slots: 3 }, ...bearing(looking) };
    const refused = Problem.parse(await (await server.ask('settings', patch)).json());
    assert.match(refused.message, /lacks “administer”/);
    const everything = await server.token('Anna', ['owner'], [ANNAS], ['status', 'operate', 'administer', 'content']);
    assert.equal((await server.ask('settings', { ...patch, ...bearing(everything) })).status, 403);
    const start = { method: 'POST', body: {}, ...bearing(everything) };
    assert.equal((await server.ask(`devices/${ANNAS}/backup`, start)).status, 202);
  });

  test('are told once, listed without themselves, and work no longer when removed or over', async () => {
    const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
    const expiresAt = new Date(server.clock.now + DAY_MS).toISOString();
    const make = async (): Promise<MadeToken> => {
      const body = { name: 'home automation', scopes: ['status'], expiresAt };
      return MadeToken.parse(await (await anna.ask('tokens', { method: 'POST', body })).json());
    };
    const [first, second] = [await make(), await make()];
    assert.match(first.token, /^holdfast_[\w-]{43}$/);
    assert.doesNotMatch(await (await anna.ask('tokens')).text(), /holdfast_|hash/);
    assert.equal((await server.ask('overview', bearing(first.token))).status, 200);
    assert.equal((await anna.ask(`tokens/${first.id}`, { method: 'DELETE' })).status, 204);
    assert.equal((await server.ask('overview', bearing(first.token))).status, 401);
    server.clock.now += DAY_MS;
    assert.equal((await server.ask('overview', bearing(second.token))).status, 401);
  });

  for (const wrong of ['Bearer', 'Bearer holdfast_guessed', 'Basic QW5uYTpwdw==', 'Bearer ../../x']) {
    test(`“${wrong}” is none`, async () => {
      assert.equal((await server.ask('overview', { headers: { authorization: wrong } })).status, 401);
    });
  }
});

describe('the first account', () => {
  const first = { name: 'Anna', password: PASSWORD };
  const setUp = (code: string): Promise<Response> => server.ask('setup', { method: 'POST', body: { ...first, code } });

  test('is made with the code, which stands in no answer, and has all devices', async () => {
    const code = server.accounts.setUpCode ?? '';
    assert.match(code, /^[2-9A-Z]{5}-[2-9A-Z]{5}$/);
    const before = await (await server.ask('session')).text();
    assert.deepEqual([Session.parse(JSON.parse(before)).needsSetUp, before.includes(code)], [true, false]);
    const answer = await setUp(code.toLowerCase().replace('-', ' '));
    assert.equal(answer.status, 201);
    const { account } = Session.parse(await answer.clone().json());
    assert.deepEqual(
      [account?.roles, account?.devices],
      [
        ['administrator', 'owner'],
        [ANNAS, BENS],
      ],
    );
    const anna = await browserOf(server.ask, answer);
    assert.equal((await anna.ask('settings')).status, 200);
  });

  test('cannot be guessed', async () => {
    for (let i = 0; i < 5; i++) assert.equal((await setUp(`AAAAA-AAAA${i + 2}`)).status, 403);
    assert.equal((await setUp(server.accounts.setUpCode ?? '')).status, 429);
  });

  test('is made once, also by two at once, and the code is worth nothing afterwards', async () => {
    const code = server.accounts.setUpCode ?? '';
    const both = await Promise.all([setUp(code), setUp(code)]);
    assert.deepEqual(
      both.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 403],
    );
    assert.equal((await setUp(code)).status, 403);
    assert.equal(new Accounts({ stateDir: server.stateDir }).setUpCode, undefined);
  });
});

describe('accounts', () => {
  test('an administrator makes, changes and removes them; one administrator stays', async () => {
    const root = await server.signedIn('Root', ['administrator']);
    const body = { name: 'Ben', password: PASSWORD, roles: ['owner'], devices: [BENS] };
    const ben = await browserOf(
      server.ask,
      await (async () => {
        assert.equal((await root.ask('accounts', { method: 'POST', body })).status, 201);
        return signIn('Ben', PASSWORD);
      })(),
    );
    assert.equal(
      (await root.ask('accounts', { method: 'POST', body: { ...body, name: ' BEN', devices: [] } })).status,
      409,
    );
    assert.equal((await ben.ask(`devices/${BENS}`)).status, 200);
    const patch = { method: 'PATCH', body: { devices: [] } };
    assert.equal((await root.ask(`accounts/${ben.accountId}`, patch)).status, 200);
    assert.equal((await ben.ask(`devices/${BENS}`)).status, 403);
    assert.equal((await root.ask(`accounts/${ben.accountId}`, { method: 'DELETE' })).status, 204);
    assert.equal((await ben.ask('overview')).status, 401);
    const demote = { method: 'PATCH', body: { roles: ['owner'] } };
    assert.equal((await root.ask(`accounts/${root.accountId}`, demote)).status, 403);
    assert.equal((await root.ask(`accounts/${root.accountId}`, { method: 'DELETE' })).status, 403);
  });

  test('nobody gives themselves rights', async () => {
    const anna = await server.signedIn('Anna', ['owner'], [ANNAS]);
    for (const body of [{ roles: ['administrator'] }, { devices: [ANNAS, BENS] }]) {
      assert.equal((await anna.ask(`accounts/${anna.accountId}`, { method: 'PATCH', body })).status, 403);
    }
    const own = await anna.ask(`accounts/${anna.accountId}`, { method: 'PATCH', body: { language: 'de' } });
    assert.equal(own.status, 200);
  });

  test('an administrator does not make a device theirs that has an owner', async () => {
    await server.signedIn('Anna', ['owner'], [ANNAS]);
    const root = await server.signedIn('Root', ['administrator', 'owner']);
    const take = (devices: string[]): Promise<Response> =>
      root.ask(`accounts/${root.accountId}`, { method: 'PATCH', body: { devices } });
    assert.equal((await take([ANNAS])).status, 403);
    assert.equal((await take([BENS])).status, 200);
  });
});

test('a password is compared as it looks, however its accents were typed', async () => {
  const hasher = createPasswordHasher({ memoryKiB: 32, passes: 2, lanes: 1 });
  const kept = await hasher.hash('Schlu\u0308ssel-Bund');
  assert.equal((await hasher.verify('Schl\u00fcssel-Bund', kept)).matches, true);
});
