/**
 * `npm run bench -- library`: a library of 50,000 photos through the real service. A backup of them is taken into a vault,
 * the service is started, and Chromium opens the photos of that version twice: the first look, for which the service
 * reads all lists, and the next. Printed besides: what the service takes meanwhile, and after everything is closed.
 *
 * Options: `--photos N` (default 50,000).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { SnapshotSummary } from '../src/contract/index.ts';
import { askLocally, localSocketPath } from '../src/server/index.ts';
import { openBrowser } from '../web/test/browser.ts';
import { measure } from './support/measure.ts';
import { HOLDFAST } from './support/phone.ts';
import { lookThroughLibrary } from './support/photo-library.ts';
import { makePhotosBackup } from './support/photos-backup.ts';
import { printTable } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const ACCOUNT = { name: 'Bench', password: 'look at many photos', language: 'en' };
/** Until the service has let go of what nobody looks at. */
const SETTLE_MS = 30_000;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { photos: { type: 'string', default: '50000' } } });
  using workspace = new Workspace(4);
  const env = { ...process.env, HOLDFAST_HOME: workspace.folder('home') };
  const backup = await makePhotosBackup(workspace.folder('photos'), Number(values.photos));
  await measure([...HOLDFAST, 'import', backup], { env });
  await using stack = new AsyncDisposableStack();
  const [program = '', ...words] = HOLDFAST;
  const serving = spawn(program, [...words, 'serve', '--port', '0', '--no-network', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  stack.defer(async () => {
    serving.kill('SIGTERM');
    if (serving.exitCode === null) await once(serving, 'exit');
  });
  const [line] = (await once(serving.stdout, 'data')) as [Buffer]; // of a pipe without an encoding
  const { url, setUpCode } = JSON.parse(line.toString()) as { url: string; setUpCode: string }; // the event `serving`
  const socket = localSocketPath(join(env.HOLDFAST_HOME, 'state'));
  const [version] = SnapshotSummary.array().parse(await (await askLocally(socket, '/snapshots', {}))?.json());
  const browser = await openBrowser();
  stack.defer(() => browser.close());
  const { pid = 0 } = serving;
  const rows: string[][] = [];
  let cookies: Parameters<BrowserContext['addCookies']>[0] = [];
  for (const what of ['the first look', 'the next']) {
    const seen = await lookThroughLibrary(browser, `${url}versions/${version?.id}/photos`, 1, async (context) => {
      if (cookies.length === 0) {
        const answer = await context.request.post(`${url}api/v1/setup`, { data: { ...ACCOUNT, code: setUpCode } });
        if (!answer.ok()) throw new Error(await answer.text());
        cookies = await context.cookies();
      } else await context.addCookies(cookies);
    });
    rows.push([
      what,
      ms(seen.firstPaint),
      ms(seen.pictures),
      ms(seen.interaction),
      ms(seen.longestTask),
      seen.frames.toFixed(0),
      `${megabytes(pid, 'VmHWM')} MB`,
    ]);
  }
  process.stdout.write(`\n## ${values.photos} photos through the real service\n\n`);
  const figures = ['first paint', 'first pictures', 'slowest key or press', 'longest task while scrolling'];
  printTable(['', ...figures, 'frames a second', 'peak of the service'], rows);
  await delay(SETTLE_MS);
  process.stdout.write(`\nThe service, the version still open: ${megabytes(pid, 'VmRSS')} MB\n`);
}

function megabytes(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${field}:`));
  return Math.round(Number(/\d+/.exec(line ?? '0')) / 1024);
}

const ms = (value: number): string => `${Math.round(value)} ms`;
