/**
 * Opens every page of the built interface in Chromium, on a phone and a desktop, light and dark, in both languages: no
 * error in the console, no request to elsewhere, nothing wider than the window, nothing axe objects to. With
 * HOLDFAST_PICTURES=DIR it leaves a picture of each there; with a word as argument only looks at pages of that name:
 * `npm run test:web -- --test-name-pattern=home`.
 */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { looks, type Look } from './addresses.ts';
import { objections } from './axe.ts';
import { openBrowser } from './browser.ts';
import { serveFixtures, type FixtureServer } from './fixture-server.ts';
import type { SceneName } from './fixtures/answers.ts';
import { NOW } from './fixtures/times.ts';

const PICTURES = process.env['HOLDFAST_PICTURES'];

interface View {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
  readonly locale: 'en-GB' | 'de-DE';
  /** Takes a second each: once for every width and every colour scheme is enough. */
  readonly axe: boolean;
}

const VIEWS: readonly View[] = [
  { name: 'phone-light', width: 360, height: 780, colorScheme: 'light', locale: 'en-GB', axe: true },
  { name: 'phone-dark-de', width: 360, height: 780, colorScheme: 'dark', locale: 'de-DE', axe: false },
  { name: 'desktop-light-de', width: 1280, height: 900, colorScheme: 'light', locale: 'de-DE', axe: false },
  { name: 'desktop-dark', width: 1280, height: 900, colorScheme: 'dark', locale: 'en-GB', axe: true },
];

/** Looks at every frame: waitForSelector looks again only after up to half a second. Counts them, as the clock stands still. */
const SHOWN = `new Promise((shown, missing) => {
  let frames = 0;
  const look = () => {
    if (document.querySelector('h1')) return shown();
    if (++frames > 1_000) return missing(new Error('no title'));
    requestAnimationFrame(look);
  };
  look();
})`;

/** What the last change looks like is on the screen. */
const DRAWN = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))';

let browser: Browser;
/** Promises: two views may ask for the same one at once. */
const servers = new Map<SceneName, Promise<FixtureServer>>();

before(async () => {
  browser = await openBrowser();
});

after(async () => {
  await browser.close();
  for (const server of servers.values()) await (await server)[Symbol.asyncDispose]();
});

describe('every page', { concurrency: 2 }, () => {
  for (const view of VIEWS) lookAtAll(view);
});

function lookAtAll(view: View): void {
  describe(view.name, () => {
    let context: BrowserContext;
    before(async () => {
      context = await browser.newContext({
        viewport: { width: view.width, height: view.height },
        colorScheme: view.colorScheme,
        locale: view.locale,
        timezoneId: 'Europe/Berlin',
        hasTouch: view.width < 500,
        reducedMotion: 'reduce',
        // axe is put into the page by the test; what the policy forbids shows in the console all the same.
        serviceWorkers: 'block',
      });
      await context.clock.setFixedTime(NOW);
      // Otherwise the language of the made-up account is shown.
      await context.addInitScript(`localStorage.setItem('holdfast-language', '${view.locale.slice(0, 2)}')`);
    });
    after(() => context.close());
    for (const look of looks) test(look.name, () => lookAt(context, view, look));
  });
}

async function lookAt(context: BrowserContext, view: View, look: Look): Promise<void> {
  const server = await serverOf(look.scene ?? 'family');
  const page = await context.newPage();
  try {
    const complaints = listenForComplaints(page, server.address);
    await page.goto(server.address + look.path);
    await page.evaluate(SHOWN);
    await page.waitForTimeout(80);
    await look.prepare?.(page);
    await page.waitForTimeout(80);
    await page.evaluate(DRAWN);
    if (PICTURES) await takePicture(page, `${look.name}.${view.name}`);
    assert.deepEqual(await overflow(page), [], 'wider than the window');
    if (view.axe) assert.deepEqual(await objections(page), [], 'what axe objects to');
    assert.deepEqual(complaints, [], 'complaints of the browser');
  } finally {
    await page.close();
  }
}

function serverOf(scene: SceneName): Promise<FixtureServer> {
  const running = servers.get(scene) ?? serveFixtures(scene);
  servers.set(scene, running);
  return running;
}

function listenForComplaints(page: Page, ours: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const expected = /status of (401|403|404|409|500)|Service Worker registration blocked/.test(message.text());
    if ((message.type() === 'error' || message.type() === 'warning') && !expected) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(ours) && !url.startsWith('blob:')) complaints.push(`asks elsewhere: ${url}`);
  });
  return complaints;
}

/** What sticks out to the right, unless it is in something that scrolls by itself. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll('body *')]
      .filter((each) => each.getBoundingClientRect().right > width + 1)
      .slice(0, 5)
      .map((each) => each.outerHTML.slice(0, 120));
  })()`);
}

async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES ?? '', { recursive: true });
  await page.screenshot({ path: join(PICTURES ?? '', `${name}.png`), fullPage: true });
}
