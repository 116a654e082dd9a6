import { Command, CommanderError } from 'commander';
import { AppError } from '../shared/errors.ts';
import type { CliContext } from './context.ts';
import { VERSION } from './version.ts';

type MakeCommand = (context: CliContext) => Command;

/** Every command, in the order of the help, with what loads its code: most of what starting takes is loading. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  devices: async () => (await import('./commands/devices.ts')).devicesCommand,
  pair: async () => (await import('./commands/pair.ts')).pairCommand,
  pairs: async () => (await import('./commands/pairs.ts')).pairsCommand,
  backup: async () => (await import('./commands/backup/backup.ts')).backupCommand,
  snapshots: async () => (await import('./commands/snapshots.ts')).snapshotsCommand,
  pin: async () => (await import('./commands/pin.ts')).pinCommand,
  unpin: async () => (await import('./commands/pin.ts')).unpinCommand,
  name: async () => (await import('./commands/pin.ts')).nameCommand,
  forget: async () => (await import('./commands/forget.ts')).forgetCommand,
  prune: async () => (await import('./commands/prune.ts')).pruneCommand,
  status: async () => (await import('./commands/status/status.ts')).statusCommand,
  vault: async () => (await import('./commands/vault/vault.ts')).vaultCommand,
  space: async () => (await import('./commands/space.ts')).spaceCommand,
  show: async () => (await import('./commands/show.ts')).showCommand,
  encryption: async () => (await import('./commands/encryption/encryption.ts')).encryptionCommand,
  'recovery-sheet': async () => (await import('./commands/recovery-sheet.ts')).recoverySheetCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  ls: async () => (await import('./commands/ls.ts')).lsCommand,
  find: async () => (await import('./commands/find.ts')).findCommand,
  get: async () => (await import('./commands/get.ts')).getCommand,
  extract: async () => (await import('./commands/extract.ts')).extractCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  restore: async () => (await import('./commands/restore/restore.ts')).restoreCommand,
  copies: async () => (await import('./commands/copies/copies.ts')).copiesCommand,
  checkup: async () => (await import('./commands/checkup/checkup.ts')).checkupCommand,
  notify: async () => (await import('./commands/notify.ts')).notifyCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  install: async () => (await import('./commands/install.ts')).installCommand,
  accounts: async () => (await import('./commands/accounts.ts')).accountsCommand,
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  'virtual-iphone': async () => (await import('./commands/virtual-iphone.ts')).virtualIphoneCommand,
};

const MORE_HELP = `
Environment:
  HOLDFAST_VAULT            the folder of the vault, where --vault is not given
  HOLDFAST_HOME             one folder for everything: vault, pair records, settings and state
  HOLDFAST_PASSWORD         the password of encrypted backups, where no --password-file is given
  HOLDFAST_NEW_PASSWORD     the new one, where it is changed and no --new-password-file is given
  HOLDFAST_SECRET_KEY_FILE  a file that holds the key for what is kept sealed on this computer
  USBMUXD_SOCKET_ADDRESS    another usbmuxd than the system's: UNIX:/path or host:port

Exit codes are in docs/exit-codes.md; 0 is done.`;

/**
 * The command line as far as `words` need it: the command they begin with, or all where help or an error may have to
 * name them. Parsing throws instead of ending the process: see `usageErrorOf`.
 */
export async function createProgram(context: CliContext, words: readonly string[]): Promise<Command> {
  const program = new Command('holdfast')
    .description('Keeps iPhones and iPads safe on your own hardware.')
    .version(VERSION)
    .addHelpText('after', MORE_HELP);
  for (const create of await Promise.all(loadersFor(words))) program.addCommand(create(context));
  for (const command of withCommandsBelow(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.out.write(text),
      writeErr: () => {},
    });
  }
  return program;
}

function withCommandsBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withCommandsBelow)];
}

function loadersFor([first = '']: readonly string[]): Promise<MakeCommand>[] {
  if (first === '--version' || first === '-V') return [];
  const load = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  return (load === undefined ? Object.values(COMMANDS) : [load]).map((each) => each());
}

/** Commander begins with "error:", ends with a full stop now and then, and puts its suggestion on a line of its own. */
function oneSentence(message: string): string {
  const [what = '', suggestion] = message.replace(/^error: /, '').split(/\n\(?/, 2);
  const sentence = what.replace(/\.$/, '');
  return suggestion === undefined
    ? sentence
    : `${sentence}; ${suggestion.charAt(0).toLowerCase()}${suggestion.slice(1).replace(/\)$/, '')}`;
}

/** What commander threw: `'shown'` for help and version, a USAGE error for wrong words, undefined for anything else. */
export function usageErrorOf(thrown: unknown): AppError | 'shown' | undefined {
  if (!(thrown instanceof CommanderError)) return undefined;
  if (thrown.exitCode === 0) return 'shown';
  if (thrown.code === 'commander.help') {
    return new AppError('USAGE', 'no command given', { hint: '`holdfast --help` lists the commands.', cause: thrown });
  }
  return new AppError('USAGE', oneSentence(thrown.message), {
    hint: '`holdfast --help` lists the commands, `holdfast COMMAND --help` the options of one.',
    cause: thrown,
  });
}
