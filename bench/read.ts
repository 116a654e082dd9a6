/**
 * Reading an encrypted backup: everything in it decrypted to a disk by `holdfast get`, beside a plain loop in one
 * thread; and the list of 200,000 files. What is read is in memory, deriving the keys costs next to nothing.
 *
 * Options: `--small N` files of 4 KB (default 50,000), `--gigabytes G` in files of 20 MB (default 2), `--listed N`
 * (default 200,000), `--rounds N` (default 3), `--only small|large|list`.
 */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  BENCH_PASSWORD,
  LARGE_DOMAIN,
  SMALL_DOMAIN,
  writeEncryptedBackup,
  type EncryptedBackupOptions,
} from './support/encrypted-backup.ts';
import { measure, median, type Cost } from './support/measure.ts';
import { HOLDFAST } from './support/phone.ts';
import { megabytes, printTable, ratio, seconds } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const LARGE_BYTES = 20_000_000;
const SMALL_BYTES = 4_096;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      small: { type: 'string', default: '50000' },
      gigabytes: { type: 'string', default: '2' },
      listed: { type: 'string', default: '200000' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
    },
  });
  const small = { files: Number(values.small), sizeBytes: SMALL_BYTES };
  const large = { files: Math.round((Number(values.gigabytes) * 1e9) / LARGE_BYTES), sizeBytes: LARGE_BYTES };
  const gigabytes = (small.files * 16_384 + large.files * LARGE_BYTES) / 1e9;
  using workspace = new Workspace(gigabytes * 4 + 4);
  process.env['HOLDFAST_PASSWORD'] = BENCH_PASSWORD;
  process.env['HOLDFAST_HOME'] = workspace.folder('home');
  const rounds = Number(values.rounds);
  if (values.only !== 'list') await measureGetting(workspace, { small, large }, rounds, values.only);
  if (values.only === undefined || values.only === 'list') {
    await measureListing(workspace, Number(values.listed), rounds);
  }
}

async function measureGetting(
  workspace: Workspace,
  options: EncryptedBackupOptions,
  rounds: number,
  only: string | undefined,
): Promise<void> {
  const backup = workspace.folder('backup');
  await writeEncryptedBackup(backup, options);
  workspace.sync();
  const { small, large } = options;
  const largeBytes = large.files * large.sizeBytes;
  const rows: string[][] = [];
  if (only !== 'large') {
    const pair = await compare(workspace, backup, SMALL_DOMAIN, rounds);
    rows.push(
      row(`${small.files.toLocaleString('en')} files of 4 KB`, pair, (s) => `${Math.round(small.files / s)} files/s`),
    );
  }
  if (only !== 'small') {
    const pair = await compare(workspace, backup, LARGE_DOMAIN, rounds);
    rows.push(row(`${large.files} files of 20 MB`, pair, (s) => `${Math.round(largeBytes / s / 1e6)} MB/s`));
  }
  process.stdout.write(`\n## Taking out, load ${loadavg()[0]?.toFixed(1)}\n\n`);
  printTable(
    ['', 'holdfast wall', 'CPU', 'peak', 'speed', 'one thread wall', 'CPU', 'peak', 'speed', 'times as fast'],
    rows,
  );
}

interface Pair {
  readonly ours: Cost;
  readonly theirs: Cost;
}

async function compare(workspace: Workspace, backup: string, domain: string, rounds: number): Promise<Pair> {
  const plainReader = join(import.meta.dirname, 'support', 'plain-reader.ts');
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  const out = (): string => {
    workspace.discard('out');
    return workspace.folder('out');
  };
  // Once before, so that the backup and the programs are in memory.
  await measure([process.execPath, plainReader, backup, domain, out()]);
  for (let round = 0; round < rounds; round++) {
    ours.push(await measure([...HOLDFAST, 'get', backup, domain, '--to', join(out(), 'to')]));
    theirs.push(await measure([process.execPath, plainReader, backup, domain, out()]));
    process.stderr.write(`${domain}, round ${round + 1} of ${rounds}: ${seconds(ours.at(-1)?.wallSeconds ?? 0)}\n`);
  }
  workspace.discard('out');
  return { ours: median(ours), theirs: median(theirs) };
}

function row(title: string, { ours, theirs }: Pair, speed: (wallSeconds: number) => string): string[] {
  const cells = (cost: Cost): string[] => [
    seconds(cost.wallSeconds),
    seconds(cost.cpuSeconds),
    megabytes(cost.peakMegabytes),
    speed(cost.wallSeconds),
  ];
  return [title, ...cells(ours), ...cells(theirs), ratio(theirs.wallSeconds, ours.wallSeconds)];
}

async function measureListing(workspace: Workspace, files: number, rounds: number): Promise<void> {
  const backup = workspace.folder('listed');
  const nothing = { files: 0, sizeBytes: 0 };
  await writeEncryptedBackup(backup, { small: nothing, large: nothing, listed: files });
  const rows: string[][] = [];
  for (const [title, words] of [
    ['ls (all domains, counted)', ['ls', backup]],
    ['ls of one domain', ['ls', backup, 'HomeDomain/Library']],
    ['find (every file)', ['find', backup]],
    ['find --json (every file)', ['find', backup, '--json']],
    ['find a name', ['find', backup, '*-12345.dat']],
    ['only opening it', ['find', backup, '--domain', 'none']],
  ] as const) {
    const costs: Cost[] = [];
    for (let round = 0; round < rounds; round++) costs.push(await measure([...HOLDFAST, ...words]));
    const cost = median(costs);
    rows.push([title, seconds(cost.wallSeconds), seconds(cost.cpuSeconds), megabytes(cost.peakMegabytes)]);
  }
  process.stdout.write(`\n## A list of ${files.toLocaleString('en')} files, load ${loadavg()[0]?.toFixed(1)}\n\n`);
  printTable(['', 'wall', 'CPU', 'peak'], rows);
}
