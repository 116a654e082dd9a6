import { Command } from 'commander';
import { AppError } from '../../shared/errors.ts';
import { isInFolder, realPlace } from '../../shared/files/real-place.ts';
import { openKnownVault, type SnapshotRecord, type Vault } from '../../vault/index.ts';
import { jsonOption, namedFolder, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatSize, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

export function exportCommand(context: CliContext): Command {
  return new Command('export')
    .description('write a version out as a backup folder that Finder, iTunes and idevicebackup2 restore')
    .argument('<snapshot>', 'an id from `holdfast snapshots`, its beginning, or “latest”')
    .argument('<dir>', 'where to: a new or empty folder, or one that was exported into before', namedFolder)
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, dir: string, options: VaultOptions) => runExport(context, wanted, dir, options));
}

async function runExport(context: CliContext, wanted: string, dir: string, options: VaultOptions): Promise<void> {
  const vaultDir = vaultDirFor(context, options);
  refuseInside(vaultDir, dir);
  await using vault = await openKnownVault({
    dir: vaultDir,
    stateDir: context.places.stateDir,
    purpose: 'an export',
    create: false,
    lock: 'none',
  });
  await exportWithProgress(vault, vault.findSnapshot(wanted), dir, outputFor(context, options), context.signal);
}

/** A folder inside the vault would be taken for a part of it by whoever copies or looks through the vault. */
function refuseInside(vaultDir: string, dir: string): void {
  if (!isInFolder(realPlace(dir), realPlace(vaultDir))) return;
  throw new AppError('USAGE', `${dir} lies inside the vault`, { hint: 'Export into a folder outside of it.' });
}

/** Exports and shows how far it is; also used by the demo. */
export async function exportWithProgress(
  vault: Vault,
  record: SnapshotRecord,
  dir: string,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const line = output.progress();
  try {
    for await (const event of vault.export(record, dir, signal)) {
      if (event.kind === 'progress') {
        const fraction = event.totalBytes === 0 ? 1 : event.bytes / event.totalBytes;
        line.show({ phase: 'Writing', fraction, facts: [plural(event.files, 'file'), formatSize(event.bytes)] });
        continue;
      }
      const { kind: _kind, ...facts } = event;
      line.end();
      output.line(
        `Written to ${event.folder}: ${plural(event.files, 'file')}, ${formatSize(event.bytes)}, every byte checked.`,
      );
      if (event.clonedBytes > 0) {
        output.line(`${formatSize(event.clonedBytes)} of it take no space of their own until somebody changes them.`);
      }
      output.record({ event: 'done', snapshot: record.id, udid: record.udid, ...facts });
    }
  } finally {
    line.end();
  }
}
