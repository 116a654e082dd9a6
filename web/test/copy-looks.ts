import type { Page } from 'playwright-core';
import type { Look } from './addresses.ts';

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
  { name: 'copies-failing', path: '/copies', scene: 'failing' },
  { name: 'device-places', path: '/devices/00008140-000A1C2E3D4F801C/places' },
];

async function addCopy(page: Page): Promise<void> {
  await page.locator('main section').last().locator('button').first().click();
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
