import { Command, CommanderError } from 'commander';
import { AppError } from '../shared/errors.ts';
import { backupCommand } from './commands/backup.ts';
import { demoCommand } from './commands/demo.ts';
import { devicesCommand } from './commands/devices.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { pairCommand } from './commands/pair.ts';
import { showCommand } from './commands/show.ts';
import { snapshotsCommand } from './commands/snapshots.ts';
import { verifyCommand } from './commands/verify.ts';
import { virtualIphoneCommand } from './commands/virtual-iphone.ts';
import type { CliContext } from './context.ts';
import { VERSION } from './version.ts';

const COMMANDS = [
  devicesCommand,
  pairCommand,
  backupCommand,
  snapshotsCommand,
  showCommand,
  verifyCommand,
  exportCommand,
  importCommand,
  doctorCommand,
  demoCommand,
  virtualIphoneCommand,
];

/** The whole command line. Parsing throws instead of ending the process: see `usageErrorOf`. */
export function createProgram(context: CliContext): Command {
  const program = new Command('holdfast')
    .description('Keeps iPhones and iPads safe on your own hardware.')
    .version(VERSION)
    .showHelpAfterError('(holdfast --help shows what there is)')
    .showSuggestionAfterError();
  for (const create of COMMANDS) program.addCommand(create(context));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.out.write(text),
      writeErr: () => {},
    });
  }
  return program;
}

/** What commander threw: `'shown'` for help and version, a USAGE error for wrong words, undefined for anything else. */
export function usageErrorOf(thrown: unknown): AppError | 'shown' | undefined {
  if (!(thrown instanceof CommanderError)) return undefined;
  if (thrown.exitCode === 0) return 'shown';
  if (thrown.code === 'commander.help') {
    return new AppError('USAGE', 'no command given', { hint: '`holdfast --help` lists the commands.', cause: thrown });
  }
  return new AppError('USAGE', thrown.message.replace(/^error: /, ''), {
    hint: '`holdfast --help` lists the commands, `holdfast COMMAND --help` the options of one.',
    cause: thrown,
  });
}
