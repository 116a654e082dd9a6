import type { Page } from 'playwright-core';
import type { Look } from './addresses.ts';

const ANNA = '/devices/00008140-000A1C2E3D4F801C';
const GRAN = '/devices/a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const TO_ANNA = '/restore?device=00008140-000A1C2E3D4F801C';
const TO_BEN = '/restore?device=00008110-00163C8A0E92401E';

/** What somebody goes through step by step: a device and its versions, a restore, encryption, a first phone, a lost one. */
export const flowLooks: readonly Look[] = [
  { name: 'device', path: ANNA, prepare: arrive },
  { name: 'device-menu', path: ANNA, prepare: openMenu },
  { name: 'device-delete', path: ANNA, prepare: askToDelete },
  { name: 'device-none', path: GRAN, prepare: arrive },
  { name: 'device-rule', path: `${ANNA}/rule`, prepare: arrive },
  { name: 'device-history', path: `${ANNA}/history`, prepare: arrive },
  { name: 'restore', path: TO_ANNA, prepare: arrive },
  { name: 'restore-empty', path: '/restore', scene: 'empty', prepare: arrive },
  { name: 'restore-rehearsed', path: TO_ANNA, prepare: rehearse },
  { name: 'restore-stopped', path: TO_BEN, prepare: rehearse },
  { name: 'restore-done', path: TO_ANNA, prepare: restore },
  { name: 'restore-parts', path: TO_ANNA, prepare: chooseParts },
  { name: 'restore-parts-rehearsed', path: TO_ANNA, prepare: rehearseParts },
  { name: 'restore-parts-done', path: TO_ANNA, prepare: restoreParts },
  { name: 'encryption-change', path: '/encryption/00008140-000A1C2E3D4F801C', prepare: arrive },
  { name: 'encryption-away', path: '/encryption/00008027-001E2D3C4B5A402E', prepare: arrive },
  { name: 'encryption-wrong', path: '/encryption/00008140-000A1C2E3D4F801C', prepare: submitEmpty },
  { name: 'first-phone-cable', path: '/first-phone', scene: 'empty', prepare: arrive },
  { name: 'first-phone-trust', path: '/first-phone', scene: 'new-phone', prepare: haveItAsk },
  { name: 'first-phone-encryption', path: '/first-phone', scene: 'new-phone-trusted', prepare: arrive },
  { name: 'first-phone-when', path: '/first-phone', scene: 'new-phone-encrypted', prepare: arrive },
  { name: 'first-phone-backup', path: '/first-phone', scene: 'new-phone-encrypted', prepare: sayFine },
  { name: 'first-phone-done', path: `/first-phone?device=00008140-000A1C2E3D4F801C`, prepare: arrive },
  { name: 'checkups', path: '/checkups', prepare: arrive },
  { name: 'checkups-none', path: '/checkups', scene: 'empty', prepare: arrive },
  { name: 'checkup-report', path: '/checkups/0007-2026-11-01', prepare: arrive },
  { name: 'lost-phone', path: '/lost-phone/00008140-000A1C2E3D4F801C', prepare: arrive },
];

/** The page itself is loaded, and what it shows has come. */
async function arrive(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('main [role=status] > div').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(80);
}

async function openMenu(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main li [aria-haspopup=menu]').first().click();
}

async function askToDelete(page: Page): Promise<void> {
  await openMenu(page);
  await page.locator('main li:has([aria-haspopup=menu])').first().locator('[role=menuitem]').last().click();
  await page.locator('dialog[open]').waitFor();
}

async function rehearse(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main section').nth(1).locator('button').last().click();
  await page.locator('main section').nth(1).locator('li').first().waitFor();
}

async function go(page: Page): Promise<void> {
  await page.locator('main section').last().locator('[type=checkbox]').check();
  await page.locator('main section').last().locator('button').click();
}

async function restore(page: Page): Promise<void> {
  await rehearse(page);
  await go(page);
}

async function chooseParts(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main select').last().selectOption('parts');
  await page.locator('main fieldset').last().locator('[type=checkbox]').nth(2).check();
  await page.locator('main fieldset').first().locator('[type=checkbox]').first().check();
}

async function rehearseParts(page: Page): Promise<void> {
  await chooseParts(page);
  await page.locator('main section').nth(1).locator('button').last().click();
  await page.locator('main dl').first().waitFor();
}

async function restoreParts(page: Page): Promise<void> {
  await rehearseParts(page);
  await go(page);
}

async function submitEmpty(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main [type=submit]').first().click();
}

async function haveItAsk(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main li button').first().click();
}

async function sayFine(page: Page): Promise<void> {
  await arrive(page);
  await page.locator('main li button').first().click();
}
