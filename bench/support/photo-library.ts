import type { Browser, BrowserContext, Page } from 'playwright-core';

/** How the photos of one version behave in a browser. Times in milliseconds. */
export interface LibraryFigures {
  readonly firstPaint: number;
  /** When the first small pictures stand there. */
  readonly pictures: number;
  /** From a key or a press to the next picture of the page: the slowest of all. */
  readonly interaction: number;
  /** While it is scrolled through. */
  readonly longestTask: number;
  /** Of a second, while it is scrolled by the wheel. */
  readonly frames: number;
}

/** Watches what takes long; read by `evaluate` afterwards. */
const WATCH = `
  window.seen = { tasks: [], events: [] };
  new PerformanceObserver((list) => window.seen.tasks.push(...list.getEntries().map((each) => each.duration)))
    .observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => window.seen.events.push(...list.getEntries().map((each) => each.duration)))
    .observe({ type: 'event', durationThreshold: 16, buffered: true });
`;

/** The policy of the page forbids what waits for a condition by itself. */
const FIRST_PICTURE = `new Promise((resolve) => {
  const look = () =>
    [...document.querySelectorAll('[role=grid] img')].some((each) => each.naturalWidth > 0)
      ? resolve()
      : requestAnimationFrame(look);
  look();
})`;

/**
 * Opens the library, scrolls through all of it by wheel and by the years beside it, opens photos, goes by keys.
 *
 * @param prepare signs in, where that is needed.
 */
export async function lookThroughLibrary(
  browser: Browser,
  address: string,
  slowdown: number,
  prepare?: (context: BrowserContext) => Promise<void>,
): Promise<LibraryFigures> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  await prepare?.(context);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(WATCH);
  await page.goto(address);
  await page.waitForSelector('[role=grid] img');
  await page.evaluate(FIRST_PICTURE);
  const pictures = await page.evaluate<number>('performance.now()');
  const firstPaint = await page.evaluate<number>(
    'performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? performance.now()',
  );
  await page.evaluate('window.seen.tasks.length = 0');
  const frames = await scrollThrough(page);
  const longestTask = await page.evaluate<number>('Math.max(0, ...window.seen.tasks)');
  await page.evaluate('window.seen.events.length = 0');
  await useKeys(page);
  const interaction = await page.evaluate<number>('Math.max(0, ...window.seen.events)');
  await context.close();
  return { firstPaint, pictures, interaction, longestTask, frames };
}

async function scrollThrough(page: Page): Promise<number> {
  await page.mouse.move(500, 600);
  await page.evaluate(
    'window.frames_ = 0; (function count() { window.frames_++; requestAnimationFrame(count); })(); window.began = performance.now()',
  );
  for (let turn = 0; turn < 60; turn++) {
    await page.mouse.wheel(0, 400 + turn * 20);
    await page.waitForTimeout(30);
  }
  const frames = await page.evaluate<number>('(window.frames_ * 1000) / (performance.now() - window.began)');
  const years = await page.locator('[role=slider]').boundingBox();
  if (years === null) throw new Error('there are no years beside the photos');
  const x = years.x + years.width / 2;
  await page.mouse.move(x, years.y + 5);
  await page.mouse.down();
  for (let part = 0; part <= 60; part++) {
    await page.mouse.move(x, years.y + (years.height * part) / 60);
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
  await page.waitForTimeout(500);
  return frames;
}

async function useKeys(page: Page): Promise<void> {
  const tile = page.locator('[role=gridcell] button[data-place]').nth(20);
  await tile.focus();
  const keys = [
    'ArrowRight',
    'ArrowDown',
    'x',
    'ArrowDown',
    'x',
    'Escape',
    'Enter',
    'ArrowRight',
    'ArrowRight',
    'i',
    'Escape',
  ];
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(250);
  }
}
