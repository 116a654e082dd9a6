/** `holdfast serve` as people run it, asked over HTTP as browsers and programs ask it. */
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { z } from 'zod';
import { Job, Overview, Session, SnapshotSummary } from '../../src/contract/index.ts';
import { eventsOf } from '../support/events-of.ts';
import { holdfast, startHoldfast, type RunningCli } from '../support/holdfast-cli.ts';
import { ManyPhones } from '../support/many-phones.ts';

const PASSWORD = 'correct horse battery';
const JSON_TYPE = { 'content-type': 'application/json' };

interface Serving extends AsyncDisposable {
  readonly api: string;
  readonly setUpCode: string;
  readonly cli: RunningCli;
}

describe('with a phone', () => {
  test('the first account is made with the code, a backup runs, and is followed to its end', async () => {
    await using many = await ManyPhones.start(1);
    const udid = many.phones[0]?.udid ?? '';
    await using serving = await serve(many.env);
    const { api } = serving;
    const wrong = await setUp(api, 'AAAAA-AAAAA');
    assert.equal(wrong.status, 403);
    const answer = await setUp(api, serving.setUpCode);
    assert.equal(answer.status, 201);
    const { csrfToken = '', account } = Session.parse(await answer.json());
    const headers = { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', 'x-holdfast-csrf': csrfToken };

    const events = await fetch(`${api}/events`, { headers });
    const follower = eventsOf(events);
    const seen = await follower((event) => event.event === 'device' && event.device.udid === udid);
    assert.equal(seen.event, 'device');
    const session = Session.parse(await (await fetch(`${api}/session`, { headers })).json());
    assert.deepEqual([session.account?.id, session.account?.devices], [account?.id, [udid]]);

    // As a browser comes back whose stream ended: because what the account may see is more than before.
    const again = eventsOf(await fetch(`${api}/events`, { headers }));
    const started = await fetch(`${api}/devices/${udid}/backup`, {
      method: 'POST',
      headers: { ...headers, ...JSON_TYPE },
      body: '{}',
    });
    assert.equal(started.status, 202);
    const { id } = Job.parse(await started.json());
    const ended = await again(
      (event) => event.event === 'job' && event.job.id === id && event.job.endedAt !== undefined,
    );
    assert.ok(ended.event === 'job');
    assert.equal(ended.job.state, 'done');
    const versions = await fetch(`${api}/devices/${udid}/snapshots`, { headers });
    const [version] = z.array(SnapshotSummary).parse(await versions.json());
    assert.equal(version?.id, ended.job.snapshot);
    const overview = Overview.parse(await (await fetch(`${api}/overview`, { headers })).json());
    assert.equal(overview.devices[0]?.lastBackup?.snapshot, version?.id);
  });
});

describe('without one', () => {
  let home: string;
  let env: Record<string, string>;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'holdfast-'));
    env = { HOME: home, HOLDFAST_HOME: home, USBMUXD_SOCKET_ADDRESS: `UNIX:${home}/none` };
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  test('accounts made beside it can sign in at once, and another password signs them out', async () => {
    await using serving = await serve(env);
    const passwords = [join(home, 'first'), join(home, 'second')] as const;
    await writeFile(passwords[0], `${PASSWORD}\n`);
    await writeFile(passwords[1], 'another good one\n');
    const made = await holdfast(['accounts', 'add', 'Anna', '--password-file', passwords[0], '--json'], { env });
    assert.deepEqual([made.status, made.events[0]?.['roles']], [0, ['administrator', 'owner']]);
    const signedIn = await signIn(serving.api, 'anna', PASSWORD);
    assert.equal(signedIn.status, 200);
    const headers = { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' };
    assert.equal((await fetch(`${serving.api}/settings`, { headers })).status, 200);
    assert.equal((await setUp(serving.api, serving.setUpCode)).status, 403);

    const changed = await holdfast(['accounts', 'password', 'anna', '--password-file', passwords[1]], { env });
    assert.match(changed.stdout, /signed out/);
    assert.equal((await fetch(`${serving.api}/settings`, { headers })).status, 401);
    assert.equal((await signIn(serving.api, 'Anna', PASSWORD)).status, 401);
    const listed = await holdfast(['accounts'], { env });
    assert.match(listed.stdout, /Anna +administrator, owner/);
    const last = await holdfast(['accounts', 'remove', 'Anna'], { env });
    assert.deepEqual([last.status, /no administrator would be left/.test(last.stderr)], [62, true]);
    assert.equal((await holdfast(['accounts', 'remove', 'Nobody'], { env })).status, 65);
  });

  test('it does not listen to the network without encryption, nor before there is an account', async () => {
    const open = await holdfast(['serve', '--host', '0.0.0.0', '--port', '0', '--no-network', '--json'], { env });
    assert.deepEqual([open.status, open.error?.['code']], [68, 'LISTENING_REFUSED']);
    assert.match(String(open.error?.['message']), /not encrypted/);
    await writeFile(join(home, 'settings.json'), JSON.stringify({ server: { allowPlainHttp: true } }));
    const empty = await holdfast(['serve', '--host', '0.0.0.0', '--port', '0', '--no-network', '--json'], { env });
    assert.match(String(empty.error?.['message']), /no account yet/);
  });

  test('a page that comes by a foreign name gets nothing; a name that is added works at once', async () => {
    await using serving = await serve(env);
    const { port } = new URL(serving.api);
    assert.equal(await statusBy('attacker.example', port), 403);
    assert.equal(await statusBy('nas.lan', port), 403);
    await writeFile(join(home, 'settings.json'), JSON.stringify({ server: { hosts: ['nas.lan'] } }));
    for (let tries = 0; (await statusBy('nas.lan', port)) !== 200; tries++) {
      assert.ok(tries < 100, 'the settings were not read again');
      await new Promise((go) => void setTimeout(go, 100));
    }
    assert.equal(await statusBy('attacker.example', port), 403);
  });

  test('it ends when it is told to, also while somebody follows events', async () => {
    const serving = await serve(env);
    await setUp(serving.api, serving.setUpCode);
    const signedIn = await signIn(serving.api, 'Anna', PASSWORD);
    const headers = { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '' };
    const events = await fetch(`${serving.api}/events`, { headers });
    await serving[Symbol.asyncDispose]();
    await events.text();
    assert.equal((await serving.cli.ended).status, 0);
  });
});

