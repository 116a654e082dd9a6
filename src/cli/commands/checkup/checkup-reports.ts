import { Command } from 'commander';
import { say } from '../../../contract/index.ts';
import { loadCheckingUp } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { jsonOption } from '../../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../../context.ts';
import { formatTime, plural } from '../../output/format.ts';

interface VerifyOptions extends CommonOptions {
  readonly expect?: string;
}

const VERDICTS = { safe: 'safe', attention: 'needs attention', 'at-risk': 'AT RISK', unknown: 'nothing to prove' };

export function listCheckupsCommand(context: CliContext): Command {
  return new Command('list')
    .description('list the reports of all checkups')
    .addOption(jsonOption())
    .action((_options, self: Command) => list(context, self.optsWithGlobals<CommonOptions>()));
}

async function list({ places, ...context }: CliContext, options: CommonOptions): Promise<void> {
  const output = outputFor({ places, ...context }, options);
  const { checkupsOf, unreadablePath } = await loadCheckingUp();
  const reports = await checkupsOf(places.stateDir);
  const path = reports.length === 0 ? await unreadablePath(places.stateDir) : undefined;
  if (path !== undefined) {
    throw new AppError('STORAGE_FAILED', `the reports in ${path} cannot be read`, {
      hint: 'Check who may read that folder, and what is in its place.',
      details: { path },
    });
  }
  if (reports.length === 0) output.line('There was no checkup yet: `holdfast checkup` makes one.');
  else {
    output.table(
      ['REPORT', 'DONE', 'VERDICT', 'PROVEN', 'REPAIRED', 'FAILED', 'NOT PROVEN'],
      reports.map(({ id, endedAt, verdict, quick, counts }) => [
        id,
        formatTime(new Date(endedAt)),
        quick ? `${VERDICTS[verdict]} (quick)` : VERDICTS[verdict],
        ...[counts.proven, counts.repaired, counts.failed, counts.unproven].map(String),
      ]),
      { numeric: [3, 4, 5, 6] },
    );
  }
  for (const report of reports) output.record({ event: 'checkup', ...report });
}

export function verifyReportsCommand(context: CliContext): Command {
  return new Command('verify')
    .description('look whether every report is there and as it was written')
    .option('--expect <sha256>', 'the hash on a report that was printed or sent: it has to be among them')
    .addOption(jsonOption())
    .action((_options, self: Command) => verify(context, self.optsWithGlobals<VerifyOptions>()));
}

async function verify(context: CliContext, options: VerifyOptions): Promise<void> {
  const output = outputFor(context, options);
  const { verifyChain } = await loadCheckingUp();
  const { reports, problems, hashes } = await verifyChain(context.places.stateDir);
  const sentences = problems.map((problem) => say(problem, 'en', new Date(0), 'UTC'));
  for (const sentence of sentences) output.line(`✗ ${sentence}`);
  const expected = options.expect?.toLowerCase();
  const found = [...hashes].find(([, sha256]) => sha256 === expected)?.[0];
  const isMissing = expected !== undefined && found === undefined;
  if (isMissing) output.line('✗ No report that is as it was written has that hash.');
  else if (found !== undefined) output.line(`✓ That is the report ${found}.`);
  if (problems.length === 0) output.line(`✓ ${plural(reports, 'report')}, each as it was written.`);
  output.record({ event: 'done', reports, problems, sentences, expected: found ?? null });
  const count = problems.length + (isMissing ? 1 : 0);
  if (count === 0) return;
  throw new AppError('REPORT_CHANGED', `${plural(count, 'thing does', 'things do')} not fit together`, {
    hint: 'Find out who could write into the state folder, and compare with the reports that were printed or sent.',
    details: { problems: count },
  });
}
