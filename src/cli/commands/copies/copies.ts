import { Command } from 'commander';
import type { CliContext } from '../../context.ts';
import { addCopyCommand } from './add.ts';
import { changeCopyCommand } from './change.ts';
import { listCopiesCommand } from './list.ts';
import { removeCopyCommand } from './remove.ts';
import { repairCommand } from './repair.ts';
import { restoreCopyCommand } from './restore.ts';
import { runCopiesCommand } from './run.ts';
import { verifyCopiesCommand } from './verify.ts';

export function copiesCommand(context: CliContext): Command {
  const copies = new Command('copies').description('the vault in other places: a second disk, a NAS, SFTP, S3, B2');
  copies.addCommand(addCopyCommand(context));
  copies.addCommand(changeCopyCommand(context));
  copies.addCommand(listCopiesCommand(context), { isDefault: true });
  copies.addCommand(runCopiesCommand(context));
  copies.addCommand(verifyCopiesCommand(context));
  copies.addCommand(repairCommand(context));
  copies.addCommand(restoreCopyCommand(context));
  copies.addCommand(removeCopyCommand(context));
  return copies;
}
