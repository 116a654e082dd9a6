import { Command } from 'commander';
import { NEVER_IN_A_BACKUP, type Coverage, type CoveredArea } from '../../content/index.ts';
import { describeSnapshot, type SnapshotDescription } from '../../service/index.ts';
import { titleOfDomain } from '../../snapshot/index.ts';
import type { SnapshotRecord } from '../../vault/index.ts';
import { jsonOption, passwordFileOption, vaultOption } from '../common-options.ts';
import { outputFor, type CliContext } from '../context.ts';
import { readingOf, type ReadOptions } from '../open-backup.ts';
import { formatCount, formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { passwordFrom } from '../password.ts';

interface ShowOptions extends ReadOptions {
  readonly contents?: boolean;
}

export function showCommand(context: CliContext): Command {
  return new Command('show')
    .description('tell what one version holds, and what cannot be in it')
    .argument('<snapshot>', 'an id from `holdfast snapshots`, its beginning, “latest”, or the path of a backup folder')
    .option('--contents', 'ask for the password of an encrypted one, to look inside')
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, options: ShowOptions) => show(context, wanted, options));
}

async function show(context: CliContext, wanted: string, options: ShowOptions): Promise<void> {
  const output = outputFor(context, options);
  const mustOpen =
    options.contents === true || options.passwordFile !== undefined || Boolean(context.env['HOLDFAST_PASSWORD']);
  const description = await describeSnapshot({
    ...readingOf(context, output, wanted, options),
    password: passwordFrom(context, options, { mayAsk: mustOpen }),
    mustOpen,
  });
  print(description, output);
  output.record(recordOf(description));
}

function print(description: SnapshotDescription, output: Output): void {
  const { record, info, manifest, inside } = description;
  const name = record?.device.name ?? manifest?.deviceName ?? info?.deviceName ?? 'A device without a name';
  const takenAt = record?.takenAt ?? manifest?.date ?? info?.lastBackupAt;
  output.line(takenAt === undefined ? name : `${name}, ${formatTime(takenAt)}`);
  output.line();
  const given = factsOf(description).flatMap(([label, value]) => (value === undefined ? [] : [[`  ${label}`, value]]));
  for (const [label = '', value = ''] of given) output.line(`${label.padEnd(16)} ${value}`);
  output.line();
  printEncryption(description, output);
  if (inside === undefined) return;
  printCoverage(inside.coverage, output);
  output.line();
  output.table(
    ['FILES OF', 'COUNT', 'AS APPLE CALLS IT'],
    inside.domains.map(({ domain, files }) => [MANY.get(domain) ?? titleOfDomain(domain), formatCount(files), domain]),
    { numeric: [1] },
  );
}

function factsOf({ record, folder, info, manifest }: SnapshotDescription): [string, string | undefined][] {
  const kind = { full: 'everything was sent', incremental: 'only changes were sent', import: 'taken in from a folder' };
  const model = record?.device.productType ?? manifest?.productType ?? info?.productType ?? 'model unknown';
  const version = record?.device.productVersion ?? manifest?.productVersion ?? info?.productVersion ?? 'unknown';
  const build = record?.device.buildVersion ?? manifest?.buildVersion ?? info?.buildVersion;
  return [
    ['Snapshot', record?.id],
    ['Folder', folder],
    ['Device', `${model}, iOS ${version}${build === undefined ? '' : ` (${build})`}`],
    ['UDID', record?.udid ?? manifest?.udid ?? info?.udid],
    ['Serial number', record?.device.serialNumber ?? manifest?.serialNumber ?? info?.serialNumber],
    ['Phone number', info?.phoneNumber],
    ['IMEI', info?.imei],
    ['Files', record && filesWords(record)],
    ['Made how', record && (passwordChangeWords(record) ?? kind[record.kind])],
    ['Built on', record?.parent],
    ['Apps', manifest === undefined ? undefined : formatCount(manifest.applications.length)],
    ['Checked', record && checkWords(record.checks)],
    ['Warnings', record && record.warnings > 0 ? warningWords(record) : undefined],
  ];
}

function passwordChangeWords({ checks }: SnapshotRecord): string | undefined {
  const of = checks['passwordChangeOf'];
  return typeof of === 'string' ? `the password was changed; the files are those of ${of}` : undefined;
}

const filesWords = ({ list, newBytes }: SnapshotRecord): string =>
  `${formatCount(list.files)}, ${formatSize(list.bytes)}; new here: ${formatSize(newBytes)}`;

const warningWords = ({ kind, warnings }: SnapshotRecord): string =>
  kind === 'import'
    ? `${plural(warnings, 'file')} missing from the folder, or passed over there`
    : `${plural(warnings, 'file')} could not be read by the device`;

/** So many apps are named that keep nothing in the backup; `--json` has all. */
const NAMED_APPS = 8;

