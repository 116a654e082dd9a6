import {
  say,
  type CheckupLine,
  type CheckupReport,
  type CheckupState,
  type Reason,
  type Verdict,
} from '../../contract/index.ts';
import { LABELS, type ReportLabels } from './labels.ts';

/** Details of one line that fit on paper; the data file has all. */
const SHOWN_DETAILS = 40;
/** On paper no day is today: from here every date comes out in full. */
const LONG_AGO = new Date(0);

/** One line of a report in words. */
export interface LineView {
  readonly state: CheckupState;
  readonly stateWord: string;
  readonly subject: string | undefined;
  readonly text: string;
  readonly details: readonly string[];
  readonly steps: readonly string[];
}

/** A report in words of one language, in the order it is read. */
export interface ReportView {
  readonly labels: ReportLabels;
  readonly title: string;
  readonly verdict: Verdict;
  readonly verdictWord: string;
  readonly summary: string;
  readonly made: readonly string[];
  readonly counts: readonly (readonly [state: CheckupState, count: number, word: string])[];
  /** What to do, the gravest first, each once. */
  readonly steps: readonly string[];
  readonly sections: readonly { readonly title: string; readonly lines: readonly LineView[] }[];
  readonly facts: readonly (readonly [label: string, value: string])[];
}

/** @param sha256 of the report, which it cannot name itself. */
export function viewOf(report: CheckupReport, sha256: string, language: 'en' | 'de'): ReportView {
  const labels = LABELS[language];
  const sayIt = (reason: Reason): string => say(reason, language, LONG_AGO, report.timeZone);
  const sayDate = (iso: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { timeZone: report.timeZone, ...options }).format(
      new Date(iso),
    );
  const date = (iso: string): string => sayDate(iso, { dateStyle: 'long' });
  const moment = (iso: string): string => sayDate(iso, { dateStyle: 'long', timeStyle: 'short' });
  const { counts, previous, vault } = report;
  return {
    labels,
    title: `${labels.title} ${report.number} · ${date(report.startedAt)}`,
    verdict: report.verdict,
    verdictWord: labels.verdicts[report.verdict],
    summary: sayIt(report.summary),
    made: [
      `${labels.madeFrom(moment(report.startedAt), moment(report.endedAt))} (${report.timeZone})`,
      ...(report.resumed ? [labels.resumed] : []),
      ...(report.quick ? [labels.quick] : []),
    ],
    counts: (['proven', 'repaired', 'failed', 'unproven'] as const)
      .filter((state) => counts[state] > 0)
      .map((state) => [state, counts[state], labels.states[state]] as const),
    steps: [...new Set(report.lines.toSorted(byGravity).flatMap((line) => stepsOf(line).map(sayIt)))],
    sections: [...Map.groupBy(report.lines, ({ topic }) => topic)].map(([topic, lines]) => ({
      title: labels.topics[topic],
      lines: lines.map((line) => lineView(line, labels, sayIt)),
    })),
    facts: [
      [labels.facts.computer, report.host],
      [labels.facts.vault, vault.dir],
      [labels.facts.vaultId, vault.id],
      [labels.facts.product, report.product],
      [labels.facts.hash, sha256],
      [labels.facts.previous, previous === null ? labels.facts.none : `${previous.id}: ${previous.sha256}`],
    ],
  };
}

function lineView(line: CheckupLine, labels: ReportLabels, sayIt: (reason: Reason) => string): LineView {
  const details = line.more.filter((reason) => !isStep(reason));
  const rest = details.length - SHOWN_DETAILS;
  return {
    state: line.state,
    stateWord: labels.states[line.state],
    subject: line.subject,
    text: sayIt(line.reason),
    details: [...details.slice(0, SHOWN_DETAILS).map(sayIt), ...(rest > 0 ? [`${labels.more(rest)}.`] : [])],
    steps: stepsOf(line).map(sayIt),
  };
}

const isStep = ({ code }: Reason): boolean => code.startsWith('do-');

const stepsOf = ({ more, state }: CheckupLine): Reason[] =>
  state === 'failed' || state === 'unproven' ? more.filter(isStep) : [];

const byGravity = (a: CheckupLine, b: CheckupLine): number => gravityOf(b) - gravityOf(a);

function gravityOf({ state, essential }: CheckupLine): number {
  return (state === 'failed' ? 2 : state === 'unproven' ? 1 : 0) + (essential ? 2 : 0);
}
