import { Command } from 'commander';
import { openKnownVault, type Vault } from '../../../vault/index.ts';
import { jsonOption, vaultOption } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import { formatCount, formatSize, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';

export function upgradeCommand(context: CliContext): Command {
  return new Command('upgrade')
    .description('let the vault use the newest format, which takes less space; older releases cannot open it then')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: VaultOptions) => runUpgrade(context, options));
}

async function runUpgrade(context: CliContext, options: VaultOptions): Promise<void> {
  const output = outputFor(context, options);
  const request = { dir: vaultDirFor(context, options), stateDir: context.places.stateDir, create: false };
  await using vault = await openKnownVault({ ...request, purpose: 'an upgrade', lock: 'write' });
  const { from, mark, bytesBefore, bytesAfter } = await upgradeWithProgress(vault, output, context.signal);
  const isOld = from < mark.version;
  output.line(isOld ? `The vault has format ${mark.version} from now on.` : `The vault has the newest format already.`);
  output.line(
    bytesAfter < bytesBefore
      ? `Its lists of files take ${formatSize(bytesAfter)} instead of ${formatSize(bytesBefore)}.`
      : `Its lists of files take ${formatSize(bytesAfter)}.`,
  );
  output.record({ event: 'upgraded', from, to: mark.version, bytesBefore, bytesAfter });
}

async function upgradeWithProgress(vault: Vault, output: Output, signal: AbortSignal): ReturnType<Vault['upgrade']> {
  const line = output.progress();
  const onProgress = (done: number, total: number): void =>
    line.show({
      phase: 'Packing lists of files',
      fraction: done / total,
      facts: [`${formatCount(done)} of ${plural(total, 'list')}`],
    });
  try {
    return await vault.upgrade({ signal, onProgress });
  } finally {
    line.end();
  }
}
