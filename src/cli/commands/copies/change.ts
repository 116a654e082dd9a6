import { resolve } from 'node:path';
import { Command } from 'commander';
import { changeCopy, changeCopySecrets, findEntry, type CopyEntry } from '../../../copies/index.ts';
import type { CopyPatch } from '../../../contract/index.ts';
import { copiesContext } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { jsonOption, wholeNumber } from '../../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../../context.ts';
import { readSecretFile } from '../../password.ts';
import { envFileOption, keepOption, limitOption, windowOption } from './options.ts';

interface ChangeOptions extends CommonOptions {
  readonly passwordFile?: string;
  readonly envFile?: string;
  readonly every?: number;
  /** False where it is taken away. */
  readonly window?: NonNullable<CopyEntry['window']> | false;
  readonly limitUpload?: number | false;
  readonly keep?: NonNullable<CopyEntry['keep']> | false;
  readonly offSite?: boolean;
}

export function changeCopyCommand(context: CliContext): Command {
  return new Command('change')
    .description('change how a copy is kept, or what its repository is opened with; where it is stays')
    .argument('<name>', 'which one')
    .option('--password-file <file>', 'the password of the repository; kept once the repository has opened with it')
    .addOption(envFileOption())
    .option('--every <hours>', 'how often it is to be run', wholeNumber(1))
    .addOption(windowOption())
    .option('--no-window', 'it may run at any time')
    .addOption(limitOption())
    .option('--no-limit-upload', 'it may be as fast as it can')
    .addOption(keepOption('what is kept there'))
    .option('--no-keep', 'everything is kept there')
    .option('--off-site', 'it is in another building')
    .option('--no-off-site', 'it is in the same building')
    .addOption(jsonOption())
    .action((name: string, options: ChangeOptions) => runChange(context, name, options));
}

/** What is proven comes first: where it is refused nothing is changed. */
async function runChange(context: CliContext, name: string, options: ChangeOptions): Promise<void> {
  const output = outputFor(context, options);
  const { places, env, signal } = context;
  const { stateDir } = places;
  const patch = patchOf(options);
  const secrets = await secretsOf(options);
  const isPatched = Object.keys(patch).length > 0;
  if (!isPatched && secrets === undefined) {
    throw new AppError('USAGE', 'nothing was said that is to change', { hint: 'See `holdfast copies change --help`.' });
  }
  await findEntry(stateDir, name);
  if (secrets !== undefined) {
    await changeCopySecrets(copiesContext(places, env), name, secrets, signal);
    output.line(`The repository of the copy ${name} has opened with that. It is kept from now on.`);
  }
  if (isPatched) {
    await changeCopy({ stateDir }, name, patch);
    output.line(`The copy ${name} is changed.`);
  }
  output.record({ event: 'changed', name, proven: secrets !== undefined });
}

function patchOf({ every, window, limitUpload, keep, offSite }: ChangeOptions): CopyPatch {
  return {
    ...(every !== undefined && { everyHours: every }),
    ...(window !== undefined && { window: window === false ? null : window }),
    ...(limitUpload !== undefined && { bytesPerSecond: limitUpload === false ? null : limitUpload * 1000 }),
    ...(keep !== undefined && { keep: keep === false ? null : keep }),
    ...(offSite !== undefined && { offSite }),
  };
}

async function secretsOf({
  passwordFile,
  envFile,
}: ChangeOptions): Promise<Parameters<typeof changeCopySecrets>[2] | undefined> {
  if (passwordFile === undefined && envFile === undefined) return undefined;
  return {
    ...(passwordFile !== undefined && { password: await readSecretFile(passwordFile) }),
    ...(envFile !== undefined && { envFile: resolve(envFile) }),
  };
}
