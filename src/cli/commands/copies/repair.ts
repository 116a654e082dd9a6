import { Command } from 'commander';
import { repairFromCopies, type CopyEntry, type RepairFromCopiesEvent } from '../../../copies/index.ts';
import { copiesContext } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Vault, VaultProblem } from '../../../vault/index.ts';
import { jsonOption, vaultOption } from '../../common-options.ts';
import { outputFor, type CliContext, type VaultOptions } from '../../context.ts';
import { formatCount, formatSize, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import { allCopiesOf, copiesOf, openCopiedVault } from './selection.ts';

export function repairCommand(context: CliContext): Command {
  return new Command('repair')
    .description('verify the vault, and fetch back from its copies what is damaged or missing')
    .argument('[name]', 'only from this copy; from any when left out')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((name: string | undefined, options: VaultOptions) => runRepair(context, name, options));
}

/** Also what `holdfast verify --repair` does. */
export async function runRepair(context: CliContext, name: string | undefined, options: VaultOptions): Promise<void> {
  await using vault = await openCopiedVault(context, options, 'a repair', 'write');
  const output = outputFor(context, options);
  await repairWithProgress(context, vault, await copiesToAsk(context, vault, name, output), output);
}

/** Without any copy what is there twice is mended all the same. */
async function copiesToAsk(
  context: CliContext,
  vault: Vault,
  name: string | undefined,
  output: Output,
): Promise<CopyEntry[]> {
  const entries = name === undefined ? await allCopiesOf(context, vault) : await copiesOf(context, vault, name);
  if (entries.length === 0)
    output.note('No copy of this vault is set up: only what the vault has twice can be mended.');
  return entries;
}

async function repairWithProgress(
  context: CliContext,
  vault: Vault,
  entries: readonly CopyEntry[],
  output: Output,
): Promise<void> {
  const line = output.progress();
  let left = 0;
  try {
    for await (const event of repairFromCopies(
      copiesContext(context.places, context.env),
      vault,
      entries,
      context.signal,
    )) {
      if (event.kind === 'progress') {
        const fraction = event.totalBytes === 0 ? 1 : event.bytes / event.totalBytes;
        line.show({ phase: 'Reading', fraction, facts: [formatSize(event.bytes)] });
        continue;
      }
      line.end();
      show(event, output);
      if (event.kind === 'done') left = event.problems - event.repaired;
    }
  } finally {
    line.end();
  }
  if (left === 0) return;
  throw new AppError('SNAPSHOT_CORRUPT', `the vault is still damaged in ${plural(left, 'place')}`, {
    hint: 'Connect a copy that was not asked and run this again. What the device still has comes back with its next backup.',
    details: { problems: left },
  });
}

function show(event: Exclude<RepairFromCopiesEvent, { kind: 'progress' }>, output: Output): void {
  if (event.kind === 'absent') {
    output.note(`The copy ${event.copy} could not be asked: ${event.error.message}.`);
    output.record({ event: 'absent', copy: event.copy, code: event.error.code, message: event.error.message });
    return;
  }
  const { kind, ...facts } = event;
  output.record({ event: kind, ...facts });
  if (event.kind === 'problem') output.line(`✗ ${subjectOf(event.problem)} damaged.`);
  else if (event.kind === 'unrepaired') output.line(`✗ ${subjectOf(event.problem)} in no copy that could be asked.`);
  else if (event.kind === 'repaired') {
    const from = event.donor === undefined ? withoutDonor(event.problem) : `whole again, from ${event.donor}`;
    output.line(`✓ ${subjectOf(event.problem)} ${from}.`);
  } else if (event.problems === 0) {
    output.line(
      `Nothing to repair: ${formatCount(event.objects)} objects, ${formatSize(event.bytes)}, every byte read.`,
    );
  } else output.line(`${event.repaired} of ${plural(event.problems, 'problem')} repaired.`);
}

/** What is not needed is only taken out of use; of the others the vault has enough itself. */
function withoutDonor(problem: VaultProblem): string {
  if (problem.kind !== 'object') return 'whole again, from what the vault has itself';
  return problem.fileCount === 0
    ? 'out of the way'
    : 'whole in a second file of the vault; the damaged one is out of the way';
}

/** "1.5 MB in objects/ab/… (Ada’s iPhone, 3fa94c01: Manifest.db) are": what a sentence about it begins with. */
function subjectOf(problem: VaultProblem): string {
  if (problem.kind === 'record') return `The record ${problem.path} is`;
  if (problem.kind === 'list') return `The file list of ${problem.snapshots.join(', ')} is`;
  if (problem.kind === 'segment-index') return `The index of ${problem.path} is`;
  if (problem.kind === 'list-base') return `One of the two files of ${problem.path} is`;
  const [file] = problem.files;
  const whose = file === undefined ? 'which no snapshot needs' : `${file.deviceName}, ${file.snapshot}: ${file.path}`;
  return `${formatSize(problem.sizeBytes)} (${whose}) are`;
}
