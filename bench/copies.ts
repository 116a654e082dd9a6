/**
 * Copies side by side with what does the same without us: a vault to a second vault against rsync of the vault's
 * folder; a vault through restic against restic on the plain backup folder; reading every byte of a vault against
 * sha256sum on two processors. First all of it, then nothing new, then a day with 1 % changed.
 *
 * Vault and copies lie on fresh file systems of their own. Every step ends when it is on the disk. Only what is read for
 * the first time comes from the disk.
 *
 * Options: `--files N --gigabytes G` (10,000 and 1), `--restic FILE` for another restic than the one on PATH.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupFolder } from './support/backup-folder.ts';
import { measure, type Cost } from './support/measure.ts';
import { megabytes, printTable, ratio, seconds } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const HOLDFAST = [process.execPath, join(import.meta.dirname, '..', 'bin', 'holdfast.js')];

interface Row {
  readonly what: string;
  readonly ours: Cost;
  readonly peer: string;
  readonly theirs: Cost;
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: '10000' },
      gigabytes: { type: 'string', default: '1' },
      restic: { type: 'string', default: 'restic' },
    },
  });
  execFileSync('sh', ['tools/install-bench-peers.sh'], { stdio: 'inherit' });
  const [files, gigabytes] = [Number(values.files), Number(values.gigabytes)];
  process.stdout.write(`\n## ${files.toLocaleString('en')} files, ${gigabytes} GB\n\n`);
  const rows = await compare(files, gigabytes, values.restic);
  printTable(
    ['', 'holdfast wall', 'CPU', 'peak', 'peer', 'wall', 'CPU', 'peak', 'times as fast'],
    rows.map(({ what, ours, peer, theirs }) => [
      what,
      ...costCells(ours),
      peer,
      ...costCells(theirs),
      ratio(theirs.wallSeconds, ours.wallSeconds),
    ]),
  );
}

const costCells = ({ wallSeconds, cpuSeconds, peakMegabytes }: Cost): string[] => {
  return [seconds(wallSeconds), seconds(cpuSeconds), megabytes(peakMegabytes)];
};

async function compare(files: number, gigabytes: number, restic: string): Promise<Row[]> {
  using source = new Workspace(gigabytes * 5 + 2);
  using away = new Workspace(gigabytes * 5 + 2);
  const folder = new BackupFolder(source.folder('source'), { files, meanBytes: (gigabytes * 1e9) / files });
  const home = source.folder('home');
  const vault = join(home, 'vault');
  const env = { HOLDFAST_HOME: home, RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: source.folder('restic-cache') };
  const holdfast = (...words: string[]): Promise<Cost> => synced(away, [...HOLDFAST, ...words], env);
  const peerRepository = join(away.dir, 'peer-repository');
  const backUp = (): Promise<Cost> =>
    synced(away, [restic, '-q', '-r', peerRepository, 'backup', dirname(folder.dir)], env);
  const replicate = (): Promise<Cost> =>
    synced(away, ['rsync', '-a', '--delete', '--exclude=/staging', `${vault}/`, join(away.dir, 'peer-vault')], env);

  await holdfast('import', folder.dir);
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, 'bench\n', { mode: 0o600 });
  await holdfast('copies', 'add', 'disk', '--folder', join(away.dir, 'copy'));
  const how = ['--password-file', passwordFile, ...(restic === 'restic' ? [] : ['--restic-binary', restic])];
  await holdfast('copies', 'add', 'engine', '--restic', join(away.dir, 'repository'), ...how);
  await synced(away, [restic, '-q', '-r', peerRepository, 'init'], env);

  const rows: Row[] = [];
  for (const [day, what] of ['all of it', 'nothing new', '1 % changed'].entries()) {
    if (day === 2) {
      folder.letADayGoBy(0.01);
      await holdfast('import', folder.dir);
    }
    if (day === 0) source.dropCaches();
    rows.push({
      what: `to a second vault, ${what}`,
      ours: await holdfast('copies', 'run', 'disk'),
      peer: 'rsync',
      theirs: await cold(source, day === 0, replicate),
    });
    rows.push({
      what: `through restic, ${what}`,
      ours: await cold(source, day === 0, () => holdfast('copies', 'run', 'engine')),
      peer: 'restic',
      theirs: await cold(source, day === 0, backUp),
    });
  }
  rows.push({
    what: 'every byte read',
    ours: await cold(source, true, () => holdfast('verify')),
    peer: 'sha256sum on two',
    theirs: await cold(source, true, () => measure(['sh', '-c', SUM, 'sh', vault], { env })),
  });
  return rows;
}

/** Large files one by one, so that both processors are busy to the end. */
const SUM = 'find "$1/objects" "$1/segments" -type f -print0 | xargs -0 -P 2 -n 4 sha256sum >/dev/null';

async function cold(place: Workspace, isCold: boolean, work: () => Promise<Cost>): Promise<Cost> {
  if (isCold) place.dropCaches();
  return work();
}

/** The time includes getting everything onto the disk. */
async function synced(place: Workspace, command: readonly string[], env: NodeJS.ProcessEnv): Promise<Cost> {
  const cost = await measure(command, { env });
  const startedMs = performance.now();
  place.sync();
  return { ...cost, wallSeconds: cost.wallSeconds + (performance.now() - startedMs) / 1000 };
}
