/**
 * Keeping a vault small: what versions hold, which the rule lets go, what is given back, and how long a list of very many
 * takes. Every step is a command of its own, its start included.
 *
 * Options: `--files N --days N` for another history than 90 days of 100,000 files, of which 1 % change a day;
 * `--snapshots N` for another long list than 10,000.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeRecord } from '../src/vault/snapshots/record.ts';
import { openVault, type SnapshotRecord, type Vault } from '../src/vault/index.ts';
import { measure, median, type Cost } from './support/measure.ts';
import { megabytes, printTable, seconds } from './support/table.ts';
import { Workspace } from './support/workspace.ts';

const HOLDFAST = join(import.meta.dirname, '..', 'bin', 'holdfast.js');
const UDID = '00008110-00BE7C4000BE7C40';
const FACTS = {
  device: { name: 'Bench', productType: 'iPhone14,5', productVersion: '18.1', buildVersion: '22B83' },
  kind: 'incremental',
  encrypted: true,
} as const;
/** Most files of a phone are small; how large they are matters little here. */
const FILE_BYTES = 1_000;
const SHARE_CHANGED = 0.01;
const DAY_MS = 86_400_000;
const LIST_ROUNDS = 5;
const NONE_BUT_THE_NEWEST = ['--keep-all', '--keep-daily', '--keep-weekly', '--keep-monthly'].flatMap((each) => [
  each,
  '0',
]);

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: '100000' },
      days: { type: 'string', default: '90' },
      snapshots: { type: 'string', default: '10000' },
    },
  });
  const [files, days, snapshots] = [values.files, values.days, values.snapshots].map(Number);
  if (!files || !days || !snapshots) throw new RangeError('the options take whole numbers');
  const rows = [...(await longHistory(files, days)), ...(await longList(snapshots))];
  printTable(['', 'wall', 'CPU', 'peak', 'wanted'], rows);
}

async function longHistory(files: number, days: number): Promise<string[][]> {
  using space = new Workspace(4);
  const holdfast = commandIn(space.dir);
  tell(`making ${days} snapshots of ${files} files`);
  await makeHistory(join(space.dir, 'vault'), files, days);
  space.sync();
  const size = `${days} snapshots of ${files.toLocaleString('en')} files`;
  const rows: string[][] = [];
  const step = async (what: string, words: readonly string[], wanted = ''): Promise<void> => {
    const cost = await holdfast(words);
    tell(`${what}: ${cost.output.trim().split('\n').at(-1) ?? ''}`);
    rows.push(rowOf(what, cost, wanted));
  };
  await step(`listed: ${size}`, ['snapshots']);
  await step('space: what each holds alone', ['space'], '200 MB');
  await step('prune: nothing to remove', ['prune', '--yes'], '2 s');
  await step('forget by the rule: looked up, with what it frees', ['forget', '--dry-run']);
  await step('forget by the rule', ['forget', '--yes']);
  await step('prune after it', ['prune', '--yes'], '2 s');
  await step('forget all but the newest', ['forget', '--yes', ...NONE_BUT_THE_NEWEST]);
  await step('prune to one', ['prune', '--yes'], '2 s');
  return rows;
}

async function longList(count: number): Promise<string[][]> {
  using space = new Workspace(1);
  const vaultDir = join(space.dir, 'vault');
  tell(`making ${count} snapshots`);
  const newest = await makeHistory(vaultDir, 10, 1);
  for (let n = 1; n < count; n++) {
    const takenAt = new Date(newest.takenAt.getTime() - n * 3_600_000);
    const id = n.toString(16).padStart(8, '0');
    const name = `${takenAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${id}.json`;
    const record = { ...newest, id, takenAt, startedAt: takenAt, finishedAt: takenAt, newBytes: n * 1000 };
    writeFileSync(join(vaultDir, 'snapshots', UDID, name), encodeRecord(record));
  }
  const vault = await openVault(vaultDir, { purpose: 'a bench' });
  for (const record of vault.snapshots().slice(0, count / 100)) {
    await vault.labels.set(record, { deepVerifiedAt: new Date(), deepVerifyProblems: 0 });
  }
  await vault.close();
  const holdfast = commandIn(space.dir);
  await holdfast(['snapshots']);
  const list: Cost[] = [];
  const json: Cost[] = [];
  const start: Cost[] = [];
  for (let round = 0; round < LIST_ROUNDS; round++) {
    list.push(await holdfast(['snapshots']));
    json.push(await holdfast(['snapshots', '--json']));
    start.push(await holdfast(['--version']));
  }
  const what = `${count.toLocaleString('en')} snapshots listed`;
  return [
    rowOf(what, median(list), '0.2 s'),
    rowOf(`${what}, --json`, median(json), '0.2 s'),
    rowOf('of which the start of the program', median(start), ''),
  ];
}

/** @returns the newest snapshot. */
async function makeHistory(vaultDir: string, files: number, days: number): Promise<SnapshotRecord> {
  await using vault = await openVault(vaultDir, { create: true, purpose: 'a bench' });
  const names = Array.from({ length: files }, () => randomBytes(20).toString('hex'));
  let record = await takeSnapshot(vault, names, daysAgo(days - 1));
  for (let day = days - 2; day >= 0; day--) {
    const changed = new Set(
      Array.from({ length: files * SHARE_CHANGED }, () => names[Math.floor(Math.random() * files)]),
    );
    record = await takeSnapshot(vault, changed, daysAgo(day));
  }
  return record;
}

async function takeSnapshot(vault: Vault, names: Iterable<string | undefined>, takenAt: Date): Promise<SnapshotRecord> {
  await using draft = vault.openDraft(UDID);
  for (const name of names) {
    if (name === undefined) continue;
    const sink = draft.create(`${UDID}/${name.slice(0, 2)}/${name}`);
    await sink.write(randomBytes(FILE_BYTES));
    await sink.finish();
  }
  return await draft.commit({ ...FACTS, takenAt });
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);

function commandIn(home: string): (words: readonly string[]) => Promise<Cost> {
  return (words) => measure([process.execPath, HOLDFAST, ...words], { env: { HOLDFAST_HOME: home } });
}

function rowOf(what: string, { wallSeconds, cpuSeconds, peakMegabytes }: Cost, wanted: string): string[] {
  return [what, seconds(wallSeconds), seconds(cpuSeconds), megabytes(peakMegabytes), wanted];
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
