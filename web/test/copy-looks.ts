import type { Page } from 'playwright-core';
import type { Look } from './addresses.ts';

const SHEET = '/recovery-sheet/00008140-000A1C2E3D4F801C';

/** Where backups lie, and the copies: shown, added, changed, removed. */
export const copyLooks: readonly Look[] = [
  { name: 'copies', path: '/copies' },
  { name: 'copies-owner', path: '/copies', scene: 'owner' },
  { name: 'copies-none', path: '/copies', scene: 'empty' },
  { name: 'copies-add', path: '/copies', scene: 'empty', prepare: addCopy },
  { name: 'copies-add-s3', path: '/copies', prepare: addToCloud },
  { name: 'copies-password', path: '/copies', scene: 'empty', prepare: addedToCloud },
  { name: 'copies-refused', path: '/copies', scene: 'empty', prepare: addToVault },
  { name: 'copies-change', path: '/copies', prepare: (page) => chooseOfCopy(page, 0) },
  { name: 'copies-remove', path: '/copies', prepare: (page) => chooseOfCopy(page, 1) },
  { name: 'copies-secrets', path: '/copies', prepare: giveWrongPassword },
  { name: 'copies-failing', path: '/copies', scene: 'failing' },
  { name: 'recovery-sheet', path: SHEET },
  { name: 'recovery-sheet-shares', path: SHEET, prepare: makeShares },
  { name: 'recovery-sheet-wrong', path: SHEET, prepare: makeWrongly },
  { name: 'device-places', path: '/devices/00008140-000A1C2E3D4F801C/places' },
];

async function addCopy(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Add a copy|Kopie hinzufügen)$/ }).click();
  await page.locator('dialog select').first().waitFor();
}

async function addToCloud(page: Page): Promise<void> {
  await addCopy(page);
  await page.locator('dialog select').first().selectOption('s3');
  await page.locator('dialog select').last().selectOption('fewer');
  await page.locator('dialog [type=submit]').click();
}

async function addedToCloud(page: Page): Promise<void> {
  await addCopy(page);
  await page.locator('dialog select').first().selectOption('b2');
  await page.locator('dialog input').first().fill('b2:bucket:phones');
  await page.locator('dialog input').nth(1).fill('offsite');
  await page.locator('dialog [type=submit]').click();
  await page.locator('dialog code').waitFor();
}

async function addToVault(page: Page): Promise<void> {
  await addCopy(page);
  await page.locator('dialog input').first().fill('/srv/holdfast/copy');
  await page.locator('dialog input').nth(1).fill('disk');
  await page.locator('dialog [type=submit]').click();
  await page.locator('dialog [role=alert]').waitFor();
}

async function chooseOfCopy(page: Page, item: number): Promise<void> {
  await page.locator('main [aria-haspopup=menu]').last().click();
  await page.locator('[role=menu]:popover-open [role=menuitem]').nth(item).click();
  await page.locator('dialog[open]').waitFor();
}

async function giveWrongPassword(page: Page): Promise<void> {
  await page.locator('main [aria-haspopup=menu]').first().click();
  await page.locator('[role=menu]:popover-open [role=menuitem]').nth(1).click();
  await page.locator('dialog [type=password]').first().fill('wrong');
  await page.locator('dialog [type=submit]').click();
  await page.locator('dialog [role=alert]').waitFor();
}

async function makeShares(page: Page): Promise<void> {
  await page.locator('main select').selectOption('shares');
  await page.locator('main [type=password]').fill('a good password');
  await page.locator('main [type=submit]').click();
  await page.locator('main a[target]').first().waitFor();
}

async function makeWrongly(page: Page): Promise<void> {
  await page.locator('main select').selectOption('password');
  await page.locator('main [type=submit]').click();
  await page.locator('main [role=alert]').waitFor();
}
