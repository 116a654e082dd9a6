import { Command } from 'commander';
import type { CliContext } from '../../context.ts';
import { moveCommand } from './move.ts';
import { upgradeCommand } from './upgrade.ts';

export function vaultCommand(context: CliContext): Command {
  return new Command('vault')
    .description('the folder that every version lies in')
    .addCommand(moveCommand(context))
    .addCommand(upgradeCommand(context));
}
