import { Command } from 'commander';
import { normalizeUdid, openKnownVault } from '../../service/index.ts';
import type { SnapshotLabels, SnapshotRecord } from '../../vault/index.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatCount, formatSize, formatTime } from '../output/format.ts';
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
  await using vault = await openKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    purpose: 'listing snapshots',
    create: false,
    lock: 'none',
  });
  const wanted = options.device;
  const snapshots = vault
    .snapshots()
    .filter(({ udid, device }) => wanted === undefined || udid === normalizeUdid(wanted) || device.name === wanted);
  const labels = vault.labels.all();
  if (snapshots.length === 0) output.line(nothingWords(wanted));
  else showTable(snapshots, labels, output);
  output.records(recordsOf(snapshots, labels));
  for (const { path } of vault.unreadableRecords()) {
    output.note(`The record ${path} is damaged and was left out. \`holdfast verify\` tells more.`);
  }
}

function nothingWords(wanted: string | undefined): string {
  if (wanted === undefined) return 'There is no snapshot yet. `holdfast backup` makes the first one.';
  return `There is no snapshot of a device called “${wanted}”. \`holdfast snapshots\` lists those of all devices.`;
}

/** The last column only where there is something in it. */
function showTable(
  snapshots: readonly SnapshotRecord[],
  labels: ReadonlyMap<string, SnapshotLabels>,
  output: Output,
): void {
  const header = ['ID', 'DEVICE', 'TAKEN', 'FILES', 'SIZE', 'NEW', 'STATE'];
  const now = new Date();
  const rows = snapshots.map((snapshot) => [...rowOf(snapshot), labelWords(labels.get(snapshot.id), now)]);
  const isLabelled = rows.some((row) => row.at(-1) !== '');
  const shown = isLabelled ? rows : rows.map((row) => row.slice(0, -1));
  output.table(isLabelled ? [...header, 'LABELS'] : header, shown, { numeric: [3, 4, 5] });
}

function rowOf({ id, device, takenAt, list, newBytes, encrypted }: SnapshotRecord): string[] {
  return [
    id,
    device.name,
    formatTime(takenAt),
    formatCount(list.files),
    formatSize(list.bytes),
    formatSize(newBytes),
    encrypted ? 'encrypted' : 'not encrypted',
  ];
}

/** What scripts are given; the names are a promise. A record that could be read is of a finished backup. */
function* recordsOf(
  snapshots: readonly SnapshotRecord[],
  labels: ReadonlyMap<string, SnapshotLabels>,
): Generator<object> {
  for (const { id, udid, device, takenAt, encrypted, list, newBytes } of snapshots) {
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
      ...labelRecord(labels.get(id) ?? {}),
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
