import { Command } from 'commander';
import {
  knownProblems,
  lackedAtFirst,
  listKnownVault,
  passwordDates,
  type SnapshotLabels,
  type SnapshotRecord,
} from '../../vault/index.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatCount, formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { labelWords } from '../snapshot-words.ts';

interface SnapshotsOptions extends VaultOptions {
  readonly device?: string;
}

export function snapshotsCommand(context: CliContext): Command {
  return new Command('snapshots')
    .description('list every version, newest first')
    .option('--device <name>', 'only those of one device, by name or UDID')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: SnapshotsOptions) => listSnapshots(context, options));
}

async function listSnapshots(context: CliContext, options: SnapshotsOptions): Promise<void> {
  const output = outputFor(context, options);
  const listing = await listKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
  });
  const { labels } = listing;
  const wanted = options.device;
  const snapshots = wanted === undefined ? listing.snapshots : await ofDevice(listing.snapshots, wanted);
  const passwords = passwordDates(snapshots);
  if (snapshots.length === 0) output.line(nothingWords(wanted));
  else showTable(snapshots, { labels, passwords }, output);
  output.records(recordsOf(snapshots, { labels, passwords }));
  for (const { path } of listing.unreadable) {
    output.note(`The record ${path} is damaged and was left out. \`holdfast verify\` tells more.`);
  }
}

/** What knows UDIDs knows a lot more, and is loaded only where a device is named. */
async function ofDevice(snapshots: readonly SnapshotRecord[], wanted: string): Promise<SnapshotRecord[]> {
  const { normalizeUdid } = await import('../../service/index.ts');
  return snapshots.filter(({ udid, device }) => udid === normalizeUdid(wanted) || device.name === wanted);
}

function nothingWords(wanted: string | undefined): string {
  if (wanted === undefined) return 'There is no snapshot yet. `holdfast backup` makes the first one.';
  return `There is no snapshot of a device called “${wanted}”. \`holdfast snapshots\` lists those of all devices.`;
}

/** What is known of the snapshots besides their records. */
interface Known {
  readonly labels: ReadonlyMap<string, SnapshotLabels>;
  /** Since when a password was in use, by keybag. */
  readonly passwords: ReadonlyMap<string, Date>;
}

/** The last column only where there is something in it. */
function showTable(snapshots: readonly SnapshotRecord[], { labels, passwords }: Known, output: Output): void {
  const header = ['ID', 'DEVICE', 'TAKEN', 'FILES', 'SIZE', 'NEW', 'STATE'];
  const now = new Date();
  const changed = passwords.size > 1 ? devicesOfSeveralPasswords(snapshots) : new Set<string>();
  const rows = snapshots.map((snapshot) => [
    ...rowOf(snapshot, changed.has(snapshot.udid) ? passwords : NONE),
    labelWords(labels.get(snapshot.id), now),
  ]);
  const isLabelled = rows.some((row) => row.at(-1) !== '');
  const shown = isLabelled ? rows : rows.map((row) => row.slice(0, -1));
  output.table(isLabelled ? [...header, 'LABELS'] : header, shown, { numeric: [3, 4, 5] });
}

const NONE: ReadonlyMap<string, Date> = new Map();

/** Where there was one password only, nobody has to be told which. */
function devicesOfSeveralPasswords(snapshots: readonly SnapshotRecord[]): Set<string> {
  const byDevice = Map.groupBy(snapshots, ({ udid }) => udid);
  return new Set([...byDevice].flatMap(([udid, records]) => (passwordDates(records).size > 1 ? [udid] : [])));
}

function rowOf(record: SnapshotRecord, passwords: ReadonlyMap<string, Date>): string[] {
  const { id, device, takenAt, list, newBytes, encrypted } = record;
  const since = passwordSince(record, passwords);
  const password = since === undefined ? '' : `, password of ${formatTime(since).slice(0, 10)}`;
  return [
    id,
    device.name,
    formatTime(takenAt),
    formatCount(list.files),
    formatSize(list.bytes),
    formatSize(newBytes),
    `${encrypted ? `encrypted${password}` : 'not encrypted'}${lacking(record)}`,
  ];
}

/** What it was known to lack when it was taken in. */
function lacking(record: SnapshotRecord): string {
  const { isDamaged, missing } = lackedAtFirst(record);
  if (isDamaged) return ', damaged';
  return missing > 0 ? `, ${plural(missing, 'file')} missing` : '';
}

/** Which of the passwords a device has had opens a snapshot is told by the time it came into use. */
function passwordSince({ checks }: SnapshotRecord, passwords: ReadonlyMap<string, Date>): Date | undefined {
  const keybag = checks['keybag'];
  return typeof keybag === 'string' ? passwords.get(keybag) : undefined;
}

/** What scripts are given; the names are a promise. A record that could be read is of a finished backup. */
function* recordsOf(snapshots: readonly SnapshotRecord[], { labels, passwords }: Known): Generator<object> {
  for (const snapshot of snapshots) {
    const { id, udid, device, takenAt, encrypted, list, newBytes, checks } = snapshot;
    yield {
      id,
      udid,
      name: device.name,
      takenAt: takenAt.toISOString(),
      encrypted,
      files: list.files,
      bytes: list.bytes,
      newBytes,
      state: 'finished',
      keybag: checks['keybag'] ?? null,
      passwordSince: passwordSince(snapshot, passwords)?.toISOString() ?? null,
      ...labelRecord(labels.get(id) ?? {}),
      knownProblems: knownProblems(snapshot, labels.get(id)),
    };
  }
}

/** Labels as scripts are given them. `label` is what a person calls the version; `name` is taken by the device. */
export function labelRecord(labels: SnapshotLabels): object {
  return {
    pinned: labels.pinned === true,
    label: labels.name ?? null,
    note: labels.note ?? null,
    holdUntil: labels.holdUntil?.toISOString() ?? null,
    verifiedAt: labels.deepVerifiedAt?.toISOString() ?? null,
    verifyProblems: labels.deepVerifyProblems ?? null,
  };
}
