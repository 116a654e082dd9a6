import { Command } from 'commander';
import {
  deviceSetup,
  findDevice,
  loadRestoring,
  type RestoreDecision,
  type RestoreDeviceEvent,
  type RestorePlan,
} from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { askLine, askYesNo } from '../../ask.ts';
import { addressOption, jsonOption, passwordFileOption, vaultOption } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext } from '../../context.ts';
import type { ReadOptions } from '../../open-backup.ts';
import type { Output } from '../../output/output.ts';
import { passwordFrom } from '../../password.ts';
import { lossWords } from './restore-words.ts';
import { runRestoreSelected } from './restore-selected.ts';
import { RestoreShown } from './restore-shown.ts';

const { restoreDevice, SELECTABLE_KINDS } = await loadRestoring();

interface RestoreCommandOptions extends ReadOptions {
  readonly to?: string;
  readonly address?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly system: boolean;
  readonly keepSettings?: boolean;
  readonly remove: boolean;
  readonly reboot: boolean;
  readonly apps: boolean;
  /** Undefined unless one of the two options was given. */
  readonly safetyBackup?: boolean;
  readonly skipVerify?: boolean;
  readonly force?: boolean;
  readonly only?: string;
  readonly devicePasswordFile?: string;
  readonly allowDecryption?: boolean;
}

export function restoreCommand(context: CliContext): Command {
  return new Command('restore')
    .description('bring a snapshot, or a backup folder, back onto a device: the same or another')
    .argument('<snapshot>', 'the id of a snapshot or the beginning of one, “latest”, or the path of a backup folder')
    .option('--to <device>', 'name or UDID of the device; may be left out when only one is connected')
    .option('--dry-run', 'only look whether it would work, and what to do about what is in the way')
    .option('--yes', 'do not ask; a device that holds something is backed up first')
    .option('--safety-backup', 'back the device up before anything is written to it')
    .option('--no-safety-backup', 'do not: what is on it is lost')
    .option('--no-system', 'leave network settings and other files of the system as they are')
    .option('--keep-settings', 'keep the settings that are on the device')
    .option('--no-remove', 'leave on the device what is not in the backup, beside what is')
    .option('--no-apps', 'do not have the device load its apps again from the App Store')
    .option('--no-reboot', 'do not restart the device, which has to be done before it can be used')
    .option('--skip-verify', 'do not read every file before: for a backup verified not long ago')
    .option('--force', 'restore although a check says that the device will refuse')
    .option(
      '--only <parts>',
      `EXPERIMENTAL: only these, the rest of the device stays as it is: ${SELECTABLE_KINDS.join(',')},app:BUNDLE-ID,group:GROUP-ID; the device is always backed up first`,
    )
    .option(
      '--device-password-file <file>',
      'with --only: the password of the backups the device makes now, if another',
    )
    .option('--allow-decryption', 'with --only: from an encrypted snapshot to a device whose backups are not encrypted')
    .addOption(passwordFileOption())
    .addOption(addressOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, options: RestoreCommandOptions) => runRestore(context, wanted, options));
}

async function runRestore(context: CliContext, wanted: string, options: RestoreCommandOptions): Promise<void> {
  const { signal } = context;
  const { only } = options;
  if (only !== undefined) {
    return runRestoreSelected(context, wanted, { ...options, only }, meaninglessWithOnly(options));
  }
  const output = outputFor(context, options);
  if (options.dryRun !== true && options.yes !== true && (context.input === undefined || output.json)) {
    throw new AppError('USAGE', 'a restore has to be confirmed, and there is nobody to ask', {
      hint: '--yes restores without asking, --dry-run only looks whether it would work.',
    });
  }
  const setup = deviceSetup(context.env, context.places);
  const events = restoreDevice({
    setup,
    find: () => findDevice(setup, options.to, { address: options.address, signal }),
    wanted,
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    password: passwordFrom(context, options),
    options: {
      systemFiles: options.system,
      preserveSettings: options.keepSettings,
      removeOthers: options.remove,
      reboot: options.reboot,
      apps: options.apps,
    },
    dryRun: options.dryRun === true,
    skipVerify: options.skipVerify === true,
    force: options.force === true,
    confirm: (plan) => decide(context, output, plan, options),
    signal,
  });
  await showRestore(events, output);
}

/** What `--only` decides by itself, as it was given. */
function meaninglessWithOnly(options: RestoreCommandOptions): string[] {
  return [
    options.safetyBackup === false ? '--no-safety-backup' : '',
    options.system ? '' : '--no-system',
    options.keepSettings === true ? '--keep-settings' : '',
    options.remove ? '' : '--no-remove',
  ].filter((option) => option !== '');
}

async function showRestore(events: AsyncIterable<RestoreDeviceEvent>, output: Output): Promise<void> {
  using shown = new RestoreShown(output);
  for await (const event of events) {
    output.record(event);
    shown.show(event);
  }
}

/** Says what will be lost, and asks what is to be done. */
async function decide(
  context: CliContext,
  output: Output,
  plan: RestorePlan,
  options: RestoreCommandOptions,
): Promise<RestoreDecision> {
  for (const words of lossWords(plan)) output.line(words);
  const { input } = context;
  if (options.yes === true || input === undefined) {
    return { proceed: true, safetyBackup: options.safetyBackup ?? plan.mayHoldData };
  }
  const question = 'Back up what is on it first?';
  const safetyBackup = options.safetyBackup ?? (await askYesNo(context, input, question, plan.mayHoldData));
  const name = plan.device.facts.name ?? plan.device.udid;
  const answer = await askLine(context, input, `Restore to ${name} now? Type “restore” to go on: `);
  return { proceed: /^[“"]?restore[”"]?$/i.test(answer), safetyBackup };
}
