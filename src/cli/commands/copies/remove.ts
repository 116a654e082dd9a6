import { Command } from 'commander';
import { findEntry, removeCopy } from '../../../copies/index.ts';
import { copiesContext } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { askYesNo } from '../../ask.ts';
import { jsonOption } from '../../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../../context.ts';

interface RemoveOptions extends CommonOptions {
  readonly yes?: boolean;
}

export function removeCopyCommand(context: CliContext): Command {
  return new Command('remove')
    .description('forget a copy and its password; what lies in its place stays there')
    .argument('<name>', 'which one')
    .option('--yes', 'do not ask')
    .addOption(jsonOption())
    .action((name: string, options: RemoveOptions) => runRemove(context, name, options));
}

async function runRemove(context: CliContext, name: string, options: RemoveOptions): Promise<void> {
  const output = outputFor(context, options);
  const entry = await findEntry(context.places.stateDir, name);
  const place = entry.kind === 'folder' ? entry.dir : entry.repository;
  const what = entry.kind === 'folder' ? `Forget the copy ${name}` : `Forget the copy ${name} and its password`;
  if (options.yes !== true) await assertMeant(context, `${what}? What lies in ${place} stays there.`);
  await removeCopy(copiesContext(context.places, context.env), name);
  output.line(`The copy ${name} is forgotten. What lies in ${place} is still there.`);
  output.record({ event: 'removed', name, place });
}

async function assertMeant(context: CliContext, question: string): Promise<void> {
  if (context.input === undefined) {
    throw new AppError('USAGE', 'nobody can be asked whether this is meant', { hint: 'Say so with --yes.' });
  }
  if (await askYesNo(context, context.input, question, false)) return;
  throw new AppError('CANCELLED', 'nothing was changed');
}
