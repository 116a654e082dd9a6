import { Command } from 'commander';
import {
  checkPasswords,
  forgetPasswords,
  isPasswordKept,
  isSnapshotOf,
  keepPassword,
  keptPasswords,
  normalizeUdid,
  openSecretStore,
  type CheckedSnapshot,
  type SecretStore,
} from '../../../service/index.ts';
import { AppError, ERROR_CODES, isAppError } from '../../../shared/errors.ts';
import { openKnownVault, passwordDates, type SnapshotRecord, type Vault } from '../../../vault/index.ts';
import { jsonOption, passwordFileOption, vaultOption } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import { formatTime, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import { askSecret, namedPassword, type PasswordOptions } from '../../password.ts';

interface CheckOptions extends VaultOptions, PasswordOptions {
  readonly all?: boolean;
  readonly keep?: boolean;
}

/** At a terminal: older versions may have had another password. */
const MAX_ASKED = 5;

export function checkCommand(context: CliContext): Command {
  return new Command('check')
    .description('prove, without the device, which versions a password opens')
    .argument('[what]', 'name or UDID of a device, or the id of a snapshot; without it, all')
    .option('--all', 'all snapshots of all devices')
    .option('--keep', 'keep a password that opens something sealed on this computer')
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string | undefined, options: CheckOptions) => check(context, wanted, options));
}

async function check(context: CliContext, wanted: string | undefined, options: CheckOptions): Promise<void> {
  const { places, env, signal } = context;
  const output = outputFor(context, options);
  await using vault = await openKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: places.stateDir,
    purpose: 'checking passwords',
    create: false,
    lock: 'none',
  });
  const records = options.all === true || wanted === undefined ? vault.snapshots() : recordsOf(vault, wanted);
  const store = openSecretStore(places, env);
  const named = await namedPassword(context, options);
  const checked = checkPasswords({
    vault,
    records,
    // Who names a password wants to know what that one opens.
    kept: (of) => (named === undefined ? keptPasswords(store, of) : []),
    ask: (number) => nextPassword(context, named, number),
    onProven: (of, { by, password }) => {
      // What is kept already is put under the keybag it is now known to open.
      if ((options.keep === true || by === 'kept') && !isPasswordKept(store, of)) keepPassword(store, of, password);
    },
    signal,
  });
  await show(checked, { dates: passwordDates(vault.snapshots()), store, output, context });
}

/** One that was named is the only one; a person may know several. */
async function nextPassword(
  context: CliContext,
  named: string | undefined,
  number: number,
): Promise<string | undefined> {
  if (named !== undefined) return number === 0 ? named : undefined;
  if (number >= MAX_ASKED) return undefined;
  const another = number === 0 ? '' : 'Another version has another password. ';
  const given = await askSecret(context, `${another}Backup password (Enter alone: no more): `);
  return given === '' ? undefined : given;
}

async function show(
  checked: AsyncIterable<CheckedSnapshot>,
  with_: { dates: ReadonlyMap<string, Date>; store: SecretStore; output: Output; context: CliContext },
): Promise<void> {
  const { dates, store, output, context } = with_;
  const all: CheckedSnapshot[] = [];
  for await (const each of checked) {
    all.push(each);
    const { record, state, keybag, by, problem } = each;
    output.record({
      event: 'checked',
      id: record.id,
      udid: record.udid,
      name: record.device.name,
      takenAt: record.takenAt.toISOString(),
      state,
      keybag: keybag ?? null,
      passwordSince: (keybag && dates.get(keybag)?.toISOString()) ?? null,
      by: by ?? null,
      problem: problem ?? null,
    });
  }
  const isKept = ({ record, keybag }: CheckedSnapshot): boolean => isPasswordKept(store, { udid: record.udid, keybag });
  if (all.length === 0) output.line('There is no snapshot to check.');
  else {
    output.table(
      ['ID', 'DEVICE', 'TAKEN', 'PASSWORD', 'STATE'],
      all.map((each) => [
        each.record.id,
        each.record.device.name,
        formatTime(each.record.takenAt),
        passwordWords(each, dates),
        stateWords(each, each.state === 'opens' && isKept(each)),
      ]),
    );
  }
  end(all, output, context);
}

