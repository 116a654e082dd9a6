import { FormatError } from '../shared/errors.ts';
import type { ClassKeys } from '../keybag/index.ts';
import { readContent } from './content.ts';
import { readInfo, readManifestPlist, type InfoFacts, type ManifestFacts } from './facts.ts';
import type { Manifest, ManifestEntry } from './manifest.ts';
import { openManifest } from './open-manifest.ts';
import { passwordNeeded } from './password-needed.ts';
import type { BackupSource } from './source.ts';
import { unlockBackup } from './unlock-backup.ts';

export interface OpenBackupOptions {
  /** The backup password. Deriving keys from it takes seconds, once per keybag and process. */
  password?: string | undefined;
  /** Keys from an earlier opening instead of the password: no waiting. */
  classKeys?: ClassKeys | undefined;
  signal?: AbortSignal;
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

  constructor(parts: Pick<Backup, 'source' | 'manifest' | 'info' | 'facts' | 'classKeys'>) {
    this.source = parts.source;
    this.manifest = parts.manifest;
    this.info = parts.info;
    this.facts = parts.facts;
    this.classKeys = parts.classKeys;
  }

  get isEncrypted(): boolean {
    return this.facts?.isEncrypted === true;
  }

  /** "17.5.1" */
  get iosVersion(): string | undefined {
    return this.facts?.productVersion ?? this.info?.productVersion;
  }

  find(domain: string, relativePath: string): ManifestEntry | undefined {
    return this.manifest.find(domain, relativePath);
  }

  /** The content of a file; a chunk is good until the next. Throws as `readContent` does. */
  chunks(entry: ManifestEntry, onDamage?: () => void): AsyncGenerator<Uint8Array, undefined> {
    return readContent(this.source, this.manifest, entry, {
      ...(this.classKeys && { classKeys: this.classKeys }),
      ...(onDamage && { onDamage }),
    });
  }

  /**
   * The whole content of a file that fits into memory.
   *
   * @throws {TargetError} not-found when the backup lacks the content.
   * @throws {FormatError} when it is larger than `maxBytes`, or its key is damaged or held by the device alone.
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
}

/**
 * Opens one backup, wherever its bytes are.
 *
 * @throws {AppError} NOT_A_BACKUP, SNAPSHOT_CORRUPT, WRONG_PASSWORD (also when it needs one and none was given)
 * @throws {FormatError} when its property lists, keybag or manifest are damaged.
 */
export async function openBackup(source: BackupSource, options: OpenBackupOptions = {}): Promise<Backup> {
  const [info, facts] = [await readInfo(source), await readManifestPlist(source)];
  const classKeys = facts?.isEncrypted === true ? await keysFor(facts, options) : undefined;
  const manifest = await openManifest(source, classKeys && { classKeys });
  return new Backup({ source, manifest, info, facts, classKeys });
}

async function keysFor(facts: ManifestFacts, { password, classKeys, signal }: OpenBackupOptions): Promise<ClassKeys> {
  if (classKeys) return classKeys;
  if (password !== undefined) return unlockBackup(facts, password, signal);
  throw passwordNeeded();
}
