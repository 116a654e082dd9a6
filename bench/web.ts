/**
 * `npm run bench -- web`: how soon the interface is there. Opens pages of the built interface with made-up answers in
 * Chromium, first with an empty cache and then again, at the speed of this machine and at a quarter of it (an old phone).
 * Then looks through a library of 50,000 photos: by wheel, by years, by keys.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../web/test/browser.ts';
import { serveFixtures } from '../web/test/fixture-server.ts';
import { lookThroughLibrary } from './support/photo-library.ts';
import { printTable } from './support/table.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = ['/', '/alarms', '/settings', '/you'];
/** Of made-up answers: 50,000 photos over ten years. */
const LIBRARY = '/versions/1a2b3c4d/photos';
const ROUNDS = 3;

interface Opened {
  readonly firstPaintMs: number;
  /** When its content stands there, not only the frame. */
  readonly shownMs: number;
}

export async function run(): Promise<void> {
  spawnSync(process.execPath, [join(ROOT, 'web', 'size.ts')], { stdio: 'inherit' });
  await using server = await serveFixtures('family');
  const browser = await openBrowser();
  try {
    const rows: string[][] = [];
    for (const path of PAGES) {
      for (const slowdown of [1, 4]) {
        const { cold, warm } = await openTwice(browser, server.address + path, slowdown);
        rows.push([
          path,
          `${slowdown}×`,
          ms(cold.firstPaintMs),
          ms(cold.shownMs),
          ms(warm.firstPaintMs),
          ms(warm.shownMs),
        ]);
      }
    }
    printTable(['page', 'slower by', 'first paint', 'content', 'again: first paint', 'again: content'], rows);
    process.stdout.write('\n50,000 photos, with an empty cache\n\n');
    const libraries: string[][] = [];
    for (const slowdown of [1, 4]) {
      const seen = await lookThroughLibrary(browser, server.address + LIBRARY, slowdown);
      libraries.push([
        `${slowdown}×`,
        ms(seen.firstPaint),
        ms(seen.pictures),
        ms(seen.interaction),
        ms(seen.longestTask),
        seen.frames.toFixed(0),
      ]);
    }
    const columns = [
      'slower by',
      'first paint',
      'first pictures',
      'slowest key or press',
      'longest task while scrolling',
    ];
    printTable([...columns, 'frames a second'], libraries);
  } finally {
    await browser.close();
  }
}

/** The best of some rounds: whatever else this machine does only ever makes it slower. */
async function openTwice(browser: Browser, address: string, slowdown: number): Promise<{ cold: Opened; warm: Opened }> {
  const rounds: { cold: Opened; warm: Opened }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    const open = async (): Promise<Opened> => {
      await page.goto(address);
      await page.waitForSelector('main h1');
      const shownMs = await page.evaluate<number>('performance.now()');
      const firstPaintMs = await page.evaluate<number>(
        'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? performance.now()',
      );
      return { firstPaintMs, shownMs };
    };
    const cold = await open();
    rounds.push({ cold, warm: await open() });
    await context.close();
  }
  const best = (of: 'cold' | 'warm'): Opened =>
    rounds.map((round) => round[of]).reduce((a, b) => (b.shownMs < a.shownMs ? b : a));
  return { cold: best('cold'), warm: best('warm') };
}

const ms = (value: number): string => `${Math.round(value)} ms`;
