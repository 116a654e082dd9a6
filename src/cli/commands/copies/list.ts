import { Command } from 'commander';
import { readCopies, type CopyStatus } from '../../../copies/index.ts';
import { jsonOption } from '../../common-options.ts';
import { outputFor, type CliContext, type CommonOptions } from '../../context.ts';
import { formatTime } from '../../output/format.ts';

export function listCopiesCommand(context: CliContext): Command {
  return new Command('list')
    .description('list the copies: where they are, how old, when last proven')
    .addOption(jsonOption())
    .action((options: CommonOptions) => list(context, options));
}

async function list(context: CliContext, options: CommonOptions): Promise<void> {
  const output = outputFor(context, options);
  const copies = await readCopies(context.places);
  for (const copy of copies) output.record({ event: 'copy', ...recordOf(copy) });
  if (copies.length === 0) {
    output.line('No copies are set up. A vault without a copy dies with its disk: `holdfast copies add`.');
    return;
  }
  output.table(
    ['NAME', 'WHERE', 'SITE', 'UP TO DATE', 'PROVEN', 'STATE'],
    copies.map((copy) => [
      copy.entry.name,
      placeOf(copy),
      copy.entry.offSite ? 'elsewhere' : 'here',
      timeOf(copy.lastDone?.at),
      timeOf(copy.lastProven?.at),
      stateOf(copy),
    ]),
  );
}

function recordOf(copy: CopyStatus): object {
  const { entry, lastRun, lastDone, newest, lastVerify, lastProven, damaged, allReadSince, isDue } = copy;
  return {
    name: entry.name,
    kind: entry.kind,
    place: placeOf(copy),
    vaultId: entry.vaultId,
    offSite: entry.offSite,
    everyHours: entry.everyHours,
    due: isDue,
    lastRun: lastRun ?? null,
    lastDone: lastDone?.at ?? null,
    newest,
    lastVerify: lastVerify ?? null,
    lastProven: lastProven?.at ?? null,
    damagedAt: damaged?.at ?? null,
    allReadSince: allReadSince ?? null,
  };
}

const placeOf = ({ entry }: CopyStatus): string => (entry.kind === 'folder' ? entry.dir : entry.repository);

const timeOf = (at: Date | undefined): string => (at === undefined ? 'never' : formatTime(at));

function stateOf({ entry, lastRun, damaged, isDue }: CopyStatus): string {
  if (lastRun === undefined) return 'never run';
  if (damaged !== undefined) return 'damaged';
  if (lastRun.outcome === 'not-connected') return 'not connected';
  if (lastRun.outcome === 'failed') return `failed: ${lastRun.sentence ?? ''}`;
  if (lastRun.outcome === 'paused') return `unfinished, goes on at ${entry.window?.from ?? 'its next turn'}`;
  return isDue ? 'due' : 'ok';
}
