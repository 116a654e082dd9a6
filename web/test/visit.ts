import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { serveFixtures, type FixtureServer } from './fixture-server.ts';
import type { SceneName } from './fixtures/answers.ts';

export type Visited = [
  scene: SceneName,
  path: string,
  act: (page: Page, server: FixtureServer) => Promise<void>,
  options?: BrowserContextOptions,
];

/** Opens an address in a scene of its own and does something there. */
export async function visitIn(browser: Browser, ...[scene, path, act, options = {}]: Visited): Promise<void> {
  await using server = await serveFixtures(scene);
  const context = await browser.newContext({
    locale: 'en-GB',
    serviceWorkers: 'block',
    reducedMotion: 'reduce',
    ...options,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(server.address + path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('load');
    await act(page, server);
  } finally {
    await context.close();
  }
}
