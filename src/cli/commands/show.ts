import { Command } from 'commander';
import { describeSnapshot, openKnownVault, type SnapshotDescription } from '../../service/index.ts';
import type { SnapshotRecord } from '../../vault/index.ts';
import { jsonOption, vaultOption } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type VaultOptions } from '../context.ts';
import { formatCount, formatSize, formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

export function showCommand(context: CliContext): Command {
  return new Command('show')
    .description('tell what one version holds')
    .argument('<snapshot>', 'an id from `holdfast snapshots`, its beginning, or “latest”')
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, options: VaultOptions) => show(context, wanted, options));
}

async function show(context: CliContext, wanted: string, options: VaultOptions): Promise<void> {
  const output = outputFor(context, options);
  await using vault = await openKnownVault({
    dir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    purpose: 'showing a snapshot',
    create: false,
    lock: 'none',
  });
  const description = await describeSnapshot(vault, vault.findSnapshot(wanted));
  print(description, output);
  output.record(recordOf(description));
}

function print({ record, info, manifest, contents }: SnapshotDescription, output: Output): void {
  const { device, list, checks } = record;
  const kind = { full: 'everything was sent', incremental: 'only changes were sent', import: 'taken in from a folder' };
  output.line(`${device.name}, ${formatTime(record.takenAt)}`);
  output.line();
  const facts: [string, string | undefined][] = [
    ['Snapshot', record.id],
    ['Device', `${device.productType}, iOS ${device.productVersion} (${device.buildVersion})`],
    ['UDID', record.udid],
    ['Serial number', device.serialNumber ?? info?.serialNumber],
    ['Phone number', info?.phoneNumber],
    ['IMEI', info?.imei],
    ['Files', `${formatCount(list.files)}, ${formatSize(list.bytes)}; new here: ${formatSize(record.newBytes)}`],
    ['Made how', kind[record.kind]],
    ['Built on', record.parent],
    ['Apps', manifest === undefined ? undefined : formatCount(manifest.applications.length)],
    ['Checked', checkWords(checks)],
    [
      'Warnings',
      record.warnings > 0 ? `${plural(record.warnings, 'file')} could not be read by the device` : undefined,
    ],
  ];
  const given = facts.flatMap(([label, value]) => (value === undefined ? [] : [[`  ${label}`, value]]));
  for (const [label = '', value = ''] of given) output.line(`${label.padEnd(16)} ${value}`);
  output.line();
  output.line(encryptionWords(record.encrypted));
  if (contents === undefined) return;
  output.line();
  output.table(
    ['CONTENT', 'FILES', 'AS APPLE CALLS IT'],
    contents.map(({ domain, files }) => [DOMAINS.get(domain) ?? 'Other', formatCount(files), domain]),
    { numeric: [1] },
  );
}

/** What people find in the larger domains. A Map: the names come from a phone. */
const DOMAINS: ReadonlyMap<string, string> = new Map([
  ['AppDomain', 'Apps'],
  ['AppDomainGroup', 'What apps share'],
  ['AppDomainPlugin', 'Parts of apps'],
  ['BooksDomain', 'Books'],
  ['CameraRollDomain', 'Photos and videos'],
  ['HealthDomain', 'Health'],
  ['HomeDomain', 'Messages, contacts, calendars, notes, settings'],
  ['HomeKitDomain', 'Home accessories'],
  ['KeyboardDomain', 'Keyboards'],
  ['KeychainDomain', 'Passwords'],
  ['MediaDomain', 'Message attachments, recordings, media'],
  ['TonesDomain', 'Tones'],
  ['WirelessDomain', 'Calls and mobile network'],
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

function encryptionWords(encrypted: boolean): string {
  return encrypted
    ? 'Encrypted with the backup password: it holds passwords, Wi-Fi networks, Health and call history too.'
    : 'Not encrypted: without passwords, Wi-Fi networks, Health and call history. Turn encryption on for a complete one.';
}

function recordOf({ record, info, manifest, contents }: SnapshotDescription): object {
  const { list, device } = record;
  return {
    id: record.id,
    udid: record.udid,
    name: device.name,
    productType: device.productType,
    productVersion: device.productVersion,
    buildVersion: device.buildVersion,
    serialNumber: device.serialNumber ?? info?.serialNumber ?? null,
    takenAt: record.takenAt.toISOString(),
    startedAt: record.startedAt.toISOString(),
    finishedAt: record.finishedAt.toISOString(),
    kind: record.kind,
    parent: record.parent ?? null,
    encrypted: record.encrypted,
    files: list.files,
    bytes: list.bytes,
    newBytes: record.newBytes,
    list: list.sha256,
    checks: record.checks,
    warnings: record.warnings,
    apps: manifest?.applications.map(({ bundleId }) => bundleId) ?? null,
    contents: contents ?? null,
  };
}
