import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckupReport } from '../../contract/index.ts';
import { appendLine } from '../../shared/files/append-line.ts';
import { systemErrorCode } from '../../shared/errors.ts';
import { canonicalJson } from './canonical-json.ts';
import {
  chainPath,
  checkupsFolder,
  numberOf,
  readChain,
  readReport,
  reportIds,
  sha256Of,
  SUMS_FILE,
} from './report-folder.ts';
import { writeFailure } from '../../shared/files/write-failure.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** A report that was just written. */
export interface WrittenReport {
  readonly report: CheckupReport;
  readonly sha256: string;
  readonly dir: string;
}

/** A report before it has its place in the chain. */
export type UnchainedReport = Omit<CheckupReport, 'id' | 'number' | 'previous'>;

/** Makes the pages of a report. */
export type RenderReport = (report: CheckupReport, sha256: string) => Promise<{ html: string; pdf: Buffer }>;

/**
 * Gives a report the next number, binds it to the one before, and writes it with its pages: all of it or nothing.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
 */
export async function writeReport(
  stateDir: string,
  unchained: UnchainedReport,
  render: RenderReport,
): Promise<WrittenReport> {
  const report = await chained(stateDir, unchained);
  const { json, sha256 } = encodeReport(report);
  const { html, pdf } = await render(report, sha256);
  const files = { 'report.json': json, 'report.html': html, 'report.pdf': pdf };
  const sums = Object.entries(files).map(([name, content]) => `${sha256Of(content)}  ${name}\n`);
  const dir = join(checkupsFolder(stateDir), report.id);
  const draft = `${dir}.${randomBytes(8).toString('hex')}`;
  try {
    await removeDrafts(stateDir);
    makeFolders(draft, 0o700);
    for (const [name, content] of [...Object.entries(files), [SUMS_FILE, sums.join('')] as const]) {
      await writeDurably(join(draft, name), content);
    }
    await rename(draft, dir);
    await appendLine(chainPath(stateDir), JSON.stringify({ id: report.id, sha256 }));
    return { report, sha256, dir };
  } catch (cause) {
    await removeDrafts(stateDir).catch(unlessSystemError);
    throw storageFailed(cause, dir);
  }
}

/** The bytes of a report, and their hash. */
function encodeReport(report: CheckupReport): { json: string; sha256: string } {
  const json = `${canonicalJson(report)}\n`;
  return { json, sha256: sha256Of(json) };
}

/** With its number and the one before it. Also where the last report is gone, its number is not given again. */
async function chained(stateDir: string, unchained: UnchainedReport): Promise<CheckupReport> {
  const [ids, chain] = await Promise.all([reportIds(stateDir), readChain(stateDir)]);
  const last = Math.max(0, ...ids.map(numberOf), ...chain.map(({ id }) => numberOf(id)));
  const number = last + 1;
  return {
    ...unchained,
    id: `${String(number).padStart(4, '0')}-${dayOf(unchained)}`,
    number,
    previous: await previousOf(stateDir, ids, chain),
  };
}

async function previousOf(
  stateDir: string,
  ids: readonly string[],
  chain: Awaited<ReturnType<typeof readChain>>,
): Promise<CheckupReport['previous']> {
  const noted = chain.at(-1) ?? null;
  const newest = ids.at(-1);
  // What was noted when it was written, not what lies there now: a change of it must not become the truth. A power cut
  // may have taken the note alone.
  if (newest === undefined || numberOf(newest) <= numberOf(noted?.id ?? '')) return noted;
  const stored = await readReport(stateDir, newest);
  return stored === undefined ? noted : { id: stored.report.id, sha256: stored.sha256 };
}

/** The day it began on, by the clocks where it was made. */
function dayOf({ startedAt, timeZone }: UnchainedReport): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return format.format(new Date(startedAt));
}

/** What a report left that was cut off while it was written. */
async function removeDrafts(stateDir: string): Promise<void> {
  const folder = checkupsFolder(stateDir);
  makeFolders(folder, 0o700);
  for (const name of await readdir(folder)) {
    if (/^\d{4,}-[\d-]+\.[0-9a-f]{16}$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function unlessSystemError(error: unknown): void {
  if (systemErrorCode(error) === undefined) throw error;
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content, { mode: 0o600 });
  await using file = await open(path, 'r');
  await file.sync();
}

function storageFailed(cause: unknown, dir: string): unknown {
  return writeFailure(
    cause,
    `the report could not be kept in ${dir}`,
    'Check who owns that folder, and whether its disk is writable.',
  );
}
