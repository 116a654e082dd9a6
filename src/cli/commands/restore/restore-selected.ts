import { join } from 'node:path';
import {
  deviceSetup,
  findDevice,
  loadRestoring,
  type AskPassword,
  type RestoreSelectedEvent,
} from '../../../service/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { askLine } from '../../ask.ts';
import { outputFor, vaultDirFor, type CliContext } from '../../context.ts';
import type { ReadOptions } from '../../open-backup.ts';
import type { Output } from '../../output/output.ts';
import { askSecret, passwordFrom, readSecretFile } from '../../password.ts';
import { RestoreShown } from './restore-shown.ts';
import { SelectionShown } from './selection-shown.ts';

const { parseChoice, restoreSelected } = await loadRestoring();

/** The options of `holdfast restore` that have a meaning with `--only`. */
export interface SelectedOptions extends ReadOptions {
  readonly only: string;
  readonly devicePasswordFile?: string;
  readonly allowDecryption?: boolean;
  readonly to?: string;
  readonly address?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly reboot: boolean;
  readonly apps: boolean;
  readonly skipVerify?: boolean;
  readonly force?: boolean;
}

/** Restores a part of a snapshot. @param meaningless options given that mean nothing with `--only`. */
export async function runRestoreSelected(
  context: CliContext,
  wanted: string,
  options: SelectedOptions,
  meaningless: readonly string[],
): Promise<void> {
  const { signal } = context;
  const output = outputFor(context, options);
  const choice = parseChoice(options.only);
  checkOptions(context, output, options, meaningless);
  const setup = deviceSetup(context.env, context.places);
  const events = restoreSelected({
    setup,
    find: () => findDevice(setup, options.to, { address: options.address, signal }),
    wanted,
    choice,
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    workDir: join(context.places.stateDir, 'composing'),
    password: passwordFrom(context, options),
    devicePassword: devicePasswordFrom(context, options),
    options: { reboot: options.reboot, apps: options.apps },
    dryRun: options.dryRun === true,
    skipVerify: options.skipVerify === true,
    force: options.force === true,
    allowDecryption: options.allowDecryption === true,
    confirm: (_plan, device) => confirm(context, options, device.facts.name ?? device.udid),
    signal,
  });
  await show(events, output);
}

function checkOptions(
  context: CliContext,
  output: Output,
  { dryRun, yes }: SelectedOptions,
  meaningless: readonly string[],
): void {
  if (meaningless.includes('--no-safety-backup')) {
    throw new AppError('USAGE', 'restoring a part is experimental, and always backs the device up first', {
      hint: 'Leave --no-safety-backup out.',
    });
  }
  const [other] = meaningless;
  if (other !== undefined) {
    throw new AppError('USAGE', `${other} has no meaning with --only`, {
      hint: 'With --only everything else on the device stays as it is.',
    });
  }
  if (dryRun !== true && yes !== true && (context.input === undefined || output.json)) {
    throw new AppError('USAGE', 'a restore has to be confirmed, and there is nobody to ask', {
      hint: '--yes restores without asking, --dry-run only shows what would be exchanged.',
    });
  }
}

/** The password of the device's backups as they are now, where it is not that of the snapshot. */
function devicePasswordFrom(context: CliContext, options: SelectedOptions): AskPassword {
  const { devicePasswordFile } = options;
  if (devicePasswordFile !== undefined)
    return async (again) => (again ? undefined : readSecretFile(devicePasswordFile));
  const usual = passwordFrom(context, {}, { mayAsk: false });
  let isUsualTried = false;
  return async (again, of) => {
    const kept = isUsualTried ? undefined : await usual(again, of);
    if (kept !== undefined) return kept;
    isUsualTried = true;
    return askSecret(context, 'Password of the backups that this device makes now: ');
  };
}

async function confirm(context: CliContext, { yes }: SelectedOptions, name: string): Promise<boolean> {
  const { input } = context;
  if (yes === true || input === undefined) return true;
  const answer = await askLine(context, input, `Exchange this on ${name} now? Type “restore” to go on: `);
  return /^[“"]?restore[”"]?$/i.test(answer);
}

async function show(events: AsyncIterable<RestoreSelectedEvent>, output: Output): Promise<void> {
  output.line('Restoring a part of a snapshot is experimental: it has not been tried on every iPhone and iOS.');
  using shown = new SelectionShown(output, new RestoreShown(output));
  for await (const event of events) {
    output.record(event);
    shown.show(event);
  }
}
