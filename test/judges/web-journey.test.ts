/**
 * A family's way through the web interface in Debian's Chromium, against the service as it is started and a virtual
 * iPhone that watches every word: the first account, the first phone, a backup, looking, searching, taking out, a
 * restore, an alarm. Every page on the way is given to axe.
 *
 * HOLDFAST_PICTURES=FOLDER keeps a picture of each page.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { objections } from '../../web/test/axe.ts';
import { openBrowser } from '../../web/test/browser.ts';
import { contentsOf } from '../support/compare.ts';
import { HOLDFAST } from '../support/holdfast-cli.ts';
import { readZip } from '../support/zip.ts';
import { eventually, JudgedPhone, run } from './harness.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BACKUP_PASSWORD = 'correct horse';
/** Nothing here takes longer, even on a busy machine. */
const PATIENCE_MS = 60_000;
const PICTURES = process.env['HOLDFAST_PICTURES'];

describe('from the first account to a restored phone', () => {
  let judged: JudgedPhone;
  let service: Service;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const built = await run(process.execPath, [join(ROOT, 'web', 'build-if-changed.ts')], { cwd: ROOT });
    assert.equal(built.status, 0, built.stderr);
    judged = await JudgedPhone.start({ passcode: { mode: 'accept', delayMs: 200 } });
    service = await Service.start(judged);
    browser = await openBrowser();
    const context = await browser.newContext({ locale: 'en-GB', acceptDownloads: true });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => assert.fail(error));
  });

  after(async () => {
    await browser?.close();
    await service?.stop();
    await judged?.[Symbol.asyncDispose]();
  });

  test('whoever has the code makes the first account', async () => {
    await page.goto(service.url);
    await page.getByLabel('Code').fill(service.setUpCode);
    await page.getByLabel('Name').fill('anna');
    await page.getByLabel('Password', { exact: true }).fill('a long enough password');
    await look(page, 'set-up');
    await page.locator('[type=submit]').click();
    await page.getByRole('navigation').first().waitFor();
  });

  test('the first phone is set up, encrypted and backed up', async () => {
    await page.goto(`${service.url}first-phone`);
    await page.getByRole('button', { name: 'Have it ask' }).click();
    await page.getByLabel('New password').fill(BACKUP_PASSWORD);
    await page.getByLabel('The same once more').fill(BACKUP_PASSWORD);
    await page.getByLabel('Keep the password sealed on this computer').uncheck();
    await look(page, 'first-phone-encryption');
    await page.getByRole('button', { name: 'Turn encryption on' }).click();
    await page.getByRole('button', { name: 'That is fine' }).click();
    await page.getByRole('button', { name: 'Start the first backup' }).click();
    await page.getByText('is set up, and its first version is safe').waitFor();
    await look(page, 'first-phone-done');
  });

  test('home says whether it is safe, and an alarm that nobody has shown the password', async () => {
    await page.goto(service.url);
    await page.getByRole('heading', { level: 2, name: /iPhone/ }).waitFor();
    await look(page, 'home');
    await page.goto(`${service.url}alarms`);
    await page
      .getByText(/nobody has shown that the password/)
      .first()
      .waitFor();
    await look(page, 'alarms');
  });

  test('its version opens with its password, and shows what is in it', async () => {
    await page.goto(`${service.url}devices/${judged.phone.udid}`);
    await look(page, 'device');
    await page
      .getByRole('link', { name: /^Open the version of/ })
      .first()
      .click();
    await page.locator('input[type=password]').fill(BACKUP_PASSWORD);
    await page.locator('[type=submit]').click();
    await page
      .getByRole('link', { name: /Messages/ })
      .first()
      .waitFor();
    await look(page, 'version');
  });

  test('a conversation looks like one, and is taken out', async () => {
    await page
      .getByRole('link', { name: /Messages/ })
      .first()
      .click();
    await page.getByRole('link', { name: /^Jürgen Weißenböck/ }).click();
    await page.getByText('Hast du den Schlüssel für den Fahrradkeller?').last().waitFor();
    await look(page, 'messages');
    await page.getByRole('button', { name: 'Take out the conversation' }).click();
    await page.getByRole('dialog').getByLabel('As').selectOption('txt');
    await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
    const save = page.getByRole('dialog').getByRole('link', { name: 'Save' });
    await save.waitFor();
    const coming = page.waitForEvent('download');
    await save.click();
    const zip = readZip(await readFile(await (await coming).path()));
    assert.ok(
      [...zip.values()].some((content) => content.toString().includes('Fahrradkeller')),
      [...zip.keys()].join(),
    );
  });

  test('a search finds it again', async () => {
    await page.getByRole('searchbox').fill('Fahrradkeller');
    await page.keyboard.press('Enter');
    await page
      .getByText(/Schlüssel für den/)
      .first()
      .waitFor();
    await look(page, 'search');
  });

  test('the phone is restored after a rehearsal, and holds what the version held', async () => {
    const held = contentsOf(judged.phone);
    await page.goto(`${service.url}restore?device=${judged.phone.udid}`);
    await page.getByLabel('Password of the backup').fill(BACKUP_PASSWORD);
    await page.getByLabel('Back up what is on the device first').uncheck();
    await page.getByRole('button', { name: 'Rehearse' }).click();
    await page.getByText('It would work.').waitFor();
    await look(page, 'restore-rehearsed');
    await page.getByLabel(/^I know that what is on/).check();
    await page.getByRole('button', { name: 'Restore now' }).click();
    await page.getByText('It is restored.').waitFor();
    await eventually('the phone is back', () => contentsOf(judged.phone).size === held.size);
    assert.deepEqual(judged.phone.breaches.list(), []);
  });
});

/** `holdfast serve` in a process of its own, with nothing of this computer but the judged phone. */
class Service {
  readonly url: string;
  readonly setUpCode: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, url: string, setUpCode: string) {
    this.#process = child;
    this.url = url;
    this.setUpCode = setUpCode;
  }

  static async start(judged: JudgedPhone): Promise<Service> {
    const child = spawn(process.execPath, [HOLDFAST, 'serve', '--port', '0', '--no-network', '--json'], {
      env: {
        PATH: process.env['PATH'],
        HOLDFAST_HOME: join(judged.directory, 'home'),
        USBMUXD_SOCKET_ADDRESS: `UNIX:${judged.socketPath}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const event: unknown = JSON.parse(line);
      if (isServing(event)) return new Service(child, event.url, event.setUpCode);
    }
    throw new Error('the service did not start');
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
  }
}

function isServing(event: unknown): event is { url: string; setUpCode: string } {
  return (
    typeof event === 'object' &&
    event !== null &&
    'url' in event &&
    typeof event.url === 'string' &&
    'setUpCode' in event &&
    typeof event.setUpCode === 'string'
  );
}

/** Gives a page to axe, and keeps a picture of it where pictures are wanted. */
async function look(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(300);
  if (PICTURES !== undefined) {
    await mkdir(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `journey-${name}.png`), fullPage: true });
  }
  assert.deepEqual(await objections(page), [], `axe on ${name}`);
}
