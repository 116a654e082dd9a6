import type { Page } from 'playwright-core';
import { copyLooks } from './copy-looks.ts';
import type { SceneName } from './fixtures/answers.ts';
import { flowLooks } from './flow-looks.ts';

/** One picture of one page. */
export interface Look {
  /** Name of the picture. */
  readonly name: string;
  readonly path: string;
  readonly scene?: SceneName;
  /** What is done before the picture is taken: opening a dialog, choosing something. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Every page in every state worth a look. Each is opened on a phone and a desktop, light and dark, in both languages. */
export const looks: readonly Look[] = [
  { name: 'home', path: '/' },
  { name: 'home-owner', path: '/', scene: 'owner' },
  { name: 'home-owner-empty', path: '/', scene: 'owner-empty' },
  { name: 'home-empty', path: '/', scene: 'empty' },
  { name: 'home-failing', path: '/', scene: 'failing' },
  { name: 'home-waiting', path: '/', scene: 'waiting' },
  { name: 'home-passcode', path: '/', scene: 'passcode' },
  { name: 'jobs-open', path: '/', prepare: (page) => page.keyboard.press('j') },
  { name: 'shortcuts', path: '/', scene: 'empty', prepare: (page) => page.keyboard.press('?') },
  { name: 'which-phone', path: '/lost-phone' },
  { name: 'alarms', path: '/alarms' },
  { name: 'alarms-none', path: '/alarms', scene: 'empty' },
  ...copyLooks,
  { name: 'settings', path: '/settings' },
  { name: 'settings-keeping', path: '/settings/keeping' },
  { name: 'settings-notifications', path: '/settings/notifications' },
  { name: 'settings-checkup', path: '/settings/checkup' },
  { name: 'settings-server', path: '/settings/server' },
  { name: 'settings-channel', path: '/settings/notifications', prepare: addMail },
  { name: 'accounts', path: '/settings/accounts' },
  { name: 'accounts-add', path: '/settings/accounts', prepare: (page) => page.locator('main button').first().click() },
  { name: 'settings-forbidden', path: '/settings', scene: 'owner' },
  { name: 'you', path: '/you' },
  { name: 'you-token', path: '/you', prepare: makeToken },
  { name: 'version', path: '/versions/1a2b3c4d', prepare: arrive },
  { name: 'version-locked', path: '/versions/10c4ed00' },
  { name: 'version-wrong-password', path: '/versions/10c4ed00', prepare: unlockWrongly },
  { name: 'version-not-yours', path: '/versions/0ffe0ffe' },
  { name: 'version-messages', path: '/versions/1a2b3c4d/messages', prepare: arrive },
  { name: 'version-conversation', path: '/versions/1a2b3c4d/messages/family', prepare: arrive },
  { name: 'version-contacts', path: '/versions/1a2b3c4d/contacts', prepare: arrive },
  { name: 'version-contact', path: '/versions/1a2b3c4d/contacts/a', prepare: arrive },
  { name: 'version-calls', path: '/versions/1a2b3c4d/calls', prepare: arrive },
  { name: 'version-voicemail', path: '/versions/1a2b3c4d/voicemail', prepare: arrive },
  { name: 'version-note', path: '/versions/1a2b3c4d/notes/note', prepare: arrive },
  { name: 'version-calendar', path: '/versions/1a2b3c4d/calendar', prepare: arrive },
  { name: 'version-health', path: '/versions/1a2b3c4d/health/7', prepare: arrive },
  { name: 'version-search', path: '/versions/1a2b3c4d/search?q=lake&versions=all', prepare: arrive },
  { name: 'version-safari-missing', path: '/versions/1a2b3c4d/safari', prepare: arrive },
  { name: 'version-reminders', path: '/versions/1a2b3c4d/reminders', prepare: arrive },
  { name: 'version-reminder-list', path: '/versions/1a2b3c4d/reminders/shopping?done=1&n=1', prepare: arrive },
  { name: 'version-voice-memos', path: '/versions/1a2b3c4d/voice-memos?n=1', prepare: hearNothing },
  { name: 'version-whatsapp', path: '/versions/1a2b3c4d/whatsapp/chat', prepare: takeOutChat },
  { name: 'version-photo-unplayable', path: '/versions/1a2b3c4d/photos?n=1', prepare: playLive },
  { name: 'version-apps', path: '/versions/1a2b3c4d/apps', prepare: arrive },
  { name: 'version-accounts', path: '/versions/1a2b3c4d/accounts', prepare: arrive },
  { name: 'version-clock-alarms', path: '/versions/1a2b3c4d/alarms', prepare: arrive },
  { name: 'version-blocked', path: '/versions/1a2b3c4d/blocked', prepare: arrive },
  { name: 'version-wifi', path: '/versions/1a2b3c4d/wifi', prepare: showPassword },
  { name: 'version-photos', path: '/versions/1a2b3c4d/photos', prepare: arrive },
  { name: 'version-photo', path: '/versions/1a2b3c4d/photos?n=4', prepare: arrive },
  { name: 'version-albums', path: '/versions/1a2b3c4d/photos/albums', prepare: arrive },
  { name: 'version-map', path: '/versions/1a2b3c4d/photos/map', prepare: arrive },
  { name: 'version-files', path: '/versions/1a2b3c4d/files', prepare: arrive },
  { name: 'version-folder', path: '/versions/1a2b3c4d/files/CameraRollDomain/Media', prepare: arrive },
  { name: 'version-take-out', path: '/versions/1a2b3c4d/take-out?kinds=notes', prepare: arrive },
  { name: 'version-differences', path: '/versions/1a2b3c4d/differences/0a0a0a0a', prepare: arrive },
  { name: 'sign-in', path: '/', scene: 'signed-out' },
  { name: 'sign-in-wrong', path: '/', scene: 'signed-out', prepare: signInWrongly },
  { name: 'set-up', path: '/', scene: 'set-up' },
  { name: 'set-up-empty', path: '/', scene: 'set-up', prepare: (page) => page.locator('[type=submit]').click() },
  ...flowLooks,
  { name: 'missing', path: '/nothing-here', scene: 'empty' },
];

async function addMail(page: Page): Promise<void> {
  await page.locator('[aria-haspopup=menu]').first().click();
  await page.locator('[role=menuitem]').first().click();
  await page.locator('dialog [type=submit]').click();
}

async function makeToken(page: Page): Promise<void> {
  await page.locator('main section button').first().click();
  await page.locator('dialog input').first().fill('Home Assistant');
  await page.locator('dialog [type=submit]').click();
  await page.locator('dialog code').waitFor();
}

async function signInWrongly(page: Page): Promise<void> {
  await page.locator('input').first().fill('Anna');
  await page.locator('input').nth(1).fill('wrong');
  await page.locator('[type=submit]').click();
  await page.locator('[role=alert]').waitFor();
}

/** The page itself is loaded, and what it shows has come. */
async function arrive(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('main [role=status] > div').first().waitFor({ state: 'detached' });
}

/** A recording that the browser cannot play: it is offered to be taken out. */
async function hearNothing(page: Page): Promise<void> {
  await arrive(page);
  await page
    .locator('audio')
    .first()
    .evaluate((sound: HTMLAudioElement) => sound.load());
  await page
    .locator('audio')
    .first()
    .evaluate((sound: HTMLAudioElement) => void sound.play().catch(() => undefined));
  await page.locator('li [role=status] a').first().waitFor();
}

async function takeOutChat(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main header button').last().click();
  await page.locator('dialog select').waitFor();
}

async function playLive(page: Page): Promise<void> {
  await page.locator('dialog button[aria-pressed]').nth(1).click();
  await page.locator('dialog [role=status] a').waitFor();
}

async function showPassword(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main li button').first().click();
  await page.locator('main li code').waitFor();
}

async function unlockWrongly(page: Page): Promise<void> {
  await page.locator('main [type=password]').fill('wrong');
  await page.locator('main form [type=submit]').last().click();
  await page.waitForTimeout(150);
}
