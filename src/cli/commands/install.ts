import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { systemdUnit } from '../../service/index.ts';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, type CliContext, type VaultOptions } from '../context.ts';
import type { Output } from '../output/output.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

interface InstallOptions extends VaultOptions {
  readonly system?: boolean;
  readonly user?: boolean;
  readonly runAs?: string;
  readonly print?: boolean;
  readonly to?: string;
  readonly remove?: boolean;
}

const UNIT = 'holdfast.service';
/** Where a system service keeps everything unless told otherwise; systemd makes it. */
const SYSTEM_HOME = '/var/lib/holdfast';
/** What the service needs of the environment of whoever installs it. */
const PASSED_ON = ['HOLDFAST_HOME', 'HOLDFAST_SECRET_KEY_FILE', 'USBMUXD_SOCKET_ADDRESS'] as const;

type Kind = 'system' | 'user';

export function installCommand(context: CliContext): Command {
  return new Command('install')
    .description('write the systemd unit that runs the service, from now on and after every start of the computer')
    .option('--user', 'for this user: runs while signed in, or always with `loginctl enable-linger`')
    .option('--system', 'for the whole computer, under a user of its own; needs root')
    .option('--run-as <user>', 'the user of --system: holdfast unless told otherwise')
    .option('--print', 'write it to standard output and nowhere else')
    .option('--to <file>', 'write it there')
    .option('--remove', 'remove it; backups and settings stay')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: InstallOptions) => install(context, options));
}

async function install(context: CliContext, options: InstallOptions): Promise<void> {
  const kind = kindOf(options);
  const output = outputFor(context, options);
  const file = resolve(options.to ?? placeOf(kind, context));
  if (options.remove === true) return remove(file, kind, output);
  const unit = unitFor(kind, context, options);
  if (options.print === true) {
    context.out.write(unit);
    return;
  }
  const isNew = !existsSync(file);
  await write(file, unit);
  output.record({ event: 'installed', file, kind, isNew });
  output.line(`${isNew ? 'Written' : 'Written anew'}: ${file}`);
  output.line('Now:');
  for (const words of nextSteps(kind, options.runAs ?? 'holdfast', isNew)) output.line(`  ${words}`);
}

/** Root installs for the computer, everybody else for themselves. @throws {AppError} USAGE */
function kindOf({ system, user, runAs }: InstallOptions): Kind {
  if (system === true && user === true) throw new AppError('USAGE', '--system and --user exclude each other');
  const kind = system === true || (user !== true && process.getuid?.() === 0) ? 'system' : 'user';
  if (kind === 'user' && runAs !== undefined) throw new AppError('USAGE', '--run-as is for --system');
  if (process.platform === 'linux') return kind;
  throw new AppError('USAGE', 'this is for Linux with systemd', {
    hint: 'Elsewhere have `holdfast serve` started by what your system has for that: launchd, the task scheduler.',
  });
}

function placeOf(kind: Kind, { env }: CliContext): string {
  if (kind === 'system') return join('/etc/systemd/system', UNIT);
  return join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || userInfo().homedir, '.config'), 'systemd', 'user', UNIT);
}

function unitFor(kind: Kind, { env }: CliContext, { vault, runAs }: InstallOptions): string {
  const passedOn = PASSED_ON.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const wanted = vault ?? env['HOLDFAST_VAULT'];
  const environment = {
    ...(kind === 'system' ? { HOLDFAST_HOME: SYSTEM_HOME } : {}),
    ...Object.fromEntries(passedOn),
    ...(wanted === undefined || wanted === '' ? {} : { HOLDFAST_VAULT: resolve(wanted) }),
  };
  const script = resolve(import.meta.dirname, '..', '..', '..', 'bin', 'holdfast.js');
  return systemdUnit({
    kind,
    program: [process.execPath, script],
    environment,
    ...(runAs === undefined ? {} : { user: runAs }),
  });
}

async function write(file: string, unit: string): Promise<void> {
  try {
    makeFolders(dirname(file));
    await writeFile(file, unit, { mode: 0o644 });
  } catch (cause) {
    throw notWritable(file, cause);
  }
}

async function remove(file: string, kind: Kind, output: Output): Promise<void> {
  const wasThere = existsSync(file);
  await rm(file, { force: true }).catch((cause: unknown) => {
    throw notWritable(file, cause);
  });
  output.record({ event: 'removed', file, wasThere });
  output.line(wasThere ? `Removed: ${file}. Backups and settings stay.` : `There is no ${file}.`);
  if (wasThere) output.line(`Now: ${systemctl(kind)} disable --now holdfast; ${systemctl(kind)} daemon-reload`);
}

function notWritable(file: string, cause: unknown): unknown {
  const systemCode = systemErrorCode(cause);
  if (systemCode === undefined) return cause;
  return new AppError('STORAGE_FAILED', `${file} cannot be written`, {
    hint: 'With `--system` this takes root: run it with sudo. `--print` shows what would be written.',
    details: { systemCode },
    cause,
  });
}

function systemctl(kind: Kind): string {
  return kind === 'system' ? 'sudo systemctl' : 'systemctl --user';
}

function nextSteps(kind: Kind, user: string, isNew: boolean): string[] {
  const reload = `${systemctl(kind)} daemon-reload`;
  if (!isNew) return [reload, `${systemctl(kind)} restart holdfast`];
  const log = kind === 'system' ? 'journalctl -u holdfast -f' : 'journalctl --user -u holdfast -f';
  const before =
    kind === 'system'
      ? [`sudo useradd --system --home-dir ${SYSTEM_HOME} ${user}     # unless there is that user`]
      : ['loginctl enable-linger                      # to run it also while nobody is signed in'];
  return [...before, reload, `${systemctl(kind)} enable --now holdfast`, `${log}     # says where to look`];
}