/** Starts the service and waits until it answers. It is told to stop with SIGTERM. */
async function serve(env: Readonly<Record<string, string>>): Promise<Serving> {
  const { promise, resolve } = Promise.withResolvers<{ url: string; setUpCode: string }>();
  const cli = startHoldfast(['serve', '--port', '0', '--no-network', '--json'], {
    env,
    onEvent: (event) => {
      if (event['event'] === 'serving') resolve({ url: String(event['url']), setUpCode: String(event['setUpCode']) });
    },
  });
  const early = cli.ended.then((result) => assert.fail(`the service ended: ${result.stderr}`));
  const { url, setUpCode } = await Promise.race([promise, early]);
  early.catch(() => undefined);
  return {
    api: `${url}api/v1`,
    setUpCode,
    cli,
    async [Symbol.asyncDispose]() {
      cli.process.kill('SIGTERM');
      await cli.ended;
    },
  };
}

function setUp(api: string, code: string): Promise<Response> {
  const body = JSON.stringify({ code, name: 'Anna', password: PASSWORD });
  return fetch(`${api}/setup`, { method: 'POST', headers: JSON_TYPE, body });
}

function signIn(api: string, name: string, password: string): Promise<Response> {
  return fetch(`${api}/session`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ name, password }) });
}

/** As a browser asks whose page came by this name. */
async function statusBy(host: string, port: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/health', headers: { host } }, (answer) => {
    answer.resume();
    resolve(answer.statusCode ?? 0);
  });
  request.once('error', reject).end();
  return promise;
}
