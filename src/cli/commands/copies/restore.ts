import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import {
  findEntry,
  openUnlistedCopy,
  restoreCopy,
  type RestoreCopyEvent,
  type UnlistedCopy,
} from '../../../copies/index.ts';
import { copiesContext } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { jsonOption } from '../../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../../context.ts';
import { formatSize, formatTime, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import type { ProgressLine } from '../../output/progress-line.ts';
import { readSecretFile } from '../../password.ts';
import { envFileOption, resticBinaryOption } from './options.ts';

interface RestoreOptions extends CommonOptions {
  readonly to: string;
  readonly folder?: string;
  readonly restic?: string;
  readonly passwordFile?: string;
  readonly envFile?: string;
  readonly resticBinary?: string;
  readonly ofVault?: string;
}

export function restoreCopyCommand(context: CliContext): Command {
  return new Command('restore')
    .description('rebuild a whole vault from a copy, also on a computer that knows nothing of it')
    .argument('[name]', 'a copy that is set up here; else --folder or --restic')
    .requiredOption('--to <dir>', 'where the vault is to be: a new or empty folder, or one begun by this command')
    .addOption(new Option('--folder <dir>', 'the second vault').conflicts('restic'))
    .option('--restic <repository>', 'the repository, as restic takes it')
    .option('--password-file <file>', 'the password of the repository, on the first line of this file')
    .addOption(new Option('--of-vault <id>', 'which vault, where the repository holds several').conflicts('folder'))
    .addOption(envFileOption())
    .addOption(resticBinaryOption())
    .addOption(jsonOption())
    .action((name: string | undefined, options: RestoreOptions) => runRestore(context, name, options));
}

async function runRestore(context: CliContext, name: string | undefined, options: RestoreOptions): Promise<void> {
  const output = outputFor(context, options);
  const copies = copiesContext(context.places, context.env);
  const { copy, vaultId } = await openUnlistedCopy(copies, await placeOf(context, name, options), context.signal);
  const line = output.progress();
  let damaged = 0;
  try {
    for await (const event of restoreCopy(copy, resolve(options.to), vaultId, context.signal)) {
      show(event, resolve(options.to), line, output);
      if (event.kind === 'damaged') damaged++;
    }
  } finally {
    line.end();
  }
  if (damaged === 0) return;
  throw new AppError('COPY_DAMAGED', `${plural(damaged, 'snapshot')} could not be restored from the copy`, {
    hint: 'What is damaged is named above; everything else is in the new vault. Another copy may have the rest.',
    details: { damaged },
  });
}

async function placeOf(context: CliContext, name: string | undefined, options: RestoreOptions): Promise<UnlistedCopy> {
  const { ofVault } = options;
  if (name !== undefined) return { kind: 'listed', entry: await findEntry(context.places.stateDir, name), ofVault };
  if (options.folder !== undefined) return { kind: 'folder', dir: resolve(options.folder) };
  const { restic: repository, passwordFile, envFile, resticBinary: binary } = options;
  if (repository === undefined || passwordFile === undefined) {
    throw new AppError('USAGE', 'which copy is to be restored?', {
      hint: 'Give its name, or --folder DIR, or --restic REPOSITORY with --password-file FILE.',
    });
  }
  return {
    kind: 'restic',
    repository,
    ofVault,
    password: await readSecretFile(passwordFile),
    ...(envFile !== undefined && { envFile }),
    ...(binary !== undefined && { binary }),
  };
}

function show(event: RestoreCopyEvent, dir: string, line: ProgressLine, output: Output): void {
  if (event.kind === 'progress') {
    const { snapshots, totalSnapshots, bytes, totalBytes } = event;
    const fraction = totalBytes > 0 ? bytes / totalBytes : snapshots / Math.max(1, totalSnapshots);
    const facts = [`snapshot ${snapshots + 1} of ${totalSnapshots}`, ...(bytes > 0 ? [formatSize(bytes)] : [])];
    line.show({ phase: 'Fetching back', fraction, facts });
    return;
  }
  line.end();
  if (event.kind === 'restored') {
    const { id, udid, takenAt, device } = event.snapshot;
    output.record({ event: 'restored', snapshot: id, udid, takenAt });
    output.line(`✓ ${device.name}, ${formatTime(takenAt)} (${id})`);
  } else if (event.kind === 'damaged') {
    output.record({ event: 'damaged', snapshot: event.snapshot, message: event.error.message });
    output.line(`✗ ${event.snapshot}: ${event.error.message}`);
  } else {
    const { restored, damaged, alreadyThere, ofOthers = 0 } = event;
    output.record({ event: 'done', dir, restored, damaged, alreadyThere, ofOthers });
    output.line(`${plural(restored, 'snapshot')} in the vault ${dir}, every byte compared with what it was.`);
    if (ofOthers > 0) output.line(`${plural(ofOthers, 'snapshot')} there of other vaults: see --of-vault.`);
  }
}
