import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { AddedCopy, NewResticCopy } from '../../../copies/index.ts';
import { setUpCopy, type CopySetUp } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { jsonOption, vaultOption, wholeNumber } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import type { Output } from '../../output/output.ts';
import { readSecretFile } from '../../password.ts';
import { envFileOption, keepOption, limitOption, resticBinaryOption, windowOption } from './options.ts';

interface AddOptions extends VaultOptions {
  readonly folder?: string;
  readonly restic?: string;
  readonly passwordFile?: string;
  readonly makePassword?: boolean;
  readonly envFile?: string;
  readonly resticBinary?: string;
  readonly every: number;
  readonly window?: { from: string; to: string };
  readonly limitUpload?: number;
  readonly readParts: number;
  readonly keep?: NonNullable<NewResticCopy['keep']>;
  readonly offSite?: boolean;
}

export function addCopyCommand(context: CliContext): Command {
  return new Command('add')
    .description('set up a copy of the vault: a second vault in a folder, or a restic repository anywhere')
    .argument('<name>', 'what to call it: usb-disk, offsite')
    .addOption(new Option('--folder <dir>', 'a folder on another disk, for a second vault').conflicts('restic'))
    .option('--restic <repository>', 'a folder, sftp:, rest:, s3:, b2:, rclone:, as restic takes it')
    .addOption(
      new Option('--password-file <file>', 'take the password of the repository from the first line of this file'),
    )
    .addOption(
      new Option('--make-password', 'have a password made, shown once and kept sealed').conflicts('passwordFile'),
    )
    .addOption(envFileOption())
    .addOption(resticBinaryOption())
    .addOption(new Option('--every <hours>', 'how often it is to be run').argParser(wholeNumber(1)).default(24))
    .addOption(windowOption())
    .addOption(limitOption())
    .addOption(
      new Option('--read-parts <n>', 'in how many parts its data is read back, one with every verification')
        .argParser(wholeNumber(1, 256))
        .default(12),
    )
    .addOption(keepOption('what is kept there, everything when left out'))
    .option('--off-site', 'it is in another building; told by its address when left out')
    .option('--no-off-site', 'it is in the same building')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((name: string, options: AddOptions) => runAdd(context, name, options));
}

async function runAdd(context: CliContext, name: string, options: AddOptions): Promise<void> {
  const output = outputFor(context, options);
  if ((options.folder === undefined) === (options.restic === undefined)) {
    throw new AppError('USAGE', 'a copy is in a folder or in a restic repository', {
      hint: 'Give --folder DIR or --restic REPOSITORY.',
    });
  }
  const common = {
    name,
    everyHours: options.every,
    offSite: options.offSite,
    ...(options.window !== undefined && { window: options.window }),
    ...(options.keep !== undefined && { keep: options.keep }),
    ...(options.limitUpload !== undefined && { bytesPerSecond: options.limitUpload * 1000 }),
  };
  const copy: CopySetUp =
    options.folder === undefined
      ? { kind: 'restic', ...common, ...(await resticFacts(options)) }
      : { kind: 'folder', ...common, dir: resolve(options.folder) };
  const { places, env, signal } = context;
  const added = await setUpCopy(
    { vaultDir: vaultDirFor(context, options), stateDir: places.stateDir, env, signal },
    copy,
  );
  show(added, output);
}

async function resticFacts(options: AddOptions): Promise<Omit<NewResticCopy, 'name' | 'everyHours'>> {
  const { restic: repository = '', passwordFile, makePassword, envFile, resticBinary, readParts } = options;
  if (passwordFile === undefined && makePassword !== true) {
    throw new AppError('USAGE', 'a restic repository needs a password', {
      hint: 'Give --password-file FILE, or --make-password to have one made.',
    });
  }
  return {
    // A folder means the same wherever the next command is started.
    repository: /^[a-z0-9]+:/i.test(repository) ? repository : resolve(repository),
    readParts,
    ...(passwordFile !== undefined && { password: await readSecretFile(passwordFile) }),
    ...(envFile !== undefined && { envFile: resolve(envFile) }),
    ...(resticBinary !== undefined && { binary: resolve(resticBinary) }),
  };
}

const WARNINGS = {
  'same-disk': 'This copy is on the same disk as the vault: it helps against slips, not against the loss of the disk.',
  'old-restic': 'This restic can copy, verify and restore, but not mend packs that have rotted: 0.17.1 or newer can.',
} as const;

function show({ entry, isFound, madePassword, warnings: found }: AddedCopy, output: Output): void {
  const warnings = found.map((each) => WARNINGS[each]);
  const place = entry.kind === 'folder' ? entry.dir : entry.repository;
  output.line(
    isFound ? `The copy ${entry.name} was found in ${place}.` : `The copy ${entry.name} was set up in ${place}.`,
  );
  if (madePassword !== undefined) {
    output.line();
    output.line('Its password, shown only now:');
    output.line();
    output.line(`    ${madePassword}`);
    output.line();
    output.line('Write it down and keep it where a fire at home would spare it: without it the copy cannot be read.');
    output.line('`holdfast recovery-sheet --with-password --to sheet.html` has it printed as well.');
  }
  for (const warning of warnings) output.note(warning);
  output.line(`\`holdfast copies run ${entry.name}\` fills it.`);
  output.record({
    event: 'added',
    name: entry.name,
    kind: entry.kind,
    place,
    found: isFound,
    offSite: entry.offSite,
    ...(madePassword !== undefined && { password: madePassword }),
    warnings,
  });
}
