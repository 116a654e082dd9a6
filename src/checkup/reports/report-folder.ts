/**
 * Reports of checkups, each a folder, in the order they were made:
 *
 *   <stateDir>/checkups/0007-2026-12-01/report.json   canonical JSON and a line break; its SHA-256 is the report's
 *   <stateDir>/checkups/0007-2026-12-01/report.html   the same to read and to print
 *   <stateDir>/checkups/0007-2026-12-01/report.pdf    the same to send
 *   <stateDir>/checkups/0007-2026-12-01/SHA256SUMS    for `sha256sum -c`
 *   <stateDir>/checkups/chain.jsonl                   one line a report: its id and hash
 *
 * Every report names the hash of the one before it: none can be changed or taken away unseen.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CheckupReport, type CheckupSummary } from '../../contract/index.ts';
import { systemErrorCode } from '../../shared/errors.ts';

export const REPORT_FILES = ['report.json', 'report.html', 'report.pdf'] as const;
export const SUMS_FILE = 'SHA256SUMS';

const FOLDER = /^(\d{4,})-\d{4}-\d\d-\d\d$/;

export const checkupsFolder = (stateDir: string): string => join(stateDir, 'checkups');
export const chainPath = (stateDir: string): string => join(checkupsFolder(stateDir), 'chain.jsonl');

const ChainLine = z.object({ id: z.string(), sha256: z.string() });
export type ChainLine = z.infer<typeof ChainLine>;

export interface StoredReport {
  readonly report: CheckupReport;
  /** Of the bytes as they lie there. */
  readonly sha256: string;
}

export const sha256Of = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every checkup there was, the newest first. Reports that cannot be read are left out; `verifyChain` names them. */
export async function checkupsOf(stateDir: string): Promise<CheckupSummary[]> {
  const summaries: CheckupSummary[] = [];
  for (const id of (await reportIds(stateDir)).toReversed()) {
    const stored = await readReport(stateDir, id);
    if (stored === undefined) continue;
    const { number, startedAt, endedAt, quick, verdict, summary, counts } = stored.report;
    summaries.push({ id, number, startedAt, endedAt, quick, verdict, summary, counts, sha256: stored.sha256 });
  }
  return summaries;
}

/** A report as it lies there; undefined where there is none, or none that can be read. */
export async function readReport(stateDir: string, id: string): Promise<StoredReport | undefined> {
  if (!FOLDER.test(id)) return undefined;
  const bytes = await readIfThere(join(checkupsFolder(stateDir), id, 'report.json'));
  if (bytes === undefined) return undefined;
  try {
    const report = CheckupReport.safeParse(JSON.parse(bytes.toString('utf8'))).data;
    return report?.id === id ? { report, sha256: sha256Of(bytes) } : undefined;
  } catch {
    return undefined;
  }
}

/** One of the files of a report; undefined where it is not there. */
export async function readReportFile(
  stateDir: string,
  id: string,
  name: (typeof REPORT_FILES)[number] | typeof SUMS_FILE,
): Promise<Buffer | undefined> {
  return FOLDER.test(id) ? readIfThere(join(checkupsFolder(stateDir), id, name)) : undefined;
}

/** The ids of all reports, readable or not, the oldest first. */
export async function reportIds(stateDir: string): Promise<string[]> {
  try {
    const names = (await readdir(checkupsFolder(stateDir))).filter((name) => FOLDER.test(name));
    return names.toSorted((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return [];
  }
}

/** The number that the name of a report's folder begins with. */
export const numberOf = (id: string): number => Number(FOLDER.exec(id)?.[1] ?? 0);

/** What was noted of every report when it was written, the oldest first. Lines that were torn are left out. */
export async function readChain(stateDir: string): Promise<ChainLine[]> {
  const text = (await readIfThere(chainPath(stateDir)))?.toString('utf8') ?? '';
  return text.split('\n').flatMap((each) => parseLine(each) ?? []);
}

/** What nobody here may look at, as reports of root, or what is in their way; undefined where there are just none. */
export async function unreadablePath(stateDir: string): Promise<string | undefined> {
  const [folder, chain] = [checkupsFolder(stateDir), chainPath(stateDir)];
  if (await isRefused(readdir(folder))) return folder;
  return (await isRefused(readFile(chain))) ? chain : undefined;
}

async function isRefused(reading: Promise<unknown>): Promise<boolean> {
  try {
    await reading;
    return false;
  } catch (error) {
    const systemCode = systemErrorCode(error);
    if (systemCode === undefined) throw error;
    return systemCode !== 'ENOENT';
  }
}

function parseLine(text: string): ChainLine | undefined {
  try {
    return ChainLine.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
