import { Command } from 'commander';
import { AppError } from '../../shared/errors.ts';
import {
  openKnownVault,
  type Garbage,
  type PruneVaultProgress,
  type PruneVaultResult,
  type Vault,
} from '../../vault/index.ts';
import { askYesNo } from '../ask.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatCount, formatSize, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import type { ProgressLine, ProgressState } from '../output/progress-line.ts';

interface PruneCommandOptions extends VaultOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function pruneCommand(context: CliContext): Command {
  return new Command('prune')
    .description('give back the space of what no version needs any more')
    .option('--dry-run', 'only show how much that is')
    .option('--yes', 'do it without asking')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: PruneCommandOptions) => runPrune(context, options));
}

async function runPrune(context: CliContext, options: PruneCommandOptions): Promise<void> {
  const output = outputFor(context, options);
  const request = { dir: vaultDirFor(context, options), stateDir: context.places.stateDir, create: false };
  if (options.yes !== true) {
    const { input } = context;
    if (options.dryRun !== true && (input === undefined || output.json)) {
      throw new AppError('USAGE', 'pruning removes data: it has to be confirmed, and there is nobody to ask', {
        hint: '--dry-run shows how much; --yes does it without asking.',
      });
    }
    const garbage = await findGarbage(context, request, output);
    showGarbage(garbage, output);
    if (options.dryRun === true || input === undefined || garbage.freeableBytes === 0) return;
    if (!(await askYesNo(context, input, 'Remove it?', false))) throw new AppError('CANCELLED', 'nothing was removed');
  }
  await using vault = await openKnownVault({ ...request, purpose: 'pruning', lock: 'write' });
  await pruneWithProgress(vault, output, context.signal);
}

/** Beside whoever writes: looking needs no lock. */
async function findGarbage(
  context: CliContext,
  request: { dir: string; stateDir: string; create: boolean },
  output: Output,
): Promise<Garbage> {
  const line = output.progress();
  try {
    await using vault = await openKnownVault({ ...request, purpose: 'looking what could go', lock: 'none' });
    return await vault.findGarbage({ signal: context.signal, onProgress: (progress) => show(line, progress) });
  } finally {
    line.end();
  }
}

function showGarbage({ files, bytes, freeableBytes }: Garbage, output: Output): void {
  const left = bytes - freeableBytes;
  const words =
    freeableBytes === 0
      ? 'Nothing can be given back.'
      : `${formatSize(freeableBytes)} are needed by no version, ${plural(files, 'large file')} among them.`;
  output.line(left === 0 ? words : `${words} ${leftWords(left)}`);
  output.record({ event: 'done', files, bytes, freeableBytes, dryRun: true });
}

/** Prunes and says what came of it. */
export async function pruneWithProgress(vault: Vault, output: Output, signal: AbortSignal): Promise<void> {
  const line = output.progress();
  let result: PruneVaultResult;
  try {
    result = await vault.prune({ signal, onProgress: (progress) => show(line, progress) });
  } finally {
    line.end();
  }
  const { freedBytes, leftBytes, deferredSegments, removedFiles, removedSegments, removedLists } = result;
  // Putting small segments together can take a little more than it gives back.
  const freed = Math.max(0, freedBytes);
  output.line(freed === 0 ? 'Nothing could be given back.' : `${formatSize(freed)} given back.`);
  if (deferredSegments > 0) {
    output.line(
      `The disk is too full to give back the rest: ${plural(deferredSegments, 'segment')} would have to be written anew. Free some space and prune again.`,
    );
  } else if (leftBytes > 0) output.line(leftWords(leftBytes));
  output.record({
    event: 'pruned',
    freedBytes,
    leftBytes,
    removedFiles,
    removedSegments,
    removedLists,
    deferredSegments,
  });
}

function leftWords(bytes: number): string {
  return `Another ${formatSize(bytes)} lie between what is needed, and come back when there is more of it.`;
}

function show(line: ProgressLine, progress: PruneVaultProgress): void {
  line.show(stateOf(progress));
}

function stateOf(progress: PruneVaultProgress): ProgressState {
  if (progress.phase === 'reading-lists') {
    const { done, total } = progress;
    const facts = [`${formatCount(done)} of ${plural(total, 'list')}`];
    return { phase: 'Looking what is needed', fraction: total === 0 ? 1 : done / total, facts };
  }
  const { doneBytes, totalBytes } = progress;
  const fraction = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  return { phase: 'Moving what stays', fraction, facts: [`${formatSize(doneBytes)} of ${formatSize(totalBytes)}`] };
}