function passwordWords({ keybag }: CheckedSnapshot, dates: ReadonlyMap<string, Date>): string {
  if (keybag === undefined) return '';
  const since = dates.get(keybag);
  return since === undefined ? 'unknown since when' : `that of ${formatTime(since).slice(0, 10)}`;
}

function stateWords({ state, problem }: CheckedSnapshot, isKept: boolean): string {
  if (state === 'readable') return 'not encrypted';
  if (state === 'opens') return isKept ? 'opens; password kept' : 'opens';
  if (state === 'closed') return 'DOES NOT OPEN';
  return `DAMAGED: ${problem ?? 'it cannot be opened'}`;
}

function end(all: readonly CheckedSnapshot[], output: Output, context: CliContext): void {
  const count = (state: CheckedSnapshot['state']): number => all.filter((each) => each.state === state).length;
  const [opens, closed, damaged, readable] = [count('opens'), count('closed'), count('damaged'), count('readable')];
  output.record({ event: 'done', opens, closed, damaged, readable });
  if (opens > 0) output.line(`${plural(opens, 'snapshot opens', 'snapshots open')}, proven just now.`);
  if (closed > 0) {
    output.line(
      `${plural(closed, 'snapshot does', 'snapshots do')} not open with any password given. \`holdfast encryption forgotten\` tells what can be done.`,
    );
    context.setExitCode(ERROR_CODES.WRONG_PASSWORD.exit);
  }
  if (damaged > 0) {
    output.line('No password opens what is damaged. `holdfast verify` tells more.');
    context.setExitCode(ERROR_CODES.SNAPSHOT_CORRUPT.exit);
  }
}

/** The snapshots of a device that is named, else the one with this id. @throws {AppError} SNAPSHOT_NOT_FOUND */
function recordsOf(vault: Vault, wanted: string): SnapshotRecord[] {
  const ofDevice = vault.snapshots().filter((record) => isSnapshotOf(record, wanted));
  return ofDevice.length > 0 ? ofDevice : [vault.findSnapshot(wanted)];
}

export function forgetPasswordCommand(context: CliContext): Command {
  return new Command('forget-password')
    .description('forget what passwords are kept on this computer for a device')
    .argument('<device>', 'its name or UDID; it need not be there')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, options: VaultOptions) => forget(context, wanted, options));
}

async function forget(context: CliContext, wanted: string, options: VaultOptions): Promise<void> {
  const output = outputFor(context, options);
  const store = openSecretStore(context.places, context.env);
  const udids = await udidsOf(context, wanted, options);
  const forgotten = udids.reduce((sum, udid) => sum + forgetPasswords(store, udid), 0);
  output.line(
    forgotten === 0
      ? 'No password was kept.'
      : `Forgotten: ${plural(forgotten, 'password')}. The backups need them all the same.`,
  );
  output.record({ event: 'done', forgotten });
}

async function udidsOf(context: CliContext, wanted: string, options: VaultOptions): Promise<string[]> {
  try {
    const request = { dir: vaultDirFor(context, options), stateDir: context.places.stateDir };
    await using vault = await openKnownVault({
      ...request,
      purpose: 'looking for a device',
      create: false,
      lock: 'none',
    });
    const named = vault.snapshots().filter((record) => isSnapshotOf(record, wanted));
    if (named.length > 0) return [...new Set(named.map(({ udid }) => udid))];
  } catch (error) {
    // What is kept can be forgotten although the vault is somewhere else.
    if (!isAppError(error, 'VAULT_NOT_FOUND')) throw error;
  }
  if (/^[0-9a-f-]{25,40}$/i.test(wanted)) return [normalizeUdid(wanted)];
  throw new AppError('DEVICE_NOT_FOUND', `no snapshot is of a device called “${wanted}”`, {
    hint: 'Give its UDID: `holdfast snapshots --json` has it.',
    details: { wanted },
  });
}