function printCoverage({ areas, appsWithoutData, apps, warnings, icloudBackup }: Coverage, output: Output): void {
  for (const warning of warnings) output.line(warning);
  output.line();
  output.table(
    ['WHAT', 'IN THIS BACKUP', 'FINDER OR ITUNES', 'ICLOUD BACKUP'],
    areas.map((area) => [area.title, presenceWords(area), COMPUTER_WORDS[area.computer], ICLOUD_WORDS[area.icloud]]),
  );
  output.line();
  output.line(`Never in any backup: ${NEVER_IN_A_BACKUP.join('; ')}.`);
  if (appsWithoutData.length > 0) {
    const named = appsWithoutData.slice(0, NAMED_APPS).join(', ');
    const more = appsWithoutData.length > NAMED_APPS ? ' and others' : '';
    output.line(`${appsWithoutData.length} of ${plural(apps, 'app')} put nothing into the backup: ${named}${more}.`);
  }
  if (icloudBackup?.lastAt !== undefined) {
    output.line(`Its last backup to iCloud, as far as it knew: ${formatTime(icloudBackup.lastAt)}.`);
  }
}

const PRESENCE_WORDS = { here: 'yes', partly: 'partly', absent: 'no', sealed: 'sealed' } as const;
const COMPUTER_WORDS = { yes: 'yes', encrypted: 'if encrypted', no: 'no' } as const;
const ICLOUD_WORDS = { yes: 'yes', 'unless-synced': 'unless synced', no: 'no' } as const;

const presenceWords = ({ presence }: CoveredArea): string => PRESENCE_WORDS[presence];

/** All containers of a kind together. A Map: the names come from a phone. */
const MANY: ReadonlyMap<string, string> = new Map([
  ['AppDomain', 'Apps'],
  ['AppDomainPlugin', 'Parts of apps'],
  ['SysContainerDomain', 'System services'],
]);

/** The names are those that backups and imports write into a snapshot's record. */
function checkWords(checks: SnapshotRecord['checks']): string | undefined {
  const { status, manifest, manifestFiles, missing } = checks;
  const said = [
    status === 'finished' ? 'the device finished it' : undefined,
    manifest === 'complete' ? `all ${formatCount(Number(manifestFiles))} files of its manifest are there` : undefined,
    manifest === 'readable' && missing === 0 ? 'all files of its manifest are there' : undefined,
    typeof missing === 'number' && missing > 0
      ? `files of its manifest that are missing: ${formatCount(missing)}`
      : undefined,
    manifest === 'damaged' ? 'its manifest is damaged' : undefined,
    manifest === 'encrypted' ? 'its manifest can be read with the password only' : undefined,
  ].filter((words) => words !== undefined);
  return said.length === 0 ? undefined : said.join('; ');
}

function printEncryption({ record, manifest, inside, passwordSince }: SnapshotDescription, output: Output): void {
  if (!(record?.encrypted ?? manifest?.isEncrypted ?? false))
    return output.line('Not encrypted. Turn encryption on for a complete backup.');
  output.line('Encrypted with the backup password: it holds passwords, Wi-Fi networks, Health and call history too.');
  if (passwordSince !== undefined) {
    output.line(`It opens with the password that was in use since ${formatTime(passwordSince).slice(0, 10)}.`);
  }
  if (inside === undefined) output.line('Add --contents or --password-file to look inside.');
}

function recordOf({ record, folder, info, manifest, passwordSince, inside }: SnapshotDescription): object {
  return {
    id: record?.id ?? null,
    folder: folder ?? null,
    udid: record?.udid ?? manifest?.udid ?? info?.udid ?? null,
    name: record?.device.name ?? manifest?.deviceName ?? info?.deviceName ?? null,
    productType: record?.device.productType ?? manifest?.productType ?? info?.productType ?? null,
    productVersion: record?.device.productVersion ?? manifest?.productVersion ?? info?.productVersion ?? null,
    buildVersion: record?.device.buildVersion ?? manifest?.buildVersion ?? info?.buildVersion ?? null,
    serialNumber: record?.device.serialNumber ?? manifest?.serialNumber ?? info?.serialNumber ?? null,
    takenAt: (record?.takenAt ?? manifest?.date ?? info?.lastBackupAt)?.toISOString() ?? null,
    startedAt: record?.startedAt.toISOString() ?? null,
    finishedAt: record?.finishedAt.toISOString() ?? null,
    kind: record?.kind ?? null,
    parent: record?.parent ?? null,
    encrypted: record?.encrypted ?? manifest?.isEncrypted ?? false,
    passwordSince: passwordSince?.toISOString() ?? null,
    files: record?.list.files ?? null,
    bytes: record?.list.bytes ?? null,
    newBytes: record?.newBytes ?? null,
    list: record?.list.sha256 ?? null,
    checks: record?.checks ?? null,
    warnings: record?.warnings ?? null,
    apps: manifest?.applications.map(({ bundleId }) => bundleId) ?? null,
    contents: inside?.domains ?? null,
    coverage: inside?.coverage ?? null,
  };
}
