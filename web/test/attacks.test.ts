/** What attackers try through somebody's browser, against the real server with the built interface. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ANNAS, FakeService } from '../../src/server/fake-service.test-helper.ts';
import { findWebRoot, listen, openWebFiles, type Listening } from '../../src/server/index.ts';
import { PASSWORD, startTestServer, type TestServer } from '../../src/server/server.test-helper.ts';
import { SILENT_LOGGER } from '../../src/shared/logger.ts';

const CHROMIUM = process.env['HOLDFAST_CHROMIUM'] ?? '/usr/bin/chromium';
/** Runs where a page takes text for markup, or loads what it should not. */
const HOSTILE = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>" onmouseover="window.pwned=1`;

/** A service whose devices have names that somebody chose badly. */
class HostileService extends FakeService {
  override async overview(): ReturnType<FakeService['overview']> {
    const overview = await super.overview();
    return { ...overview, devices: overview.devices.map((device) => ({ ...device, name: HOSTILE, model: HOSTILE })) };
  }

  override async device(udid: string): ReturnType<FakeService['device']> {
    const device = await super.device(udid);
    return device && { ...device, name: HOSTILE };
  }

  override async *events(signal: AbortSignal): ReturnType<FakeService['events']> {
    for await (const event of super.events(signal)) {
      yield event.event === 'device' ? { ...event, device: { ...event.device, name: HOSTILE, model: HOSTILE } } : event;
    }
  }

  override async snapshots(udid?: string): ReturnType<FakeService['snapshots']> {
    const snapshots = await super.snapshots(udid);
    return snapshots.map((snapshot) => ({ ...snapshot, deviceName: HOSTILE, name: HOSTILE, note: HOSTILE }));
  }
}

let server: TestServer;
let service: HostileService;
let listening: Listening;
let evil: { readonly port: number; close(): void };
let browser: Browser;

before(async () => {
  const stateDir = startTestServer();
  service = new HostileService(stateDir.stateDir);
  await stateDir[Symbol.asyncDispose]();
  server = startTestServer({ service, web: openWebFiles(findWebRoot()) });
  const roles = ['administrator', 'owner'] as const;
  await server.accounts.book.create({
    name: 'Anna',
    password: PASSWORD,
    roles: [...roles],
    devices: [ANNAS],
    language: 'en',
  });
  listening = await listen(server.app, { host: '127.0.0.1', port: 0, log: SILENT_LOGGER });
  evil = await serveEvil();
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--no-first-run',
      // As an attacker's name server answers.
      '--host-resolver-rules=MAP attacker.example 127.0.0.1',
    ],
  });
});

after(async () => {
  await browser.close();
  evil.close();
  await listening[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test('a name that leads here gets neither the interface nor an answer', async () => {
  const page = await browser.newPage();
  const answer = await page.goto(`http://attacker.example:${listening.port}/`);
  assert.equal(answer?.status(), 403);
  assert.doesNotMatch(await page.content(), /<title>Holdfast/);
  const asked = await page.goto(`http://attacker.example:${listening.port}/api/v1/session`);
  assert.equal(asked?.status(), 403);
  await page.close();
});

