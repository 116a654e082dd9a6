import { Command } from 'commander';
import { backUpDevice, deviceSetup, findDevice, findOrRecord, type BackupEvent } from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { loadVaultAhead } from '../../../vault/index.ts';
import { addressOption, jsonOption, vaultOption } from '../../common-options.ts';
import { localService } from '../../by-service/local-service.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import { BACKUP_PHASES } from '../../output/backup-phases.ts';
import { formatDuration, formatSize, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import type { ProgressLine, ProgressState } from '../../output/progress-line.ts';

export interface BackupCommandOptions extends VaultOptions {
  readonly all?: boolean;
  readonly full?: boolean;
  readonly reconnect: boolean;
  readonly address?: string;
}

type DoneEvent = Extract<BackupEvent, { event: 'done' }>;
type ProgressEvent = Extract<BackupEvent, { event: 'progress' }>;

export function backupCommand(context: CliContext): Command {
  return new Command('backup')
    .description('back up an iPhone or iPad; goes on from where an interrupted run stopped')
    .argument('[device]', 'name or UDID; may be left out when only one is connected')
    .option('--all', 'every paired device in reach, all at the same time')
    .option('--full', 'have the device send everything again')
    .option('--no-reconnect', 'end when the connection breaks, instead of waiting for the device and going on')
    .addOption(addressOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string | undefined, options: BackupCommandOptions) => runBackup(context, wanted, options));
}

async function runBackup(
  context: CliContext,
  wanted: string | undefined,
  options: BackupCommandOptions,
): Promise<void> {
  const { signal } = context;
  const output = outputFor(context, options);
  const setup = deviceSetup(context.env, context.places);
  if (options.all === true) {
    if (wanted === undefined && options.address === undefined) {
      const { backUpAll } = await import('./backup-all.ts');
      return await backUpAll(context, options);
    }
    throw new AppError('USAGE', '--all means every device, and one is named', {
      hint: 'Leave out the device and --address, or --all.',
    });
  }
  const { stateDir } = context.places;
  const service =
    options.address === undefined ? await localService(context, vaultDirFor(context, options)) : undefined;
  if (service !== undefined) {
    const { backUpOneByService } = await import('./backup-by-service.ts');
    await backUpOneByService(context, service, wanted, options);
    return;
  }
  loadVaultAhead();
  const device = await findOrRecord(() => findDevice(setup, wanted, { address: options.address, signal }), {
    setup,
    stateDir,
    wanted,
    kind: 'backup',
  });
  const events = backUpDevice({
    setup,
    device,
    vaultDir: vaultDirFor(context, options),
    stateDir,
    full: options.full === true,
    address: options.address,
    ...(options.reconnect ? {} : { reconnect: { times: 0 } }),
    signal,
  });
  await showBackup(events, output);
}

/** Shows a backup as it goes on, and its end; also used by the demo. */
export async function showBackup(events: AsyncIterable<BackupEvent>, output: Output): Promise<DoneEvent | undefined> {
  const line = output.progress();
  let done: DoneEvent | undefined;
  try {
    for await (const event of events) {
      output.record(event);
      showEvent(event, line, output);
      if (event.event === 'done') done = event;
    }
  } finally {
    line.end();
  }
  if (done !== undefined) for (const words of doneWords(done)) output.line(words);
  return done;
}

/** Shows one event; the numbers of the end are `doneWords`. */
export function showEvent(event: BackupEvent, line: ProgressLine, output: Pick<Output, 'line' | 'note'>): void {
  if (event.event === 'progress') line.show(progressState(event));
  if (event.event === 'warning') output.note(event.message);
  if (event.event === 'reconnecting') {
    const asking = event.asksPasscode ? ' It will ask for its passcode again.' : '';
    output.note(`${event.reason} Going on as soon as the device is back (for ${event.waitSeconds} s).${asking}`);
  }
  if (event.event === 'started') {
    const goingOn = event.resumed ? ', going on from where the last run stopped' : '';
    output.line(`Backing up ${event.name}${goingOn}.`);
  }
}

function progressState(event: ProgressEvent): ProgressState {
  const { phase, files, bytes, bytesPerSecond, secondsLeft, fraction } = event;
  const facts = [plural(files, 'file'), formatSize(bytes)];
  if (bytesPerSecond > 0) facts.push(`${formatSize(bytesPerSecond)}/s`);
  if (secondsLeft !== undefined) facts.push(`${formatDuration(secondsLeft)} left`);
  const isTransfer = phase === 'receiving' || files > 0;
  return {
    phase: BACKUP_PHASES[phase],
    fraction: isTransfer ? fraction : undefined,
    facts: isTransfer ? facts : undefined,
  };
}

export function doneWords({ snapshot, files, bytes, newBytes, full, encrypted, seconds }: DoneEvent): string[] {
  const sent = full ? 'Everything was sent' : 'Only changes were sent';
  return [
    `Done in ${formatDuration(seconds)}: snapshot ${snapshot}, ${plural(files, 'file')}, ${formatSize(bytes)}.`,
    `${sent}; ${formatSize(newBytes)} new in the vault. ${encrypted ? 'Encrypted.' : 'Not encrypted.'}`,
  ];
}
