/** What pages do when somebody uses them, by keyboard above all. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { serveFixtures } from './fixture-server.ts';
import { BEN } from './fixtures/devices.ts';
import { visitIn, type Visited } from './visit.ts';

let browser: Browser;

before(async () => {
  browser = await openBrowser();
});

after(() => browser.close());

describe('the keyboard', () => {
  test('reaches the content with the first key', () =>
    visit('family', '/', async (page) => {
      await page.keyboard.press('Tab');
      await focusReaches(page, 'text', 'To the content');
      await page.keyboard.press('Enter');
      await focusReaches(page, 'id', 'content');
    }));

  test('goes to pages, whose titles take the focus and name the tab', () =>
    visit('family', '/', async (page) => {
      await page.keyboard.press('g');
      await page.keyboard.press('a');
      await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor();
      await focusReaches(page, 'text', 'Alarms');
      assert.equal(await page.title(), 'Alarms · Holdfast');
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Something is at risk' }).waitFor();
    }));

  test('comes back to where a page was left', () =>
    visit('family', '/', async (page) => {
      await page.setViewportSize({ width: 360, height: 600 });
      await page.evaluate('window.scrollTo(0, 700)');
      await page.waitForFunction('window.scrollY === 700');
      await page.keyboard.press('g');
      await page.keyboard.press('a');
      await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor();
      assert.equal(await page.evaluate('window.scrollY'), 0);
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Something is at risk' }).waitFor();
      await page.waitForFunction('window.scrollY === 700');
    }));

  test('lists its shortcuts, and closes the list with Escape', () =>
    visit('empty', '/', async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }));

  test('goes through a menu and gives the focus back', () =>
    visit('family', '/alarms', async (page) => {
      const button = page.locator('[aria-haspopup=menu]').first();
      await button.focus();
      await page.keyboard.press('Enter');
      await page.locator('[role=menuitem]:focus').waitFor();
      await page.keyboard.press('ArrowDown');
      await focusReaches(page, 'text', 'Keep quiet: For a week');
      await page.keyboard.press('Escape');
      await focusReaches(page, 'label', 'More');
      await button.and(page.locator('[aria-expanded=false]')).waitFor();
    }));

  test('gives the focus back when a dialog is closed, and begins in its first field', () =>
    visit('empty', '/you', async (page) => {
      const button = page.getByRole('button', { name: 'Make a token' });
      await button.click();
      await page.getByRole('dialog').waitFor();
      await page.getByLabel('What it is for').and(page.locator(':focus')).waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await focusReaches(page, 'text', 'Make a token');
    }));

  test('types a question mark into a field', () =>
    visit('family', '/you', async (page) => {
      await page.getByLabel('Present password').focus();
      await page.keyboard.type('g?');
      assert.equal(await page.getByRole('dialog').count(), 0);
    }));
});

describe('signing in', () => {
  test('says what is wrong, then shows the page that was asked for', () =>
    visit('signed-out', '/alarms', async (page, { changes }) => {
      await page.getByLabel('Name').fill('Anna');
      await page.getByRole('textbox', { name: 'Password' }).fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      await page.getByRole('textbox', { name: 'Password' }).fill('a good password');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Alarms' }).waitFor();
      assert.deepEqual(changes.at(-1), { what: 'POST session', body: { name: 'Anna', password: 'a good password' } });
    }));

  test('checks the first account before it is sent, and leads to the first field that is wrong', () =>
    visit('set-up', '/', async (page, { changes }) => {
      await page.getByLabel('Code').fill('ABCD-EFGH');
      await page.getByRole('textbox', { name: 'Password' }).fill('short');
      await page.keyboard.press('Enter');
      await page.getByText('Something has to stand here').waitFor();
      await page.getByLabel('Your name').and(page.locator(':focus')).waitFor();
      assert.deepEqual(changes, []);
    }));
});

describe('working with it', () => {
  test('backs up at a word and says so', () =>
    visit('family', '/', async (page, { changes }) => {
      await page.getByRole('button', { name: /Back up now.*Ben’s iPhone/ }).click();
      await page.getByText('Ben’s iPhone is being backed up.').waitFor();
      assert.deepEqual(changes, [{ what: `POST devices/${BEN}/backup`, body: {} }]);
    }));

  test('opens the sheet by itself when a device asks for its passcode', () =>
    visit('passcode', '/settings', async (page) => {
      await page.getByText('Ben’s iPhone asks for its passcode').first().waitFor();
    }));

  test('asks before it stops a backup', () =>
    visit('passcode', '/', async (page, { changes }) => {
      await page.getByRole('button', { name: 'Stop' }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Let it go on' }).click();
      assert.deepEqual(changes, []);
      await page.getByRole('button', { name: 'Stop' }).first().click();
      await page.getByRole('button', { name: 'Stop it' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      assert.deepEqual(changes, [{ what: 'DELETE jobs/job-3', body: undefined }]);
    }));

  test('says when the service does not answer any more, and leaves what it knew', () =>
    visit('empty', '/settings', async (page, server) => {
      await page.getByRole('heading', { name: 'When' }).waitFor();
      await server[Symbol.asyncDispose]();
      await page.getByText('Holdfast does not answer at the moment.').waitFor();
      await page.getByRole('heading', { name: 'When' }).waitFor();
    }));

  test('sends of the settings only what was changed', () =>
    visit('empty', '/settings', async (page, { changes }) => {
      await page.getByLabel('Only while it is locked').uncheck();
      await page.getByLabel('How often', { exact: true }).selectOption('48');
      await page.getByLabel('Only between certain times').uncheck();
      await page
        .getByText(
          'Once 2 days have passed since its last backup, it is backed up as soon as it is at home and on power.',
        )
        .waitFor();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved.').waitFor();
      assert.deepEqual(changes, [
        { what: 'PATCH settings', body: { rule: { everyHours: 48, locked: false, window: null } } },
      ]);
    }));

  test('adds a copy on a second disk, says what is wrong first, and fills it', () =>
    visit('empty', '/copies', async (page, { changes }) => {
      await page.getByRole('button', { name: 'Add a copy' }).click();
      await page.getByLabel('Folder', { exact: true }).fill('media/usb');
      await page.getByRole('button', { name: 'Add the copy' }).click();
      await page.getByText('This cannot be understood').first().waitFor();
      assert.deepEqual(changes, []);
      await page.getByLabel('Folder', { exact: true }).fill('/media/usb/holdfast');
      await page.getByLabel('Name', { exact: true }).fill('usb-disk');
      await page.getByLabel('How often').selectOption('168');
      await page.getByRole('button', { name: 'Add the copy' }).click();
      await page.getByText('is on the same disk as what it copies').waitFor();
      await page.getByRole('button', { name: 'Fill it now' }).click();
      await page.getByText('The copy “usb-disk” is being brought up to date.').waitFor();
      const folder = { kind: 'folder', name: 'usb-disk', dir: '/media/usb/holdfast', everyHours: 168, offSite: false };
      assert.deepEqual(changes, [
        { what: 'POST copies', body: folder },
        { what: 'POST copies/usb-disk/run', body: {} },
      ]);
    }));

  test('forgets a copy only after it has said what stays', () =>
    visit('family', '/copies', async (page, { changes }) => {
      await page.getByRole('button', { name: 'More about cellar-disk' }).click();
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      await page.getByText('What lies in /media/cellar-disk/holdfast stays there').waitFor();
      await page.getByRole('button', { name: 'Forget it' }).click();
      await page.getByText('The copy “cellar-disk” is forgotten.').waitFor();
      assert.deepEqual(changes, [{ what: 'DELETE copies/cellar-disk', body: undefined }]);
    }));

  test('makes the pages of a recovery sheet, with shares of the password', () =>
    visit('family', '/copies', async (page, { changes }) => {
      await page.getByRole('link', { name: 'Make the sheet of Anna’s iPhone' }).click();
      await page.getByLabel('The backup password').selectOption('shares');
      await page.getByRole('textbox', { name: 'Backup password' }).fill('a good password');
      await page.getByRole('button', { name: 'Make the pages' }).click();
      await page.getByRole('link', { name: 'Open share 3 of 3' }).waitFor();
      const sheet = page.getByRole('link', { name: 'Open the recovery sheet' });
      assert.equal(await sheet.getAttribute('href'), '/api/v1/recovery-sheets/made-up-0');
      assert.equal(await page.getByRole('textbox', { name: 'Backup password' }).inputValue(), '');
      const content = { needed: 2, count: 3 };
      assert.deepEqual(
        changes.map(({ body }) => body),
        [{ content, password: 'a good password' }],
      );
    }));

  test('changes the language at once, here and for mails', () =>
    visit('empty', '/you', async (page, { changes }) => {
      await page.getByLabel('Deutsch').check();
      await page.getByRole('heading', { level: 1, name: 'Ich' }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'de');
      assert.deepEqual(changes, [{ what: 'PATCH accounts/a1', body: { language: 'de' } }]);
    }));

  test('removes a way to tell, and takes that back', () =>
    visit('empty', '/settings/notifications', async (page, { changes }) => {
      await page.getByRole('button', { name: 'More about ntfy-anna' }).click();
      await page.getByRole('menuitem', { name: 'Remove' }).click();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('no longer tells anybody').waitFor({ state: 'hidden' });
      assert.deepEqual(
        changes.map(({ what }) => what),
        ['PATCH settings', 'PATCH settings'],
      );
    }));
});

describe('what is in a version', () => {
  const version = '/versions/1a2b3c4d';

  test('is jumped to from what was found: a reminder in its list, a message in its chat', () =>
    visit('family', `${version}/search?q=lake`, async (page) => {
      await page.getByRole('button', { name: 'Towels' }).click();
      await page.getByRole('heading', { name: 'Shopping 🛒' }).waitFor();
      assert.match((await page.locator('li[aria-current=true]').textContent()) ?? '', /^Towels/);
      await page.waitForURL(/reminders\/shopping\?done=1&n=1$/);
      await page.goBack();
      await page.getByRole('button', { name: 'Mo' }).click();
      // Its text stands in what was found, too.
      await page.waitForURL(/whatsapp\/chat\?at=1$/);
      await page.getByText('To the lake?').waitFor();
    }));

  test('reminders show what is done when somebody wants to see it', () =>
    visit('family', `${version}/reminders`, async (page) => {
      await page.getByRole('link', { name: /Shopping/ }).click();
      await page.getByText('Apples & pears').waitFor();
      assert.equal(await page.getByText('Bottles').count(), 0);
      await page.getByRole('link', { name: 'Show 1 done' }).click();
      await page.getByText('Bottles').waitFor();
      assert.equal(await page.getByRole('link', { name: 'javascript:alert(1)' }).count(), 0);
    }));

  test('a voice memo that the browser cannot play is offered to be taken out, and can be read', () =>
    visit('family', `${version}/voice-memos`, async (page) => {
      const memo = page.getByRole('listitem').filter({ hasText: 'Shopping list' });
      const address = await memo.getByRole('link', { name: 'Take out Shopping list' }).getAttribute('href');
      assert.equal(address, '/api/v1/snapshots/1a2b3c4d/voice-memos/m0/recording');
      await memo.getByText('What was said').click();
      await memo.getByText('Milk, eggs').waitFor();
      await memo.locator('audio').evaluate((sound: HTMLAudioElement) => sound.play().catch(() => undefined));
      await memo.getByText('This browser cannot play it.').waitFor();
      assert.equal(await memo.locator('audio').count(), 0);
    }));

  for (const { what, n } of [
    { what: 'film does not play', n: 1 },
    { what: 'film has only its sound played', n: 6 },
  ]) {
    test(`a Live Photo whose ${what} stays a picture, and its film can be taken out`, () =>
      visit('family', `${version}/photos?n=${n}`, async (page) => {
        await page.getByRole('button', { name: 'Play the Live Photo' }).click();
        await page.getByText('This browser cannot play the film').waitFor();
        assert.equal(await page.locator('dialog video').count(), 0);
        assert.equal((await page.locator('dialog img').count()) > 0, true);
        const film = page.getByRole('link', { name: 'Take out the film' });
        assert.equal(await film.getAttribute('href'), `/api/v1/snapshots/1a2b3c4d/photos/${n}/film`);
      }));
  }

  test('passwords of networks are asked for one at a time, and forgotten after a minute', () =>
    visit('family', `${version}/wifi`, async (page, { changes }) => {
      await page.clock.install();
      const [first, second] = ['Zuhause 5 GHz', /onerror/].map((name) =>
        page.getByRole('listitem').filter({ hasText: name }),
      );
      assert.equal(changes.length, 0);
      await first?.getByRole('button', { name: 'Show password' }).click();
      await first?.getByText('a long password').waitFor();
      assert.deepEqual(
        changes.map(({ what }) => what),
        ['POST snapshots/1a2b3c4d/wifi/home/password'],
      );
      await second?.getByRole('button', { name: 'Show password' }).click();
      await second?.getByText('a long password').waitFor();
      assert.equal(await page.locator('main code').count(), 1);
      await page.clock.fastForward(61_000);
      await page.locator('main code').waitFor({ state: 'detached' });
    }));

  test('one chat of WhatsApp is taken out in the format that was chosen', () =>
    visit('family', `${version}/whatsapp/chat`, async (page, { changes }) => {
      await page.getByRole('button', { name: 'Take out the conversation' }).click();
      await page.getByLabel('As').selectOption('csv');
      await page.getByRole('dialog').getByRole('button', { name: 'Take out' }).click();
      await page.getByRole('link', { name: 'Save' }).waitFor();
      const { body: sent } = changes.at(-1) ?? {};
      const body = { ...(sent as object), timeZone: 'UTC' }; // A body of JSON.
      assert.deepEqual(body, {
        what: 'kinds',
        kinds: ['whatsapp'],
        format: 'csv',
        conversation: 'chat',
        timeZone: 'UTC',
      });
    }));
});

describe('as an app', () => {
  test('keeps the shell and nothing else, and has a page for when it is out of reach', async () => {
    const server = await serveFixtures('family');
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(server.address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const kept = await page.evaluate(keptPaths);
    assert.ok(kept.some((path) => path.startsWith('/assets/')));
    assert.deepEqual(
      kept.filter((path) => path.startsWith('/api/') || path === '/'),
      [],
    );
    await server[Symbol.asyncDispose]();
    await page.goto(`${server.address}/alarms`);
    await page.getByRole('heading', { name: 'Holdfast cannot be reached from here' }).waitFor();
    await context.close();
  });
});

async function keptPaths(): Promise<string[]> {
  const names = await caches.keys();
  const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return lists.flat().map(({ url }) => new URL(url).pathname);
}

/** Opens an address in a scene of its own and does something there. */
const visit = (...what: Visited): Promise<void> => visitIn(browser, ...what);

/** Waits until it does: where it goes after a press is settled when the page is drawn anew. */
async function focusReaches(page: Page, what: 'text' | 'id' | 'label', wanted: string): Promise<void> {
  let found: string | null | undefined;
  for (let look = 0; look < 100 && found !== wanted; look++) {
    if (look > 0) await page.waitForTimeout(50);
    found = await focused(page, what);
  }
  assert.equal(found, wanted);
}

function focused(page: Page, what: 'text' | 'id' | 'label'): Promise<string | null | undefined> {
  return page.evaluate((asked) => {
    const element = document.activeElement;
    if (asked === 'id') return element?.id;
    return asked === 'label' ? element?.getAttribute('aria-label') : element?.textContent;
  }, what);
}
