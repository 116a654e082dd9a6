import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createManifestDatabase, encodeMbFile, fileIdOf } from '../../src/snapshot/index.ts';
import { encodeXmlPlist } from '../../src/formats/index.ts';

export interface PlainFile {
  readonly domain: string;
  readonly path: string;
  readonly content: Uint8Array | string;
  /** As st_mode of POSIX. */
  readonly mode?: number;
}

/** Writes an unencrypted backup that holds the files given, as a folder that any tool for backups opens. */
export async function writePlainBackup(
  dir: string,
  files: readonly PlainFile[],
  { ios = '18.5' }: { ios?: string } = {},
): Promise<void> {
  await mkdir(dir, { recursive: true });
  using manifest = createManifestDatabase(join(dir, 'Manifest.db'));
  for (const { domain, path, content, mode = 0o100644 } of files) {
    const fileId = fileIdOf(domain, path);
    const bytes = Buffer.from(content);
    await mkdir(join(dir, fileId.slice(0, 2)), { recursive: true });
    await writeFile(join(dir, fileId.slice(0, 2), fileId), bytes);
    const file = encodePlainFile(path, bytes.length, mode);
    manifest.put({ fileId, domain, relativePath: path, kind: 'file', file });
  }
  manifest.finish();
  const now = new Date('2026-05-01T10:00:00Z');
  await writeFile(
    join(dir, 'Manifest.plist'),
    encodeXmlPlist({ IsEncrypted: false, Version: '10.0', Date: now, Lockdown: { ProductVersion: ios } }),
  );
  await writeFile(
    join(dir, 'Status.plist'),
    encodeXmlPlist({
      SnapshotState: 'finished',
      Version: '3.3',
      IsFullBackup: true,
      Date: now,
      UUID: 'X',
      BackupState: 'new',
    }),
  );
  await writeFile(
    join(dir, 'Info.plist'),
    encodeXmlPlist({ 'Device Name': 'iPhone', 'Product Version': ios, 'Product Type': 'iPhone14,5' }),
  );
}

/** What the manifest of such a backup says of a file. */
export function encodePlainFile(relativePath: string, sizeBytes: number, mode = 0o100644): Buffer {
  return encodeMbFile({
    relativePath,
    sizeBytes,
    mode,
    userId: 501,
    groupId: 501,
    inode: 1,
    modifiedAt: new Date('2026-05-01T10:00:00Z'),
    protectionClass: 3,
    flags: 0,
  });
}
