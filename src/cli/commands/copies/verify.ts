import { Command, Option } from 'commander';
import { verifyCopy, type CopyEntry, type VerifyCopyEvent } from '../../../copies/index.ts';
import { copiesContext } from '../../../service/index.ts';
import { AppError, isAppError } from '../../../shared/errors.ts';
import type { Vault } from '../../../vault/index.ts';
import { jsonOption, vaultOption, wholeNumber } from '../../common-options.ts';
import { outputFor, type CliContext, type VaultOptions } from '../../context.ts';
import { formatSize, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import { copiesOf, openCopiedVault } from './selection.ts';

interface VerifyOptions extends VaultOptions {
  readonly repair?: boolean;
  readonly part?: number;
}

export function verifyCopiesCommand(context: CliContext): Command {
  return new Command('verify')
    .description('read copies back and compare them with the vault; what was not looked at is said, too')
    .argument('[name]', 'only this one; all of the vault when left out')
    .option('--repair', 'send again what is damaged there')
    .addOption(
      new Option('--part <n>', 'which part of a repository’s data to read; the next one when left out').argParser(
        wholeNumber(1, 256),
      ),
    )
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((name: string | undefined, options: VerifyOptions) => verifyCopies(context, name, options));
}

async function verifyCopies(context: CliContext, name: string | undefined, options: VerifyOptions): Promise<void> {
  const output = outputFor(context, options);
  await using vault = await openCopiedVault(context, options, 'a verification of copies');
  let failed: AppError | undefined;
  for (const entry of await copiesOf(context, vault, name)) {
    try {
      await verifyOne(context, vault, entry, options, output);
    } catch (error) {
      if (name !== undefined || !isAppError(error) || error.code === 'CANCELLED') throw error;
      failed ??= error;
      output.error(error);
    }
  }
  if (failed !== undefined) context.setExitCode(failed.exitCode);
}

async function verifyOne(
  context: CliContext,
  vault: Vault,
  entry: CopyEntry,
  { repair = false, part }: VerifyOptions,
  output: Output,
): Promise<void> {
  const line = output.progress();
  const request = { repair, part, signal: context.signal };
  let open = 0;
  try {
    for await (const event of verifyCopy(copiesContext(context.places, context.env), vault, entry, request)) {
      if (event.kind === 'progress') {
        const { bytes, totalBytes } = event;
        line.show({
          phase: `${PHASES[event.phase]} ${entry.name}`,
          fraction: totalBytes === 0 ? undefined : bytes / totalBytes,
          facts: bytes === 0 ? [] : [formatSize(bytes)],
        });
        continue;
      }
      line.end();
      show(event, entry, output);
      if (event.kind === 'done') open = event.problems - event.repaired;
    }
  } finally {
    line.end();
  }
  if (open <= 0) return;
  throw new AppError('COPY_DAMAGED', `the copy ${entry.name} is damaged in ${plural(open, 'place')}`, {
    hint: repair
      ? 'What could not be repaired is named above. Check its disk.'
      : `Run \`holdfast copies verify ${entry.name} --repair\`: what is damaged there is sent again. Check its disk, too.`,
    details: { copy: entry.name, problems: open },
  });
}

const PHASES = { reading: 'Reading', comparing: 'Comparing', repairing: 'Repairing' } as const;

function show(event: Exclude<VerifyCopyEvent, { kind: 'progress' }>, { name }: CopyEntry, output: Output): void {
  const { kind, ...facts } = event;
  output.record({ event: kind, copy: name, ...facts });
  if (event.kind === 'problem') output.line(`✗ ${event.sentence}`);
  else if (event.kind === 'repaired') output.line(`✓ ${event.sentence}`);
  else {
    output.line(`${name}:`);
    for (const sentence of event.proven) output.line(`  ✓ ${sentence}`);
    for (const sentence of event.unproven) output.line(`  – ${sentence}`);
  }
}
