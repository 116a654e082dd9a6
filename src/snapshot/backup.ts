import { isNotFound, TargetError } from '../shared/target/backup-target.ts';
import { FormatError, isAppError } from '../shared/errors.ts';
import type { ClassKeys } from '../keybag/index.ts';
import { readContent } from './content.ts';
import { readInfo, readManifestPlist, type InfoFacts, type ManifestFacts } from './facts.ts';
import type { Manifest, ManifestEntry } from './manifest/manifest.ts';
import type { FileOutline } from './mb-file/mb-file-outline.ts';
import { hasPlainManifest, isEncryptedBackup, openManifest } from './manifest/open-manifest.ts';
import { passwordNeeded } from './password-needed.ts';
import type { BackupSource } from './source.ts';
import { unlockBackup } from './unlock-backup.ts';

export interface OpenBackupOptions {
  /** The backup password. Deriving keys from it takes seconds, once per keybag and process. */
  password?: string | undefined;
  /** Keys from an earlier opening instead of the password: no waiting. */
  classKeys?: ClassKeys | undefined;
  signal?: AbortSignal;
  /**
   * For whoever only looks at what there is: a damaged Manifest.db is read as far as it goes, and `damages` says what is lost.
   * Files that it does not name any more are missing then, so that nothing may be proven or restored by it.
   */
  readsDamaged?: boolean | undefined;
}

/**
 * One backup, open for reading: what is in it and the content of each file, decrypted where it is encrypted. Nothing
 * decrypted is ever written to a disk by it. Dispose it to let go of the manifest.
 */
export class Backup implements Disposable {
  readonly source: BackupSource;
  readonly manifest: Manifest;
  readonly info: InfoFacts | undefined;
  readonly facts: ManifestFacts | undefined;
  /** Undefined for an unencrypted backup, and for one from before iOS 10 whose list was readable without a password. */
  readonly classKeys: ClassKeys | undefined;
  readonly #damages = new Set<string>();

  constructor(parts: Pick<Backup, 'source' | 'manifest' | 'info' | 'facts' | 'classKeys'>) {
    this.source = parts.source;
    this.manifest = parts.manifest;
    this.info = parts.info;
    this.facts = parts.facts;
    this.classKeys = parts.classKeys;
  }

  /** As it lies there: another program may have decrypted a backup that calls itself encrypted. */
  get isEncrypted(): boolean {
    return this.classKeys !== undefined;
  }

  /** Sentences: what was found damaged while it was read, and how much of it is lost. */
  get damages(): readonly string[] {
    return [...this.#damages];
  }

  /** For whoever reads a file of it as far as it goes, so that nobody takes that for all of it. */
  noteDamage(sentence: string): void {
    this.#damages.add(sentence);
  }

  /** "17.5.1" */
  get iosVersion(): string | undefined {
    return this.facts?.productVersion ?? this.info?.productVersion;
  }

  find(domain: string, relativePath: string): ManifestEntry | undefined {
    return this.manifest.find(domain, relativePath);
  }

  /**
   * The 32-byte key that the content of a file is encrypted with; undefined when it is not.
   *
   * @throws {FormatError} when it is damaged, or only the device has the key of its class.
   * @throws {AppError} WRONG_PASSWORD when the backup was opened without its keys.
   */
  contentKey({ encryptionKey }: FileOutline): Buffer | undefined {
    if (encryptionKey === undefined || this.#isPlain) return undefined;
    if (this.classKeys === undefined) throw passwordNeeded();
    return this.classKeys.unwrapFileKey(encryptionKey);
  }

  /**
   * The content of a file; a chunk is good until the next.
   *
   * @throws {TargetError} not-found when the backup lacks the content; nothing else.
   * @throws {FormatError} when its key is damaged or held by the device alone, and when the content is there and cannot
   * be read, from a bad disk or a damaged vault: then a TargetError is its cause.
   */
  async *chunks(entry: ManifestEntry, onDamage?: () => void): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield* readContent(this.source, this.manifest, entry, {
        ...(this.classKeys && { classKeys: this.classKeys }),
        isPlain: this.#isPlain,
        ...(onDamage && { onDamage }),
      });
    } catch (error) {
      if (!(error instanceof TargetError) || isNotFound(error)) throw error;
      throw new FormatError(`${entry.domain}/${entry.relativePath} could not be read: ${error.message}`, {
        hint: '`holdfast verify` looks for what is damaged; an earlier version may have this file whole.',
        cause: error,
      });
    }
  }

  /**
   * The whole content of a file that fits into memory.
   *
   * @throws as `chunks`, and a FormatError when it is larger than `maxBytes`.
   */
  async bytes(entry: ManifestEntry, maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of this.chunks(entry)) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) {
        throw new FormatError(`${entry.domain}/${entry.relativePath} is too large to be what its name says`, {
          details: { maxBytes },
        });
      }
      chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks, sizeBytes);
  }

  [Symbol.dispose](): void {
    this.manifest[Symbol.dispose]();
  }

  /** Known not to be encrypted: keys in its entries mean nothing. */
  get #isPlain(): boolean {
    return this.facts !== undefined && this.classKeys === undefined;
  }
}

/**
 * Opens one backup, wherever its bytes are. Info.plist may be missing or damaged, and so may Manifest.plist where
 * nothing is encrypted.
 *
 * @throws {AppError} NOT_A_BACKUP, SNAPSHOT_CORRUPT, WRONG_PASSWORD (also when it needs one and none was given)
 * @throws {FormatError} when its keybag or manifest is damaged.
 */
export async function openBackup(source: BackupSource, options: OpenBackupOptions = {}): Promise<Backup> {
  const info = await readable(readInfo(source));
  const { facts, isEncrypted } = await readEncryption(source);
  const classKeys = isEncrypted && facts !== undefined ? await keysFor(facts, options) : undefined;
  const damages: string[] = [];
  const onDamage = options.readsDamaged === true ? (sentence: string) => damages.push(sentence) : undefined;
  const manifest = await openManifest(source, { classKeys, password: options.password, onDamage });
  const backup = new Backup({ source, manifest, info, facts, classKeys });
  for (const sentence of damages) backup.noteDamage(sentence);
  return backup;
}

/** What Manifest.plist says, and whether the backup is encrypted. @throws {FormatError} when that cannot be told. */
export async function readEncryption(
  source: BackupSource,
): Promise<{ facts: ManifestFacts | undefined; isEncrypted: boolean }> {
  try {
    const facts = await readManifestPlist(source);
    return { facts, isEncrypted: await isEncryptedBackup(source, facts) };
  } catch (error) {
    // Without it a Manifest.db that can be read is still one.
    if (isAppError(error, 'FORMAT_INVALID') && (await hasPlainManifest(source))) {
      return { facts: undefined, isEncrypted: false };
    }
    throw error;
  }
}

async function readable<T>(facts: Promise<T>): Promise<T | undefined> {
  try {
    return await facts;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

async function keysFor(facts: ManifestFacts, { password, classKeys, signal }: OpenBackupOptions): Promise<ClassKeys> {
  if (classKeys) return classKeys;
  if (password !== undefined) return unlockBackup(facts, password, signal);
  throw passwordNeeded();
}
