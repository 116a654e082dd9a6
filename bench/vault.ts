/**
 * The vault against other ways of keeping many versions of a backup folder, on the same files in the same run:
 * restic, borg, rsync --link-dest, cp -al with rsync.
 *
 * Each program takes in the folder, takes it in unchanged, takes it in with 1 % changed, reads everything back to
 * verify it, writes the newest version out as a folder, and removes all versions but the newest. Each has a fresh file
 * system of its own, and waits at the end of every step until it is on the disk. What a step reads comes from the disk
 * in the first ingest, verify and write-out, and from memory in the others; the programs themselves are in memory,
 * since each has been through the whole course with a few files before. In every step another one begins.
 *
 * Options: `--files N --gigabytes G` for one size instead of the two standard ones; `--only NAME,NAME` for some programs;
 * `--only-steps NAME,NAME` for some steps after the first ingest.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { BackupFolder } from './support/backup-folder.ts';
import { measure, median, type Cost } from './support/measure.ts';
import { megabytes, printTable, seconds } from './support/table.ts';
import { CONTESTANTS, type Contestant } from './support/vault-contestants.ts';
import { Workspace } from './support/workspace.ts';

interface Size {
  readonly files: number;
  readonly gigabytes: number;
}

const STANDARD: readonly Size[] = [
  { files: 40_000, gigabytes: 6 },
  { files: 200_000, gigabytes: 3.6 },
];
const REHEARSAL: Size = { files: 500, gigabytes: 0.3 };

const STEPS = [
  'first ingest',
  'nothing changed',
  '1 % changed',
  'verify every byte',
  'as a folder',
  'prune to one',
] as const;
type Step = (typeof STEPS)[number];
/** Steps of a second or less are taken so often, and the middle one told: one wait for the disk would decide them. */
const QUICK_ROUNDS = 3;
type Results = Map<Step, Cost>;

/** What is left out is not asked for: all of it is run. */
interface Choice {
  readonly programs: readonly string[] | undefined;
  readonly steps: readonly string[] | undefined;
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string' },
      gigabytes: { type: 'string' },
      only: { type: 'string' },
      'only-steps': { type: 'string' },
    },
  });
  const sizes =
    values.files === undefined
      ? STANDARD
      : [{ files: Number(values.files), gigabytes: Number(values.gigabytes ?? '1') }];
  execFileSync('sh', ['tools/install-bench-peers.sh'], { stdio: 'inherit' });
  const choice = { programs: values.only?.split(','), steps: values['only-steps']?.split(',') };
  await compare(REHEARSAL, choice);
  for (const size of sizes) {
    process.stdout.write(`\n## ${size.files.toLocaleString('en')} files, ${size.gigabytes} GB\n\n`);
    print(await compare(size, choice, (line) => process.stderr.write(`${line}\n`)));
  }
}

async function compare(
  { files, gigabytes }: Size,
  { programs, steps }: Choice,
  tell: (line: string) => void = () => undefined,
): Promise<Map<string, Results>> {
  using stack = new DisposableStack();
  const sourceSpace = stack.use(new Workspace(gigabytes * 2 + 1));
  const source = new BackupFolder(sourceSpace.folder('source'), { files, meanBytes: (gigabytes * 1e9) / files });
  const contestants: Contestant[] = [];
  for (const create of CONTESTANTS) {
    const contestant = create(source.dir, stack.use(new Workspace(gigabytes * 3 + 2)));
    if (programs?.includes(contestant.name) ?? true) contestants.push(contestant);
  }
  const results = new Map<string, Results>(contestants.map(({ name }) => [name, new Map()]));
  const step = async (name: Step, act: (contestant: Contestant) => Promise<Cost | undefined>): Promise<void> => {
    if (name !== STEPS[0] && steps?.includes(name) === false) return;
    const first = STEPS.indexOf(name) % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const cost = await act(contestant);
      if (cost === undefined) continue;
      results.get(contestant.name)?.set(name, cost);
      tell(`${name}: ${contestant.name} ${seconds(cost.wallSeconds)}, CPU ${seconds(cost.cpuSeconds)}`);
    }
  };
  const cold = async (contestant: Contestant, command: (() => readonly string[]) | undefined) => {
    if (command === undefined) return undefined;
    const words = command();
    // Whoever's files the disk still has in a cache of its own, which nobody can empty, would be ahead: now it is everybody.
    await measure(['sh', '-c', 'tar -cf - "$0" "$1" | cat > /dev/null', source.dir, contestant.workspace.dir]);
    sourceSpace.dropCaches();
    contestant.workspace.dropCaches();
    return measureDurable(contestant, words);
  };

  await step('first ingest', (contestant) => cold(contestant, contestant.ingest));
  await step('nothing changed', async (contestant) => {
    const costs: Cost[] = [];
    for (let round = 0; round < QUICK_ROUNDS; round++)
      costs.push(await measureDurable(contestant, contestant.ingest()));
    return median(costs);
  });
  const days = new Map<Contestant, Cost[]>(contestants.map((each) => [each, []]));
  for (let day = 1; day <= QUICK_ROUNDS; day++) {
    source.letADayGoBy(0.01);
    sourceSpace.sync();
    await step('1 % changed', async (contestant) => {
      const costs = days.get(contestant) ?? [];
      costs.push(await measureDurable(contestant, contestant.ingest()));
      return day === QUICK_ROUNDS ? median(costs) : undefined;
    });
  }
  await step('verify every byte', (contestant) => cold(contestant, contestant.verify));
  await step('as a folder', async (contestant) => {
    const cost = await cold(contestant, contestant.writeOut);
    contestant.workspace.discard('out');
    return cost;
  });
  await step('prune to one', (contestant) => measureDurable(contestant, contestant.prune()));
  return results;
}

/** What is only in the cache is not kept: flushing to the disk is part of the price. */
function measureDurable({ workspace }: Contestant, command: readonly string[]): Promise<Cost> {
  return measure(['sh', '-c', '"$@" && sync -f "$0"', workspace.dir, ...command]);
}

function print(results: ReadonlyMap<string, Results>): void {
  const names = [...results.keys()];
  const table = (cell: (cost: Cost) => string, lead: (step: Step) => string): string[][] =>
    STEPS.map((step) => {
      const costs = names.map((name) => results.get(name)?.get(step));
      return [step, ...costs.map((cost) => (cost === undefined ? '–' : cell(cost))), lead(step)];
    });
  const wall = table(
    (cost) => seconds(cost.wallSeconds),
    (step) => leadOf(step, results),
  );
  const peaks = names.map((name) =>
    megabytes(Math.max(...[...(results.get(name)?.values() ?? [])].map((cost) => cost.peakMegabytes))),
  );
  printTable(['', ...names, 'best other ÷ holdfast'], [...wall, ['peak memory', ...peaks, '']]);
  const cpu = table(
    (cost) => seconds(cost.cpuSeconds),
    () => '',
  );
  printTable(['processor time', ...names, ''], cpu);
}

function leadOf(step: Step, results: ReadonlyMap<string, Results>): string {
  const walls = Array.from(results.values(), (steps) => steps.get(step)?.wallSeconds ?? Infinity);
  const [ours = Infinity, ...theirs] = walls;
  return ours === Infinity ? '–' : `${(Math.min(...theirs) / ours).toFixed(2)}×`;
}
