/** What pages do when devices and versions come and go while they are open. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { ANNA } from './fixtures/devices.ts';
import { visitIn, type Visited } from './visit.ts';

let browser: Browser;

before(async () => {
  browser = await openBrowser();
});

after(() => browser.close());

const visit = (...what: Visited): Promise<void> => visitIn(browser, ...what);

describe('a page that stays open', () => {
  test('begins a first phone where another one is set up, and stays with it when it is', () =>
    visit('family', '/', async (page, { address }) => {
      const isSetUp = await withAnswers(page, ({ devices: [anna] }) => [anna]);
      await page.goto(`${address}/first-phone`);
      await page.getByText('Anna’s iPhone is in reach and set up already.').waitFor();
      isSetUp.become(({ devices: [anna, ben] }) => [anna, { ...ben, trusted: false, snapshots: 0 }]);
      await page.getByText('Ben’s iPhone asks whether it may trust this computer.').waitFor();
      isSetUp.become(({ devices: [anna, ben] }) => [anna, ben]);
      await page.getByText('Ben’s iPhone is set up, and its first version is safe.').waitFor();
    }));

  test('a restore waits for its device, and stays in sight when that restarts and has a newer version', () =>
    visit('family', '/', async (page, { address }) => {
      const here = await withAnswers(page, ({ devices }) => devices.map((each) => ({ ...each, link: undefined })));
      await page.goto(`${address}/restore?device=${ANNA}`);
      await page.getByText('No device is connected.').waitFor();
      const rehearse = page.getByRole('button', { name: 'Rehearse' });
      here.become(({ devices }) => devices);
      await rehearse.waitFor();
      here.become(({ devices }) => devices.map((each) => ({ ...each, link: undefined })));
      await page.getByText('Anna’s iPhone is not connected. Connect it with a cable').waitFor();
      assert.equal(await rehearse.isDisabled(), true);
      here.become(({ devices }) => devices);
      await rehearse.click();
      await page.getByLabel(/^I know that what is on/).check();
      await page.getByRole('button', { name: 'Restore now' }).click();
      await page.getByText('It is restored.').waitFor();
      await page.route('**/snapshots', async (route) => {
        const versions = (await (await route.fetch()).json()) as Record<string, unknown>[];
        await route.fulfill({ json: [{ ...versions[0], id: 'safety00', name: 'Backed up first' }, ...versions] });
      });
      here.become(({ devices }) => devices.map((each) => ({ ...each, link: undefined })));
      await page.getByRole('option', { name: 'Anna’s iPhone (not connected)' }).waitFor({ state: 'attached' });
      await page.getByRole('option', { name: /Backed up first/ }).waitFor({ state: 'attached' });
      assert.equal(await page.getByText('It is restored.').isVisible(), true);
    }));

  test('what is being taken out is called as the page calls it, in its language, and found again by whoever left', () =>
    visit('family', '/', async (page, { address }) => {
      await page.evaluate(`localStorage.setItem('holdfast-language', 'de')`);
      const running = {
        id: 't',
        state: 'running',
        startedAt: new Date().toISOString(),
        notes: [],
        name: 'a',
        onDisk: true,
      };
      const told = { ...running, step: 'Notes', stepKind: 'notes' };
      const begun: unknown[] = [];
      await page.route(/\/take-out(\/t)?$/, async (route) => {
        const isList = route.request().method() === 'GET' && !route.request().url().endsWith('/t');
        if (route.request().method() === 'POST') begun.push(told);
        await route.fulfill({ json: isList ? { takeOuts: begun } : told });
      });
      await page.goto(`${address}/versions/1a2b3c4d/take-out?kinds=notes`);
      await page.getByRole('button', { name: 'Zusammenstellen' }).click();
      await page.getByText('Wird zusammengestellt: Notizen').waitFor();
      await page.goto(`${address}/versions/1a2b3c4d/photos`);
      await page.goto(`${address}/versions/1a2b3c4d/take-out?kinds=notes`);
      await page.getByText('Wird zusammengestellt: Notizen').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Zusammenstellen' }).isVisible(), false);
    }));
});

type Devices = (told: { devices: Record<string, unknown>[] }) => (Record<string, unknown> | undefined)[];

/** Has the overview tell of other devices than are made up, and of others again when they change. */
async function withAnswers(page: Page, first: Devices): Promise<{ become: (next: Devices) => void }> {
  let devices = first;
  let changed = Promise.withResolvers<void>();
  await page.route('**/api/v1/overview', async (route) => {
    const overview = (await (await route.fetch()).json()) as Parameters<Devices>[0];
    await route.fulfill({ json: { ...overview, devices: devices(overview) } });
  });
  await page.route('**/api/v1/events', async (route) => {
    await changed.promise;
    changed = Promise.withResolvers();
    const event = JSON.stringify({ event: 'snapshots', udid: ANNA });
    // What is fulfilled is also over: the page listens again at once.
    await route.fulfill({ contentType: 'text/event-stream', body: `retry: 1\n\ndata: ${event}\n\n` });
  });
  return {
    become: (next) => {
      devices = next;
      changed.resolve();
    },
  };
}
