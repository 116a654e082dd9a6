import { openForReading, type OpenedForReading, type OpenForReadingRequest } from '../service/index.ts';
import { vaultDirFor, type CliContext, type VaultOptions } from './context.ts';
import type { Output } from './output/output.ts';
import { passwordFrom, type PasswordOptions } from './password.ts';

/** The options of a command that reads one backup. */
export interface ReadOptions extends VaultOptions, PasswordOptions {}

/** How the backup a command was given is opened. What is odd about it is noted on standard error. */
export function readingOf(
  context: CliContext,
  output: Output,
  wanted: string,
  options: ReadOptions,
): OpenForReadingRequest {
  return {
    wanted,
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    password: passwordFrom(context, options),
    signal: context.signal,
    readsDamaged: true,
    onWarning: (warning) => output.note(warning),
  };
}

/** Opens the backup a command was given: see `openForReading`. */
export function openWanted(...command: Parameters<typeof readingOf>): Promise<OpenedForReading> {
  return openForReading(readingOf(...command));
}
