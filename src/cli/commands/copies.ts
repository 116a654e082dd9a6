import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addCopyCommand } from './copies/add.ts';
import { changeCopyCommand } from './copies/change.ts';
import { listCopiesCommand } from './copies/list.ts';
import { removeCopyCommand } from './copies/remove.ts';
import { repairCommand } from './copies/repair.ts';
import { restoreCopyCommand } from './copies/restore.ts';
import { runCopiesCommand } from './copies/run.ts';
import { verifyCopiesCommand } from './copies/verify.ts';

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
