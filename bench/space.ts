/**
 * How much a version takes in the vault and in a restic repository, on the same folder as days go by: with nothing
 * changed, with a few files changed, and with 1 % changed. What is counted is the size of all files.
 *
 * Once with the content of an encrypted backup: nobody can compress its files, and every day has another Manifest.db, of
 * which nothing is as it was. And once with a Manifest.db that is not encrypted: it can be compressed, and restic also
 * finds the parts of it that are as they were the day before.
 *
 * Options: `--files N --megabytes M` for another folder than 20,000 files of 400 MB.
 */
import { execFileSync } from 'node:child_process';
import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupFolder, type FolderPlan } from './support/backup-folder.ts';
import { measure } from './support/measure.ts';
import { printTable } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const HOLDFAST = join(import.meta.dirname, '..', 'bin', 'holdfast.js');
const DAYS: readonly { readonly what: string; readonly share: number; readonly days: number }[] = [
  // With the second version there is a list of the newest one, with the third a second file of the first list.
  { what: 'each of the first two days after it, on which nothing changed but the manifest', share: 0, days: 2 },
  { what: 'each of the next five such days', share: 0, days: 5 },
  { what: 'a day on which 0.05 % changed', share: 0.0005, days: 5 },
  { what: 'a day on which 1 % changed', share: 0.01, days: 10 },
];

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { files: { type: 'string', default: '20000' }, megabytes: { type: 'string', default: '400' } },
  });
  const [files, megabytes] = [Number(values.files), Number(values.megabytes)];
  if (!files || !megabytes) throw new RangeError('the options take whole numbers');
  execFileSync('sh', ['tools/install-bench-peers.sh'], { stdio: 'inherit' });
  using space = new Workspace((megabytes * 8) / 1000 + 1);
  for (const kind of ['encrypted', 'not encrypted'] as const) {
    const home = space.folder(kind.replace(' ', '-'));
    const rows = await days(home, { files, meanBytes: (megabytes * 1e6) / files }, kind === 'encrypted');
    process.stdout.write(`\n${files.toLocaleString('en')} files, ${megabytes} MB, ${kind}\n\n`);
    printTable(['', 'holdfast', 'restic', 'holdfast ÷ restic'], rows);
  }
}

async function days(home: string, plan: FolderPlan, isEncrypted: boolean): Promise<string[][]> {
  mkdirSync(join(home, 'source'));
  const folder = new BackupFolder(join(home, 'source'), plan);
  const manifest = (): void => (isEncrypted ? encryptManifest(folder.dir) : undefined);
  const vault = vaultIn(join(home, 'holdfast'), folder.dir);
  const restic = resticIn(join(home, 'restic'), folder.dir);
  manifest();
  const all = { versions: 1, ours: await vault(), theirs: await restic() };
  const rows = [['the first version', ...figures(all.ours, all.theirs)]];
  for (const { what, share, days: count } of DAYS) {
    let [ours, theirs] = [0, 0];
    for (let day = 0; day < count; day++) {
      folder.letADayGoBy(share);
      manifest();
      ours += await vault();
      theirs += await restic();
    }
    rows.push([what, ...figures(ours / count, theirs / count)]);
    all.versions += count;
    all.ours += ours;
    all.theirs += theirs;
  }
  const mean = figures(all.ours / all.versions, all.theirs / all.versions);
  return [...rows, [`a version, on average of all ${all.versions}`, ...mean]];
}

/** With a new key each time, as the phone does. */
function encryptManifest(dir: string): void {
  const file = join(dir, 'Manifest.db');
  writeFileSync(file, createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16)).update(readFileSync(file)));
}

/** @returns takes in the folder, and tells by how much the store has grown. */
function vaultIn(home: string, source: string): () => Promise<number> {
  const grow = growthOf(home);
  return () => grow(() => measure([process.execPath, HOLDFAST, 'import', source], { env: { HOLDFAST_HOME: home } }));
}

function resticIn(dir: string, source: string): () => Promise<number> {
  const repository = join(dir, 'repository');
  const env = { RESTIC_PASSWORD: 'bench', RESTIC_CACHE_DIR: `${dir}-cache` };
  execFileSync('restic', ['-q', '-r', repository, 'init'], { env: { ...process.env, ...env } });
  const grow = growthOf(repository);
  return () => grow(() => measure(['restic', '-q', '-r', repository, 'backup', source], { env }));
}

function growthOf(dir: string): (act: () => Promise<unknown>) => Promise<number> {
  mkdirSync(dir, { recursive: true });
  return async (act) => {
    const before = sizeOf(dir);
    await act();
    return sizeOf(dir) - before;
  };
}

function sizeOf(dir: string): number {
  let bytes = 0;
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    // What SQLite can make anew: the catalogue and its log.
    if (/\.db(?:-wal|-shm)?$/.test(name)) continue;
    const facts = statSync(join(dir, name));
    if (facts.isFile()) bytes += facts.size;
  }
  return bytes;
}

function figures(ours: number, theirs: number): string[] {
  return [`${(ours / 1e6).toFixed(2)} MB`, `${(theirs / 1e6).toFixed(2)} MB`, (ours / theirs).toFixed(2)];
}
