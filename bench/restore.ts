/**
 * The same backup restored to the same virtual iPhone by `holdfast` and by `idevicebackup2`, alternating in one run:
 * many small files, few large ones, a mixture. holdfast reads every byte before it touches the phone and once more
 * while it sends; the second row leaves the first reading out, as idevicebackup2 does.
 *
 * Options: `--rounds N` (default 3), `--only NAME` for one scenario.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { measure, median, type Cost } from './support/measure.ts';
import { HOLDFAST, plugIn, type PluggedPhone } from './support/phone.ts';
import { megabytes, printTable, ratio, seconds } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const SCENARIOS = [
  { name: 'small', title: '40,000 files of 4 KB', library: '40000x4096' },
  { name: 'large', title: '200 files of 20 MB', library: '200x20000000' },
  { name: 'mixed', title: 'mixed 20,000', library: '20000' },
] as const;

/** Both leave the phone's own files where they are: what is compared is the way of the bytes. The phone restarts afterwards. */
const OURS = ['restore', 'latest', '--json', '--yes', '--no-safety-backup', '--no-remove', '--no-apps'];
const THEIRS = ['restore', '--system', '--settings', '--skip-apps'];

interface Round {
  readonly checked: Cost;
  readonly unchecked: Cost;
  readonly theirs: Cost;
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' } },
  });
  execFileSync('sh', ['tools/install-bench-peers.sh'], { stdio: 'inherit' });
  for (const scenario of SCENARIOS.filter(({ name }) => values.only === undefined || values.only === name)) {
    await compare(scenario, Number(values.rounds));
  }
}

async function compare({ name, title, library }: (typeof SCENARIOS)[number], count: number): Promise<void> {
  using workspace = new Workspace(30);
  await using phone = await plugIn(workspace.folder('phone'), library);
  const vault = join(workspace.dir, 'vault');
  const folder = workspace.folder('folder');
  process.env['HOLDFAST_HOME'] = workspace.folder('home');
  await measure([...HOLDFAST, 'backup', '--json', '--vault', vault], { env: phone.env });
  await measure(['idevicebackup2', 'backup', folder], { env: phone.env });
  const rounds: Round[] = [];
  for (let round = 0; round < count; round++) {
    rounds.push({
      checked: await ours(workspace, phone, vault, []),
      theirs: await theirs(workspace, phone, folder),
      unchecked: await ours(workspace, phone, vault, ['--skip-verify']),
    });
    process.stderr.write(`${name}, round ${round + 1} of ${count}\n`);
  }
  process.stdout.write(`\n## restore of ${title}\n\n`);
  const other = median(rounds.map((round) => round.theirs));
  printTable(
    ['', 'holdfast wall', 'CPU', 'peak', 'idevicebackup2 wall', 'CPU', 'peak', 'times as fast'],
    [
      row('every byte checked before', median(rounds.map((round) => round.checked)), other),
      row('not checked before', median(rounds.map((round) => round.unchecked)), other),
    ],
  );
}

function ours(workspace: Workspace, phone: PluggedPhone, vault: string, words: readonly string[]): Promise<Cost> {
  return once(workspace, phone, [...HOLDFAST, ...OURS, ...words, '--vault', vault]);
}

function theirs(workspace: Workspace, phone: PluggedPhone, folder: string): Promise<Cost> {
  return once(workspace, phone, ['idevicebackup2', ...THEIRS, folder]);
}

async function once(workspace: Workspace, phone: PluggedPhone, words: readonly string[]): Promise<Cost> {
  workspace.dropCaches();
  const cost = await measure(words, { env: phone.env });
  await untilBack(phone);
  return cost;
}

/** A phone that restarts is away for a moment. */
async function untilBack({ env }: PluggedPhone): Promise<void> {
  for (;;) {
    await delay(500);
    const listed = spawnSync('idevice_id', ['-l'], { env: { ...process.env, ...env }, encoding: 'utf8' });
    if (listed.stdout.trim() !== '') return;
  }
}

function row(title: string, mine: Cost, other: Cost): string[] {
  return [title, ...cells(mine), ...cells(other), ratio(other.wallSeconds, mine.wallSeconds)];
}

function cells({ wallSeconds, cpuSeconds, peakMegabytes }: Cost): string[] {
  return [seconds(wallSeconds), seconds(cpuSeconds), megabytes(peakMegabytes)];
}
