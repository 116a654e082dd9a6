import { resolve } from 'node:path';
import { Command } from 'commander';
import { assertNoCopyAt } from '../../../copies/index.ts';
import { AppError } from '../../../shared/errors.ts';
import { moveKnownVault, planVaultMove, type KnownMovePlan, type MoveEvent } from '../../../vault/index.ts';
import { askYesNo } from '../../ask.ts';
import { jsonOption, vaultOption } from '../../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../../context.ts';
import { formatCount, formatSize, plural } from '../../output/format.ts';
import type { Output } from '../../output/output.ts';
import type { ProgressState } from '../../output/progress-line.ts';

interface MoveOptions extends VaultOptions {
  readonly keep?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function moveCommand(context: CliContext): Command {
  return new Command('move')
    .description('move the vault to another folder or disk: copied, proven, switched, and only then removed')
    .argument('<folder>', 'where to: a new or empty folder; the same again to go on with a move that was stopped')
    .option('--keep', 'leave everything in the old folder, too; it is not used any more')
    .option('--dry-run', 'only show what would be moved, and whether there is room')
    .option('--yes', 'do it without asking')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((folder: string, options: MoveOptions) => runMove(context, folder, options));
}

async function runMove(context: CliContext, folder: string, options: MoveOptions): Promise<void> {
  const output = outputFor(context, options);
  const { input, signal } = context;
  const isAsking = options.dryRun !== true && options.yes !== true;
  if (isAsking && (input === undefined || output.json)) {
    throw new AppError(
      'USAGE',
      'the old folder is emptied in the end: it has to be confirmed, and nobody can be asked',
      {
        hint: '--dry-run shows what would be done; --yes does it without asking.',
      },
    );
  }
  const { stateDir } = context.places;
  const request = { from: vaultDirFor(context, options), to: folder, stateDir, keep: options.keep === true, signal };
  await assertNoCopyAt(stateDir, resolve(folder));
  showPlan(await planVaultMove(request), options, output);
  if (options.dryRun === true) return;
  if (isAsking && input !== undefined && !(await askYesNo(context, input, 'Go on?', false))) {
    throw new AppError('CANCELLED', 'nothing was moved');
  }
  const line = output.progress();
  try {
    for await (const event of moveKnownVault(request)) {
      if (event.kind === 'progress') line.show(progressOf(event));
      else {
        line.end();
        showEvent(event, output);
      }
    }
  } finally {
    line.end();
  }
  remindOfNames(context, options, folder, output);
}

function showPlan(plan: KnownMovePlan, { keep }: MoveOptions, output: Output): void {
  if ('leftovers' in plan) {
    output.line('The vault has been moved already; what is left of it is still to be removed:');
    for (const folder of plan.leftovers) output.line(`  ${folder}`);
    output.record({ event: 'plan', leftovers: plan.leftovers });
    return;
  }
  const { from, to, snapshots, unfinishedBackups, bytes, freeBytes, isSameDisk, destination } = plan;
  const unfinished = unfinishedBackups === 0 ? '' : `, ${plural(unfinishedBackups, 'unfinished backup')}`;
  output.line(`From  ${from}`);
  output.line(`To    ${to}`);
  output.line(
    `${plural(snapshots, 'version')}${unfinished}; ${sizeWords(bytes, destination)}, ${formatSize(freeBytes)} free there.`,
  );
  if (isSameDisk) output.line('Both folders are on the same disk: this gives no more room.');
  output.line(
    keep === true
      ? 'When all of it has been read back, the new folder is the vault; the old one stays as it is, and is not used any more.'
      : 'When all of it has been read back, the new folder is the vault, and the old one is emptied.',
  );
  output.record({ event: 'plan', ...plan, keep: keep === true });
}

function sizeWords(bytes: number, destination: 'empty' | 'begun' | 'arrived'): string {
  if (destination === 'empty') return `${formatSize(bytes)} to copy`;
  return bytes === 0 ? 'all of it has been copied' : `${formatSize(bytes)} still to copy`;
}

function showEvent(event: Exclude<MoveEvent, { kind: 'progress' }>, output: Output): void {
  if (event.kind === 'planned') return;
  const { kind, ...facts } = event;
  output.record({ event: kind, ...facts });
  if (event.kind === 'rewritten') {
    output.note(`${plural(event.objects, 'object')} had to be written once more: watch the new disk.`);
  } else if (event.kind === 'draft-left') {
    output.note(`The unfinished backup of ${event.udid} was damaged and was left behind; the next one begins anew.`);
  } else if (event.kind === 'switched') output.line(`The vault is in ${event.to} from now on.`);
  else if (event.objects === 0) output.line('Done.');
  else {
    const { snapshots, objects, bytes } = event;
    output.line(
      `Done: ${plural(snapshots, 'version')}, ${formatCount(objects)} objects and ${formatSize(bytes)} read back and whole.`,
    );
  }
}

/** What names the old folder is not ours to change. */
function remindOfNames(context: CliContext, options: MoveOptions, folder: string, output: Output): void {
  const named = context.env['HOLDFAST_VAULT'];
  if (named === undefined && options.vault === undefined) return;
  const what = named === undefined ? 'Jobs that name the old folder with --vault' : 'HOLDFAST_VAULT';
  output.note(
    `${what} should now name ${resolve(folder)}. Whatever names the old folder is told where the vault went.`,
  );
}

function progressOf(event: Extract<MoveEvent, { kind: 'progress' }>): ProgressState {
  if (event.phase === 'removing') {
    const { files, totalFiles } = event;
    return { phase: 'Removing what is left', fraction: share(files, totalFiles), facts: [plural(totalFiles, 'file')] };
  }
  const { bytes, totalBytes } = event;
  const amount = `${formatSize(bytes)} of ${formatSize(totalBytes)}`;
  if (event.phase === 'verifying')
    return { phase: 'Reading back', fraction: share(bytes, totalBytes), facts: [amount] };
  const { snapshots, totalSnapshots } = event;
  const facts = [`version ${formatCount(snapshots + 1)} of ${formatCount(totalSnapshots)}`, amount];
  return { phase: 'Copying', fraction: share(snapshots + share(bytes, totalBytes), totalSnapshots), facts };
}

const share = (done: number, total: number): number => (total === 0 ? 1 : Math.min(1, done / total));
