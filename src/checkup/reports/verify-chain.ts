import { because, type Reason } from '../../contract/index.ts';
import {
  sha256Of,
  numberOf,
  readChain,
  readReport,
  readReportFile,
  REPORT_FILES,
  reportIds,
  SUMS_FILE,
  unreadablePath,
} from './report-folder.ts';

/** What became of the reports there ever were. */
export interface ChainState {
  readonly reports: number;
  /** What does not fit together; empty when everything is as it was written. */
  readonly problems: readonly Reason[];
  /** The hashes of the reports that are as they were written, by id. */
  readonly hashes: ReadonlyMap<string, string>;
}

/**
 * Looks whether every report is there and as it was written: by the hash that the next one names, by what was noted when
 * it was written, and its pages by the sums beside it. Who can write everything can also write all of it anew; that shows
 * only in a report, or its hash, that lies somewhere else.
 */
export async function verifyChain(stateDir: string): Promise<ChainState> {
  const path = await unreadablePath(stateDir);
  if (path !== undefined) {
    return { reports: 0, problems: [because('reports-unreadable', { path })], hashes: new Map() };
  }
  const [ids, chain] = await Promise.all([reportIds(stateDir), readChain(stateDir)]);
  const noted = new Map(chain.map(({ id, sha256 }) => [id, sha256]));
  const all = [...new Set([...ids, ...noted.keys()])].toSorted((a, b) => numberOf(a) - numberOf(b));
  const problems: Reason[] = [];
  const hashes = new Map<string, string>();
  let before: { id: string; sha256: string } | null = null;
  let expected = 1;
  for (const report of all) {
    for (; expected < numberOf(report); expected++) {
      problems.push(because('report-missing', { report: String(expected).padStart(4, '0') }));
    }
    expected = numberOf(report) + 1;
    const stored = ids.includes(report) ? await readReport(stateDir, report) : undefined;
    const wanted = noted.get(report) ?? stored?.sha256;
    if (!ids.includes(report)) problems.push(because('report-missing', { report }));
    else if (stored === undefined || stored.sha256 !== wanted || !(await fitsItsSums(stateDir, report))) {
      problems.push(because('report-changed', { report }));
    } else {
      hashes.set(report, stored.sha256);
      const { previous } = stored.report;
      if (previous?.id !== before?.id || previous?.sha256 !== before?.sha256) {
        problems.push(because('report-out-of-chain', { report }));
      }
    }
    before = wanted === undefined ? null : { id: report, sha256: wanted };
  }
  return { reports: all.length, problems, hashes };
}

/** Whether the pages beside a report are those that were written with it. */
async function fitsItsSums(stateDir: string, id: string): Promise<boolean> {
  const sums = (await readReportFile(stateDir, id, SUMS_FILE))?.toString('utf8') ?? '';
  for (const name of REPORT_FILES) {
    const bytes = await readReportFile(stateDir, id, name);
    if (bytes === undefined || !sums.includes(`${sha256Of(bytes)}  ${name}\n`)) return false;
  }
  return true;
}
