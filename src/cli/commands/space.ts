import { Command } from 'commander';
import { openKnownVault, type SnapshotSpace, type SpaceReport } from '../../vault/index.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

export function spaceCommand(context: CliContext): Command {
  return new Command('space')
    .description('tell what each version takes, how fast the vault grows, and when its disk will be full')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((options: VaultOptions) => runSpace(context, options));
}

async function runSpace(context: CliContext, options: VaultOptions): Promise<void> {
  const output = outputFor(context, options);
  await using vault = await openKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    purpose: 'counting what versions take',
    create: false,
    lock: 'none',
  });
  const line = output.progress();
  let report: SpaceReport;
  try {
    const onProgress = (done: number, total: number): void =>
      line.show({ phase: 'Looking what each version holds', fraction: done / total, facts: [`${done} of ${total}`] });
    report = await vault.space({ signal: context.signal, onProgress });
  } finally {
    line.end();
  }
  show(report, output);
}

function show(report: SpaceReport, output: Output): void {
  const { snapshots, devices, damaged } = report;
  output.table(['ID', 'DEVICE', 'TAKEN', 'SIZE', 'NEW', 'ALONE'], snapshots.map(rowOf), { numeric: [3, 4, 5] });
  for (const { record, aloneBytes, addedBytes } of snapshots) {
    const { id, udid, list } = record;
    output.record({ event: 'snapshot', id, udid, bytes: list.bytes, addedBytes, aloneBytes });
  }
  if (snapshots.length > 0) output.line();
  for (const { udid, name, snapshots: count, bytes, growthPerDay } of devices) {
    const growth = growthPerDay === undefined ? '' : `; on a usual day ${formatSize(growthPerDay)} more`;
    output.line(`${name}: ${plural(count, 'version')} in ${formatSize(bytes)}${growth}.`);
    output.record({ event: 'device', udid, name, snapshots: count, bytes, growthPerDay: growthPerDay ?? null });
  }
  for (const words of totalWords(report)) output.line(words);
  for (const id of damaged) output.note(`Version ${id} could not be counted: its list of files is damaged.`);
  output.record(totalRecord(report));
}

const rowOf = ({ record, addedBytes, aloneBytes }: SnapshotSpace): string[] => [
  record.id,
  record.device.name,
  formatTime(record.takenAt),
  formatSize(record.list.bytes),
  formatSize(addedBytes),
  formatSize(aloneBytes),
];

function* totalWords(report: SpaceReport): Generator<string> {
  const { listedBytes, distinctBytes, storedBytes, draftBytes, garbageBytes, freeBytes } = report;
  const factor = distinctBytes === 0 ? undefined : listedBytes / distinctBytes;
  const instead =
    factor === undefined ? '' : `, ${factor.toFixed(1)} times less than ${formatSize(listedBytes)} of folders`;
  yield `In all ${formatSize(storedBytes)} on the disk${instead}.`;
  if (draftBytes > 0) yield `Unfinished backups hold ${formatSize(draftBytes)} of it.`;
  if (garbageBytes > 0)
    yield `${formatSize(garbageBytes)} are needed by no version: \`holdfast prune\` gives them back.`;
  yield `${formatSize(freeBytes)} are free for backups. ${forecastWords(report)}`;
}

function forecastWords({ growthPerDay, fullAt }: SpaceReport): string {
  if (growthPerDay === undefined) return 'When the disk will be full can be told after three days of backups.';
  if (fullAt === undefined) return 'At the usual growth the disk does not fill up.';
  return (
    `At ${formatSize(growthPerDay)} a day, the median of the last 30 days, ` +
    `and with nothing thinned, the disk is full about ${formatTime(fullAt).slice(0, 10)}.`
  );
}

function totalRecord(report: SpaceReport): object {
  const { listedBytes, distinctBytes, storedBytes, draftBytes, garbageBytes, freeBytes, growthPerDay, fullAt } = report;
  return {
    event: 'done',
    listedBytes,
    distinctBytes,
    storedBytes,
    draftBytes,
    garbageBytes,
    freeBytes,
    growthPerDay: growthPerDay ?? null,
    fullAt: fullAt?.toISOString() ?? null,
    damaged: report.damaged,
  };
}
