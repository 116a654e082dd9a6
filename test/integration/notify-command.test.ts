/** `holdfast notify` as people run it, against real servers on loopback. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closedPort, PASSWORD, startMailServer, startWebServer, USER } from '../../src/notify/loopback.test-helper.ts';
import { holdfast, type CliResult } from '../support/holdfast-cli.ts';

let home = '';
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'holdfast-'));
});
after(() => rm(home, { recursive: true, force: true }));

const run = (...words: string[]): Promise<CliResult> =>
  holdfast(['notify', ...words], { env: { HOME: home, HOLDFAST_HOME: home } });

async function settle(notify: object): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'settings.json'), JSON.stringify({ notify }));
}

test('without anything set up it says what to do', async () => {
  const { status, stdout } = await run();
  assert.equal(status, 0);
  assert.match(stdout, /^Nobody is told of alarms yet\. docs\/alarms\.md .*settings\.json/);
  assert.match((await run('test')).stdout, /no channel is set up/);
});

test('a channel is given its secret, tested and listed, and the secret is shown nowhere', async () => {
  await using mail = await startMailServer({ authOptional: false, allowInsecureAuth: true });
  await using web = await startWebServer();
  const to = ['anna@example.org'];
  const sender = 'nas@example.org';
  const broken = {
    kind: 'ntfy',
    id: 'broken',
    server: `http://localhost:${await closedPort()}`,
    topic: 'quiet-family',
  };
  await settle({
    channels: [
      { id: 'mail', kind: 'mail', host: 'localhost', port: mail.port, security: 'none', user: USER, sender, to },
      { id: 'hook', kind: 'webhook' },
      broken,
    ],
    ping: {},
  });
  const without = await run('test', 'mail', '--json');
  assert.deepEqual([without.status, without.events[0]?.['code']], [56, 'TELLING_FAILED']);

  const files = { mail: join(home, 'password'), url: join(home, 'address') };
  await writeFile(files.mail, `${PASSWORD}\n`);
  await writeFile(files.url, `${web.url}/secret-path\n`);
  assert.equal((await run('secret', 'mail', '--secret-file', files.mail)).status, 0);
  assert.equal((await run('secret', 'hook', '--url', '--secret-file', files.url)).status, 0);
  assert.equal((await run('secret', 'ping', '--url', '--secret-file', files.url)).status, 0);
  assert.equal((await run('secret', 'nobody', '--secret-file', files.mail)).status, 65);

  const all = await run('test', '--json');
  assert.equal(all.status, 56);
  assert.deepEqual(
    all.events.map(({ channel, code }) => `${String(channel)} ${String(code)}`),
    ['mail null', 'hook null', 'broken TELLING_FAILED', 'ping null'],
  );
  assert.match(mail.mails[0]?.raw ?? '', /This is a test: messages by/);
  assert.deepEqual(
    web.requests.map(({ method, path }) => `${method} ${path}`),
    ['POST /secret-path', 'GET /secret-path'],
  );

  const listed = await run('list');
  assert.match(listed.stdout, /mail +mail +anna@example\.org +never +0 +ready/);
  assert.match(listed.stdout, /hook +webhook +a sealed address/);
  const everything = [without, all, listed, await run('test')].map(({ stdout, stderr }) => stdout + stderr).join('');
  assert.doesNotMatch(everything, new RegExp(`secret-path|quiet-family|${PASSWORD}`));

  assert.equal((await run('secret', 'mail', '--forget')).status, 0);
  assert.equal((await run('test', 'mail')).status, 56);
});

test('settings that mean nothing are named with their place', async () => {
  await settle({ channels: [{ id: 'mail', kind: 'mail', host: 'mail.example.org', sender: 'me', to: [] }] });
  const { error } = await run('list', '--json');
  assert.equal(error?.['code'], 'SETTINGS_INVALID');
  assert.match(String(error?.['message']), /notify\.channels\.0\.sender: Invalid|mail address/);
});
