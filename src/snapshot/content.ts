import { createHash } from 'node:crypto';
import { FileDecryptor, type ClassKeys } from '../keybag/index.ts';
import type { TargetFile } from '../shared/target/backup-target.ts';
import type { Manifest, ManifestEntry } from './manifest/manifest.ts';
import { passwordNeeded } from './password-needed.ts';
import type { BackupSource } from './source.ts';

export interface ContentOptions {
  /** Needed for files that have a key: those of an encrypted backup. */
  classKeys?: ClassKeys;
  /** The backup is known to be unencrypted: keys in its entries mean nothing. Some such backups have them. */
  isPlain?: boolean;
  /** Told at the end when the padding is wrong: the content is truncated, or was not encrypted as it should be. */
  onDamage?: () => void;
}

/**
 * The content of one file as it was on the device, decrypted where it is encrypted. A chunk is good until the next.
 *
 * @throws {TargetError} not-found when the backup lacks the content.
 * @throws {FormatError} when the file's key is damaged, or only the device has the key of its class.
 * @throws {AppError} WRONG_PASSWORD when it is encrypted and no keys were given.
 */
export async function* readContent(
  source: BackupSource,
  manifest: Manifest,
  entry: ManifestEntry,
  { classKeys, isPlain = false, onDamage }: ContentOptions = {},
): AsyncGenerator<Uint8Array, undefined> {
  const stored = await source.read(manifest.contentPath(entry.fileId));
  const encryptionKey = isPlain ? undefined : entry.details().encryptionKey;
  if (encryptionKey === undefined) {
    yield* stored.chunks();
    return;
  }
  if (classKeys === undefined) throw passwordNeeded();
  const decryptor = new FileDecryptor(classKeys.unwrapFileKey(encryptionKey));
  for await (const chunk of stored.chunks()) yield decryptor.update(chunk);
  const { content, paddingIntact } = decryptor.finish();
  if (!paddingIntact) onDamage?.();
  yield content;
}

/** Whether stored bytes, as they lie in the backup, have the SHA-1 digest that the manifest gives for them. */
export async function matchesDigest(stored: TargetFile, digest: Uint8Array): Promise<boolean> {
  const sha1 = createHash('sha1');
  for await (const chunk of stored.chunks()) sha1.update(chunk);
  return sha1.digest().equals(digest);
}
