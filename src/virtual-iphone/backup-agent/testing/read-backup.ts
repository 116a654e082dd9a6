import assert from 'node:assert/strict';
import { isEncryptedOnly } from '../../disk/index.ts';
import type { PhoneBench } from './phone-bench.ts';
import { parseKeybag, unlockKeybag, decryptFileContent, type ClassKeys } from '../../../keybag/index.ts';
import { TargetError, type TargetFile } from '../../../shared/target/backup-target.ts';
import { openManifest, readManifestPlist, type BackupSource, type Manifest } from '../../../snapshot/index.ts';
import type { MemoryFolder } from './memory-folder.ts';

/** The backup of one device in a folder, as the readers of backups want it. */
export function sourceOf(folder: MemoryFolder, udid: string): BackupSource {
  return {
    read: (path): TargetFile => {
      const bytes = folder.read(`${udid}/${path}`);
      if (bytes === undefined) throw new TargetError('not-found', path);
      return {
        sizeBytes: bytes.length,
        async *chunks() {
          yield bytes;
        },
      };
    },
  };
}

/** Content of every file of a backup, decrypted, by "domain/path". */
export async function contentsOf(
  folder: MemoryFolder,
  udid: string,
  password?: string,
): Promise<Map<string, string | undefined>> {
  const source = sourceOf(folder, udid);
  const classKeys = password === undefined ? undefined : await unlockWith(source, password);
  using manifest = await openManifest(source, classKeys ? { classKeys } : {});
  const contents = new Map<string, string | undefined>();
  for (const entry of manifest.entries()) {
    if (entry.kind !== 'file') continue;
    const stored = folder.read(`${udid}/${manifest.contentPath(entry.fileId)}`);
    const { encryptionKey } = entry.details();
    const key = encryptionKey && classKeys?.unwrapFileKey(encryptionKey);
    const bytes = key && stored ? decryptFileContent(key, stored).content : stored;
    contents.set(`${entry.domain}/${entry.relativePath}`, bytes?.toString('latin1'));
  }
  return contents;
}

async function unlockWith(source: BackupSource, password: string): Promise<ClassKeys> {
  const facts = await readManifestPlist(source);
  if (facts?.keybag === undefined) throw new Error('the backup has no keybag');
  return unlockKeybag(parseKeybag(facts.keybag), password);
}

export async function manifestOf(folder: MemoryFolder, udid: string): Promise<Manifest> {
  return openManifest(sourceOf(folder, udid));
}

/** Fails unless the backup on the bench is whole and holds the phone's files, with their content, and no others. */
export async function assertHoldsPhone(bench: PhoneBench, password?: string): Promise<void> {
  const { folder, udid, disk } = bench;
  const contents = await contentsOf(folder, udid, password);
  const isEncrypted = password !== undefined;
  const files = [...disk.all()].filter((file) => file.kind === 'file' && (isEncrypted || !isEncryptedOnly(file)));
  const names = files.map((file) => `${file.domain}/${file.relativePath}`);
  assert.deepEqual([...contents.keys()].toSorted(), names.toSorted());
  for (const { domain, relativePath } of files) {
    assert.equal(contents.get(`${domain}/${relativePath}`), bench.contentOf(domain, relativePath), relativePath);
  }
  assert.equal(folder.list(`${udid}/Snapshot`), undefined);
}
