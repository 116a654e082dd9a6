import { Command } from 'commander';
import {
  changeEncryption,
  deviceSetup,
  findDevice,
  keepPassword,
  newestKeybag,
  openSecretStore,
  type DeviceListing,
  type EncryptionChange,
  type EncryptionEvent,
} from '../../../service/index.ts';
import { AppError, isAppError } from '../../../shared/errors.ts';
import { addressOption, jsonOption, passwordFileOption, vaultOption } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import { newPasswordFrom, passwordFrom, type NewPasswordOptions, type PasswordOptions } from '../../password.ts';
import type { Output } from '../../output/output.ts';
import { checkCommand, forgetPasswordCommand } from './encryption-check.ts';
import { FORGOTTEN, doneWords } from './encryption-words.ts';

interface ChangeOptions extends VaultOptions, PasswordOptions, NewPasswordOptions {
  readonly address?: string;
  readonly keep?: boolean;
}

/** With fewer, a computer that has a copy of the backups finds it out. */
const SHORT_LETTERS = 8;
const SHORT = 'This password is short: who gets hold of a copy of the backups can try until it fits.';

type DoneEvent = Extract<EncryptionEvent, { event: 'done' }>;

export function encryptionCommand(context: CliContext): Command {
  const command = new Command('encryption').description('encrypt the backups of a device, and look after passwords');
  changing(context, 'on', 'have the device encrypt its backups from now on, with a password of yours');
  changing(context, 'change', 'give the backups of a device another password');
  changing(context, 'off', 'have the device no longer encrypt its backups');
  command.addCommand(checkCommand(context)).addCommand(forgetPasswordCommand(context));
  command
    .command('forgotten')
    .description('tell what can be done when nobody knows the password any more')
    .addOption(jsonOption())
    .action((options: VaultOptions) => tellForgotten(outputFor(context, options)));
  return command;

  function changing(of: CliContext, kind: EncryptionChange['kind'], description: string): void {
    const sub = command
      .command(kind)
      .description(description)
      .argument('[device]', 'name or UDID; may be left out when only one is connected');
    if (kind !== 'on') sub.addOption(passwordFileOption());
    if (kind !== 'off') {
      sub
        .option(
          '--new-password-file <file>',
          'take the new password from the first line of this file; else HOLDFAST_NEW_PASSWORD',
        )
        .option('--keep', 'keep the password sealed on this computer, so that backups open without asking');
    }
    sub
      .addOption(addressOption())
      .addOption(vaultOption(of))
      .addOption(jsonOption())
      .action((wanted: string | undefined, options: ChangeOptions) => change(of, kind, wanted, options));
  }
}

async function change(
  context: CliContext,
  kind: EncryptionChange['kind'],
  wanted: string | undefined,
  options: ChangeOptions,
): Promise<void> {
  const { signal } = context;
  const output = outputFor(context, options);
  const setup = deviceSetup(context.env, context.places);
  const device = await findDevice(setup, wanted, { address: options.address, signal });
  // Known before anybody has to enter a passcode.
  if (options.keep === true) openSecretStore(context.places, context.env).assertUsable();
  const asked = await passwordsFor(context, kind, device, options);
  if (asked.kind !== 'off' && asked.newPassword.length < SHORT_LETTERS) output.note(SHORT);
  const events = changeEncryption({
    setup,
    device,
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    change: asked,
    signal,
  });
  const done = await show(events, output);
  if (done === undefined) return;
  const isKept = options.keep === true && keep(context, asked, done, output);
  for (const words of doneWords(done, { isKept })) output.line(words);
  output.record({ ...done, passwordKept: isKept });
}

async function passwordsFor(
  context: CliContext,
  kind: EncryptionChange['kind'],
  device: DeviceListing,
  options: ChangeOptions,
): Promise<EncryptionChange> {
  if (kind === 'on') return { kind, newPassword: await newPasswordFrom(context, options) };
  const { udid } = device;
  const keybag = await newestKeybag({
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    udid,
  });
  const oldPassword = await passwordFrom(context, options, { question: 'Present backup password: ' })(false, {
    udid,
    keybag,
  });
  if (oldPassword === undefined) {
    throw new AppError('WRONG_PASSWORD', 'the present backup password is needed', {
      hint: 'Give it with --password-file or HOLDFAST_PASSWORD, or run this at a terminal. `holdfast encryption forgotten` tells what can be done when nobody knows it.',
    });
  }
  return kind === 'off'
    ? { kind, oldPassword }
    : { kind, oldPassword, newPassword: await newPasswordFrom(context, options) };
}

/** @returns the last event, which says that it is done. */
async function show(events: AsyncIterable<EncryptionEvent>, output: Output): Promise<DoneEvent | undefined> {
  let name = 'the device';
  for await (const event of events) {
    if (event.event === 'done') return event;
    output.record(event);
    if (event.event === 'started') {
      name = event.name;
      output.line(`Asking ${name} …`);
    } else if (event.event === 'passcode' && event.wanted) {
      output.line(`Enter the passcode on ${name} now: it asks there, and waits for a while.`);
    } else if (event.event === 'warning') output.note(event.message);
  }
  return undefined;
}

/**
 * With the password there was before, which older snapshots go on to need.
 *
 * @returns whether that worked: the device has made its change, and people have to be told of that in any case.
 */
function keep(context: CliContext, asked: EncryptionChange, done: DoneEvent, output: Output): boolean {
  const store = openSecretStore(context.places, context.env);
  const { udid, keybag, oldKeybag } = done;
  try {
    if (asked.kind !== 'on' && oldKeybag !== undefined) {
      keepPassword(store, { udid, keybag: oldKeybag }, asked.oldPassword);
    }
    if (asked.kind !== 'off') keepPassword(store, { udid, keybag }, asked.newPassword);
    return true;
  } catch (error) {
    if (!isAppError(error)) throw error;
    output.note(`The password could not be kept: ${error.message}. ${error.hint ?? ''}`.trim());
    context.setExitCode(error.exitCode);
    return false;
  }
}

function tellForgotten(output: Output): void {
  for (const line of FORGOTTEN) output.line(line);
  output.record({ event: 'forgotten', text: FORGOTTEN.join('\n') });
}
