import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeBinaryPlist, encodeXmlPlist } from '../../formats/index.ts';
import { createManifestDatabase, fileIdOf } from '../../snapshot/index.ts';
import { UDID } from '../vault.test-helper.ts';

export interface BackupFolderOptions {
  readonly udid?: string;
  readonly date?: Date;
  readonly snapshotState?: string;
  readonly encrypted?: boolean;
  /** Contents by relative path in CameraRollDomain. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Entries of Manifest.db for which there is no content. */
  readonly lost?: readonly string[];
}

export const TAKEN_AT = new Date('2026-10-01T08:30:00Z');
const DOMAIN = 'CameraRollDomain';

/** Makes a folder as Finder leaves it, in files small enough for a test. Returns its path. */
export function makeBackupFolder(folder: string, options: BackupFolderOptions = {}): string {
  const { udid = UDID, date = TAKEN_AT, files = { 'Media/DCIM/1.JPG': 'photo' }, lost = [] } = options;
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, pathOf(path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  writeManifest(folder, [...Object.keys(files), ...lost]);
  writeFileSync(
    join(folder, 'Info.plist'),
    encodeXmlPlist({
      'Device Name': "Ada's iPhone",
      'Product Type': 'iPhone14,5',
      'Unique Identifier': udid.toUpperCase(),
    }),
  );
  writeFileSync(
    join(folder, 'Manifest.plist'),
    encodeBinaryPlist({
      Version: '10.0',
      IsEncrypted: options.encrypted ?? false,
      Lockdown: { ProductVersion: '18.1', BuildVersion: '22B83', UniqueDeviceID: udid },
    }),
  );
  writeFileSync(
    join(folder, 'Status.plist'),
    encodeBinaryPlist({ Version: '3.3', Date: date, SnapshotState: options.snapshotState ?? 'finished' }),
  );
  return folder;
}

/** Where the content of a file lies in a backup folder. */
export function pathOf(relativePath: string): string {
  const id = fileIdOf(DOMAIN, relativePath);
  return join(id.slice(0, 2), id);
}

function writeManifest(folder: string, paths: readonly string[]): void {
  const manifest = createManifestDatabase(join(folder, 'Manifest.db'));
  for (const relativePath of paths) {
    const fileId = fileIdOf(DOMAIN, relativePath);
    manifest.put({ fileId, domain: DOMAIN, relativePath, kind: 'file', file: Buffer.alloc(0) });
  }
  manifest.finish();
}