describe('while somebody is signed in', () => {
  let page: Page;
  before(async () => {
    page = await signedIn();
  });
  after(() => page.context().close());

  test('names from devices are shown as text: nothing of them runs', async () => {
    const blocked: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) blocked.push(message.text());
    });
    for (const path of ['', 'alarms', 'settings', `devices/${ANNAS}`, `devices/${ANNAS}/history`]) {
      await page.goto(listening.url + path, { waitUntil: 'networkidle' });
      assert.equal(await page.evaluate('window.pwned'), undefined, path);
      assert.equal(await page.locator('img[src="x"]').count(), 0, path);
    }
    await page.goto(listening.url, { waitUntil: 'networkidle' });
    assert.match(await page.innerText('body'), /<img src=x onerror=/);
    assert.deepEqual(blocked, []);
  });

  test('a script that got into a page all the same does not run, and finds no cookie', async () => {
    await page.goto(listening.url);
    const ran = await page.evaluate(`new Promise((done) => {
      const script = document.createElement('script');
      script.textContent = 'window.pwned = 1';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="window.pwned = 1">');
      setTimeout(() => done([window.pwned, document.cookie]), 100);
    })`);
    assert.deepEqual(ran, [undefined, '']);
    const sent = page.evaluate(`fetch('http://127.0.0.1:${evil.port}/').then(() => 'sent', () => 'blocked')`);
    assert.equal(await sent, 'blocked');
  });

  for (const origin of ['attacker.example', 'localhost']) {
    test(`a page of ${origin} changes nothing and reads nothing`, async () => {
      service.putJob({ id: 'running', kind: 'backup', state: 'running', udid: ANNAS });
      const known = service.jobs().length;
      const foreign = await page.context().newPage();
      await foreign.goto(`http://${origin}:${evil.port}/`);
      const read = await foreign.evaluate(`(async () => {
        const api = ${JSON.stringify(listening.url)} + 'api/v1/';
        const backup = api + 'devices/${ANNAS}/backup';
        const tries = [
          fetch(api + 'overview', { credentials: 'include' }),
          fetch(api + 'overview', { credentials: 'include', mode: 'no-cors' }),
          fetch(backup, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' }),
          fetch(backup, { method: 'POST', credentials: 'include', body: '{}', headers: { 'content-type': 'application/json' } }),
          fetch(api + 'jobs/running', { method: 'DELETE', credentials: 'include' }),
        ];
        const form = document.createElement('form');
        Object.assign(form, { method: 'POST', action: backup, enctype: 'text/plain', target: 'hole' });
        document.body.append(form);
        form.submit();
        return Promise.all(tries.map((each) => each.then((answer) => answer.text(), () => 'refused')));
      })()`);
      assert.deepEqual(
        read,
        Array.from({ length: 5 }, () => 'refused'),
      );
      await foreign.waitForTimeout(200);
      assert.deepEqual([service.jobs().length, service.job('running')?.state], [known, 'running']);
      await foreign.close();
    });
  }

  test('no other page shows the interface inside itself', async () => {
    const foreign = await page.context().newPage();
    await foreign.goto(`http://localhost:${evil.port}/`);
    await foreign.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.src = ${JSON.stringify(listening.url)};
      frame.onload = done;
      document.body.append(frame);
    })`);
    const inside = foreign.frames().at(-1);
    assert.doesNotMatch((await inside?.content()) ?? '', /Holdfast/);
    await foreign.close();
  });
});

test('who guesses is told to wait, and so is who knows', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(listening.url, { waitUntil: 'networkidle' });
  for (let i = 0; i < 6; i++) {
    await page.getByLabel('Name').fill('Ben');
    await page.getByLabel('Password', { exact: true }).fill(`guess ${i}`);
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await page.keyboard.press('Enter');
    const status = (await answered).status();
    assert.equal(status, i < 5 ? 401 : 429);
  }
  await page
    .getByText(/too many|wait|seconds|minute/i)
    .first()
    .waitFor();
  await context.close();
});

async function signedIn(): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(listening.url, { waitUntil: 'networkidle' });
  await page.getByLabel('Name').fill('Anna');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' }).waitFor();
  return page;
}

/** A page of somebody else, by whatever name it is reached. */
async function serveEvil(): Promise<{ port: number; close(): void }> {
  const evilServer = createServer((_request, answer) => {
    answer.writeHead(200, { 'Content-Type': 'text/html', 'Access-Control-Allow-Origin': '*' });
    answer.end('<!doctype html><title>Win a phone</title><iframe name="hole"></iframe>');
  });
  await new Promise<void>((ready) => void evilServer.listen(0, '127.0.0.1', ready));
  const address = evilServer.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port');
  return { port: address.port, close: () => void evilServer.close() };
}
