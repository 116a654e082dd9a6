import { Command } from 'commander';
import { deviceSetup, examine, type Finding } from '../../service/index.ts';
import { ERROR_CODES } from '../../shared/errors.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: '✓', attention: '!', problem: '✗' };

export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .description('find out what stands between this computer and the phone, and what to do about it')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: VaultOptions) => runDoctor(context, options));
}

/** Ends with the exit code of the first problem found. */
async function runDoctor(context: CliContext, options: VaultOptions): Promise<void> {
  const output = outputFor(context, options);
  const { places, signal } = context;
  const setup = deviceSetup(context.env, places);
  let firstProblem: Finding | undefined;
  for await (const finding of examine({ setup, places, vaultDir: vaultDirFor(context, options), signal })) {
    output.line(`${MARKS[finding.state]} ${finding.message}`);
    if (finding.hint !== undefined) output.line(`    ${finding.hint}`);
    output.record(finding);
    if (finding.state === 'problem') firstProblem ??= finding;
  }
  output.line(
    firstProblem === undefined ? 'Nothing stands in the way.' : 'Do what is said at each ✗, then look again.',
  );
  if (firstProblem !== undefined) context.setExitCode(ERROR_CODES[firstProblem.code ?? 'USAGE'].exit);
}
