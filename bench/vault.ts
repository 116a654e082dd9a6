/**
 * The vault against other ways of keeping many versions of a backup folder, on the same files in the same run:
 * restic, borg, rsync --link-dest, cp -al with rsync.
 *
 * Each program takes in the folder, takes it in unchanged, takes it in with 1 % changed, reads everything back to
 * verify it, writes the newest version out as a folder, and removes all versions but the newest. The source is read
 * from the disk for the first ingest and each store from the disk for verify and write-out; in between caches are warm.
 *
 * Options: `--files N --gigabytes G` for one size instead of the two standard ones.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { BackupFolder } from './support/backup-folder.ts';
import { measure, type Cost } from './support/measure.ts';
import { megabytes, printTable, seconds } from './support/table.ts';
import { createContestants, type Contestant } from './support/vault-contestants.ts';
import { Workspace } from './support/workspace.ts';

const STANDARD = [
  { files: 40_000, gigabytes: 6 },
  { files: 200_000, gigabytes: 3.6 },
];

const STEPS = [
  'first ingest',
  'nothing changed',
  '1 % changed',
  'verify every byte',
  'as a folder',
  'prune to one',
] as const;
type Step = (typeof STEPS)[number];
type Results = Map<Step, Cost>;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { files: { type: 'string' }, gigabytes: { type: 'string' } },
  });
  const sizes =
    values.files === undefined
      ? STANDARD
      : [{ files: Number(values.files), gigabytes: Number(values.gigabytes ?? '1') }];
  execFileSync('sh', ['tools/install-bench-peers.sh'], { stdio: 'inherit' });
  for (const { files, gigabytes } of sizes) await compare(files, gigabytes);
}

async function compare(files: number, gigabytes: number): Promise<void> {
  using workspace = new Workspace(Math.ceil(gigabytes * 8 + 4));
  process.stdout.write(`\n## ${files.toLocaleString('en')} files, ${gigabytes} GB\n\n`);
  const source = new BackupFolder(workspace.folder('source'), { files, meanBytes: (gigabytes * 1e9) / files });
  const contestants = createContestants(source.dir, workspace);
  const results = new Map<string, Results>(contestants.map(({ name }) => [name, new Map()]));
  const step = async (name: Step, act: (contestant: Contestant) => Promise<Cost | undefined>): Promise<void> => {
    for (const contestant of contestants) {
      const cost = await act(contestant);
      if (cost !== undefined) results.get(contestant.name)?.set(name, cost);
      if (cost !== undefined) process.stderr.write(`${name}: ${contestant.name} ${seconds(cost.wallSeconds)}\n`);
    }
  };

  await step('first ingest', async (contestant) => {
    await contestant.prepare();
    workspace.dropCaches();
    return measureDurable(contestant.ingest);
  });
  await step('nothing changed', (contestant) => measureDurable(contestant.ingest));
  source.letADayGoBy(0.01);
  await step('1 % changed', (contestant) => measureDurable(contestant.ingest));
  await step('verify every byte', (contestant) => measureCold(workspace, contestant.verify));
  await step('as a folder', async (contestant) => {
    const cost = await measureCold(workspace, contestant.writeOut);
    workspace.folder('out');
    return cost;
  });
  await step('prune to one', (contestant) => measureDurable(contestant.prune));
  print(contestants, results);
}

/** What is only in the cache is not kept: flushing to the disk is part of the price. */
async function measureDurable(command: () => readonly string[]): Promise<Cost> {
  return measure(['sh', '-c', '"$@" && sync', 'sh', ...command()]);
}

async function measureCold(
  workspace: Workspace,
  command: (() => readonly string[]) | undefined,
): Promise<Cost | undefined> {
  if (command === undefined) return undefined;
  workspace.dropCaches();
  return measure(['sh', '-c', '"$@" && sync', 'sh', ...command()]);
}

function print(contestants: readonly Contestant[], results: ReadonlyMap<string, Results>): void {
  const rows = STEPS.map((step) => [
    step,
    ...contestants.map(({ name }) => {
      const cost = results.get(name)?.get(step);
      return cost === undefined ? '–' : seconds(cost.wallSeconds);
    }),
    leadOf(step, contestants, results),
  ]);
  const peaks = contestants.map(({ name }) =>
    megabytes(Math.max(...[...(results.get(name)?.values() ?? [])].map((cost) => cost.peakMegabytes))),
  );
  printTable(
    ['', ...contestants.map(({ name }) => name), 'best other ÷ holdfast'],
    [...rows, ['peak memory', ...peaks, '']],
  );
}

function leadOf(step: Step, contestants: readonly Contestant[], results: ReadonlyMap<string, Results>): string {
  const walls = contestants.map(({ name }) => results.get(name)?.get(step)?.wallSeconds ?? Infinity);
  const [ours = Infinity, ...theirs] = walls;
  return `${(Math.min(...theirs) / ours).toFixed(2)}×`;
}
