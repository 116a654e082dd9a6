/**
 * The same virtual iPhone backed up by `holdfast` and by `idevicebackup2`, alternating in one run: many small files,
 * few large ones, a mixture, and a second backup with nothing changed.
 *
 * Then the two promises about size: how soon the phone may start, and how much memory it takes, when the previous
 * snapshot holds 500,000 files.
 *
 * Options: `--rounds N` (default 3), `--only NAME` for one scenario, `--snapshot-files N` (default 500,000).
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, measure, type Cost } from './support/measure.ts';
import { HOLDFAST, plugIn, type PluggedPhone } from './support/phone.ts';
import { megabytes, printTable, ratio, seconds } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

interface Scenario {
  readonly name: string;
  readonly title: string;
  /** As `virtual-iphone --library` takes it. */
  readonly library: string;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'small', title: '40,000 files of 4 KB', library: '40000x4096' },
  { name: 'large', title: '200 files of 20 MB', library: '200x20000000' },
  { name: 'mixed', title: 'mixed 20,000', library: '20000' },
];

interface Pair {
  readonly ours: Cost;
  readonly theirs: Cost;
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      'snapshot-files': { type: 'string', default: '500000' },
    },
  });
  execFileSync('sh', ['tools/install-bench-peers.sh'], { stdio: 'inherit' });
  for (const scenario of SCENARIOS.filter(({ name }) => values.only === undefined || values.only === name)) {
    await compare(scenario, Number(values.rounds));
  }
  if (values.only === undefined || values.only === 'half-million') await measureScale(Number(values['snapshot-files']));
}

async function compare(scenario: Scenario, rounds: number): Promise<void> {
  using workspace = new Workspace(30);
  await using phone = await plugIn(workspace.folder('phone'), scenario.library);
  const full: Pair[] = [];
  const unchanged: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const { vault, folder } = freshStores(workspace);
    await warmUp(workspace);
    full.push({ ours: await ours(phone, vault), theirs: await theirs(phone, folder) });
    unchanged.push({ ours: await ours(phone, vault), theirs: await theirs(phone, folder) });
    process.stderr.write(`${scenario.name}, round ${round + 1} of ${rounds}\n`);
  }
  process.stdout.write(`\n## ${scenario.title}\n\n`);
  printTable(
    ['', 'holdfast wall', 'CPU', 'peak', 'idevicebackup2 wall', 'CPU', 'peak', 'times as fast'],
    [row('full', full), row('nothing changed', unchanged)],
  );
}

/** Each round starts with nothing, so that both write everything anew. */
function freshStores(workspace: Workspace): { vault: string; folder: string } {
  const vault = join(workspace.dir, 'vault');
  rmSync(vault, { recursive: true, force: true });
  process.env['HOLDFAST_HOME'] = workspace.folder('home');
  const folder = workspace.folder('folder');
  workspace.dropCaches();
  return { vault, folder };
}

/**
 * Has the code of both programs in memory, and ours compiled, as it is where they are used: loading it is not what is
 * compared. Only a backup loads all that a backup needs.
 */
async function warmUp(workspace: Workspace): Promise<void> {
  await using phone = await plugIn(workspace.folder('other-phone'), 'empty');
  await ours(phone, join(workspace.folder('other-vault'), 'vault'));
  await measure(['idevicebackup2', '--help']);
}

function ours(phone: PluggedPhone, vault: string): Promise<Cost> {
  return measure([...HOLDFAST, 'backup', '--json', '--vault', vault], { env: phone.env, mark: '"event":"requested"' });
}

function theirs(phone: PluggedPhone, folder: string): Promise<Cost> {
  return measure(['idevicebackup2', 'backup', folder], { env: phone.env });
}

function row(title: string, pairs: readonly Pair[]): string[] {
  const [mine, other] = [median(pairs.map((pair) => pair.ours)), median(pairs.map((pair) => pair.theirs))];
  return [title, ...cells(mine), ...cells(other), ratio(other.wallSeconds, mine.wallSeconds)];
}

function cells({ wallSeconds, cpuSeconds, peakMegabytes }: Cost): string[] {
  return [seconds(wallSeconds), seconds(cpuSeconds), megabytes(peakMegabytes)];
}

/**
 * A first and two more backups of a phone with very many files: memory, and how long the phone waits to start. With the
 * third the list of the second is packed against that of the first.
 */
async function measureScale(files: number): Promise<void> {
  using workspace = new Workspace(30);
  await using phone = await plugIn(workspace.folder('phone'), `${files}x1000`);
  const { vault } = freshStores(workspace);
  await warmUp(workspace);
  const first = await ours(phone, vault);
  const second = await ours(phone, vault);
  const third = await ours(phone, vault);
  process.stdout.write(`\n## ${files.toLocaleString('en')} files in the snapshot\n\n`);
  printTable(
    ['', 'wall', 'CPU', 'peak', 'phone may start after'],
    [
      ['full', ...cells(first), start(first)],
      ['nothing changed', ...cells(second), start(second)],
      ['nothing changed, once more', ...cells(third), start(third)],
    ],
  );
}

/** From typing the command until the request that lets the phone begin, the start of the program included. */
const start = ({ markSeconds }: Cost): string => seconds(markSeconds ?? Number.NaN);
