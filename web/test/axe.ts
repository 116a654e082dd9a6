import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

/** What axe objects to on a page, in a line for each. */
export async function objections(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource());
  return page.evaluate(`axe
    .run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) => violations.map(({ id, help, nodes }) => id + ': ' + help + ' — ' + nodes.map((node) => node.html.slice(0, 160) + ' ' + (node.failureSummary ?? '').slice(0, 200)).slice(0, 3).join(' | ')))`);
}

let axe: Promise<string> | undefined;

function axeSource(): Promise<string> {
  axe ??= readFile(AXE, 'utf8');
  return axe;
}
