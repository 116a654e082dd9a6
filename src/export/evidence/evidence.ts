import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { isNotFound } from '../../shared/target/backup-target.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { ExportFolder, WrittenFile } from '../folder/export-folder.ts';
import { jsonText } from '../text/json.ts';

export interface EvidenceFacts {
  readonly backup: Backup;
  /** The id of the snapshot and the hash of its file list in the vault; absent for a plain backup folder. */
  readonly snapshot?: { readonly id: string; readonly listSha256: string; readonly takenAt: Date } | undefined;
  readonly toolVersion: string;
  /** What was asked for: kind, format, filters. */
  readonly request: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly timeZone: string;
  readonly madeAt: Date;
}

const SUMS = 'SHA256SUMS';
/** The files of a backup that everything else in it hangs on. */
const INDEX_FILES = ['Manifest.db', 'Manifest.mbdb', 'Manifest.plist', 'Status.plist', 'Info.plist'];

/**
 * Makes what was taken out into a record that others can check: the hash of every file, where they come from, what was
 * asked for, when, and in which time zone times are shown. Three files: `SHA256SUMS` for `sha256sum --check`,
 * `evidence.json` for programs, `EVIDENCE.txt` for people. Nobody is vouched for: whoever hands the folder over writes
 * down the last hash elsewhere, or has it signed.
 */
export async function writeEvidence(folder: ExportFolder, facts: EvidenceFacts): Promise<void> {
  const files = folder.files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const sums = await folder.write([SUMS], files.map(sumLine).join(''));
  const source = await sourceOf(facts);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const record = {
    format: 'holdfast-evidence',
    version: 1,
    tool: { name: 'Holdfast', version: facts.toolVersion, node: process.version, platform: process.platform },
    madeAt: facts.madeAt,
    madeOn: hostname(),
    timeZone: facts.timeZone,
    request: facts.request,
    source,
    files: files.length,
    bytes,
    sums: { file: sums.path, sha256: sums.sha256 },
  };
  const json = await folder.write(['evidence.json'], jsonText(record));
  await folder.write(['EVIDENCE.txt'], evidenceText(facts, source, { files: files.length, bytes, sums, json }));
}

interface Source {
  readonly snapshot: string | undefined;
  readonly listSha256: string | undefined;
  readonly takenAt: Date | undefined;
  readonly device: Readonly<Record<string, string | undefined>>;
  readonly encrypted: boolean;
  /** SHA-256 of the index files as they lie in the backup, encrypted where it is. */
  readonly indexFiles: Readonly<Record<string, string>>;
}

async function sourceOf({ backup, snapshot }: EvidenceFacts): Promise<Source> {
  const { facts, info } = backup;
  return {
    snapshot: snapshot?.id,
    listSha256: snapshot?.listSha256,
    takenAt: snapshot?.takenAt ?? facts?.date ?? info?.lastBackupAt,
    device: {
      name: facts?.deviceName ?? info?.deviceName,
      udid: facts?.udid ?? info?.udid,
      serialNumber: facts?.serialNumber ?? info?.serialNumber,
      productType: facts?.productType ?? info?.productType,
      iosVersion: backup.iosVersion,
      imei: info?.imei,
      phoneNumber: info?.phoneNumber,
    },
    encrypted: backup.isEncrypted,
    indexFiles: await hashesOf(backup),
  };
}

async function hashesOf(backup: Backup): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of INDEX_FILES) {
    try {
      const file = await backup.source.read(name);
      const hash = createHash('sha256');
      for await (const chunk of file.chunks()) hash.update(chunk);
      hashes[name] = hash.digest('hex');
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return hashes;
}

/** As `sha256sum` writes and reads it; a name with a line break or a backslash is escaped and the line marked. */
function sumLine({ path, sha256 }: WrittenFile): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === path ? '' : '\\'}${sha256}  ${escaped}\n`;
}

interface Written {
  readonly files: number;
  readonly bytes: number;
  readonly sums: WrittenFile;
  readonly json: WrittenFile;
}

function evidenceText(facts: EvidenceFacts, source: Source, written: Written): string {
  const { device } = source;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Device', device['name']],
    ['UDID', device['udid']],
    ['Serial number', device['serialNumber']],
    ['Model', device['productType']],
    ['iOS', device['iosVersion']],
    ['Phone number', device['phoneNumber']],
    ['IMEI', device['imei']],
    ['Backup taken', source.takenAt?.toISOString()],
    ['Snapshot', source.snapshot],
    ['Its file list', source.listSha256],
    ['Encrypted', source.encrypted ? 'yes' : 'no'],
    ...Object.entries(source.indexFiles).map(([name, sha256]) => [name, sha256] as const),
    ['Asked for', requestWords(facts.request)],
    ['Taken out', facts.madeAt.toISOString()],
    ['Time zone', facts.timeZone],
    ['Made with', `Holdfast ${facts.toolVersion}`],
    ['Files', `${written.files}, ${written.bytes} bytes`],
  ];
  const lines = rows.flatMap(([label, value]) =>
    value === undefined ? [] : [`${label.padEnd(16)} ${oneLine(value)}`],
  );
  return `RECORD OF WHAT WAS TAKEN OUT OF A BACKUP

${lines.join('\n')}

HOW TO CHECK IT

1. In this folder run:   sha256sum --check ${SUMS}
   (macOS: shasum -a 256 --check ${SUMS};  Windows: certutil -hashfile FILE SHA256)
   Every file must be reported OK: then none was changed since it was taken out.
2. The SHA-256 of ${SUMS} itself must be
   ${written.sums.sha256}
   and that of evidence.json
   ${written.json.sha256}
   Compare them with what was written down, sent or signed when this folder was made: a record that lies
   beside the files it speaks of can be changed together with them.
3. The backup it came from can be read again: the hashes of its index files stand above, as they lie in the
   backup. Taking the same things out of it again gives the same contents.

Times that people read are in the time zone named above; times in CSV and JSON files carry their offset or
are in UTC. What the phone did not record, or what was not in the backup, is not in this folder either.
`;
}

function requestWords(request: EvidenceFacts['request']): string {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`).join('; ');
}

/** What comes from a backup stays on its line, whatever it is. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const oneLine = (text: string): string => text.replace(/[\0-\x1F\x7F]+/g, ' ');
