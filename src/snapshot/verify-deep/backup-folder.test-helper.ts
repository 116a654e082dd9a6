import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodeBinaryPlist } from '../../formats/index.ts';
import {
  createKeybag,
  encodeKeybag,
  encryptFileContent,
  type ClassKeys,
  type CreatedKeybag,
} from '../../keybag/index.ts';
import {
  createManifestDatabase,
  encodeMbFile,
  fileIdOf,
  folderSource,
  openBackup,
  verifyDeep,
  type Backup,
  type DeepEvent,
  type DeepFinding,
  type DeepRemark,
  type DeepSummary,
} from '../index.ts';

const QUICK = { iterations: 5, doubleIterations: 5 };
const MANIFEST_KEY = Buffer.alloc(32, 6);

export interface FileOfBackup {
  readonly path: string;
  readonly domain?: string;
  readonly content?: string | Uint8Array;
  /** Whether the manifest has its digest; otherwise it has none. */
  readonly digest?: boolean;
  readonly changedAt?: Date;
  readonly protectionClass?: number;
  /** In the place of the backup's own. */
  readonly classKeys?: ClassKeys;
  /** What lies in the folder in the place of what should; undefined is nothing. */
  readonly stored?: (whole: Buffer) => Buffer | undefined;
}

export interface Told {
  readonly findings: readonly DeepFinding[];
  readonly remarks: readonly DeepRemark[];
  readonly summary: DeepSummary;
}

/** A backup folder made of these files, each encrypted with a key of its own where there is a keybag. */
export class TestBackup implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'holdfast-'));
  readonly #keybag: CreatedKeybag | undefined;

  private constructor(
    files: readonly FileOfBackup[],
    keybag: CreatedKeybag | undefined,
    lostClasses: readonly number[],
  ) {
    this.#keybag = keybag;
    this.#writeFiles(files);
    const { bytes, keybag: bag } = keybag ?? {};
    const cut = bag && { ...bag, classes: bag.classes.filter((each) => !lostClasses.includes(each.protectionClass)) };
    writeFileSync(
      join(this.dir, 'Manifest.plist'),
      encodeBinaryPlist({
        IsEncrypted: keybag !== undefined,
        ...(bytes && cut && { BackupKeyBag: lostClasses.length === 0 ? bytes : encodeKeybag(cut) }),
        ...(keybag && { ManifestKey: keybag.classKeys.wrapFileKey(4, MANIFEST_KEY) }),
      }),
    );
    writeFileSync(join(this.dir, 'Status.plist'), encodeBinaryPlist({ SnapshotState: 'finished' }));
  }

  static plain(files: readonly FileOfBackup[]): TestBackup {
    return new TestBackup(files, undefined, []);
  }

  static async encrypted(files: readonly FileOfBackup[], lostClasses: readonly number[] = []): Promise<TestBackup> {
    return new TestBackup(files, await createKeybag('secret', QUICK), lostClasses);
  }

  open(): Promise<Backup> {
    return openBackup(folderSource(this.dir), this.#keybag ? { password: 'secret' } : {});
  }

  async verify(options: { previous?: Backup; maxDatabaseBytes?: number } = {}): Promise<Told> {
    using backup = await this.open();
    return told(await Array.fromAsync(verifyDeep(backup, options)));
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true });
  }

  #writeFiles(files: readonly FileOfBackup[]): void {
    using writer = createManifestDatabase(join(this.dir, 'Manifest.db'));
    for (const [i, file] of files.entries()) {
      const { path, domain = 'HomeDomain', content = '', protectionClass = 3, changedAt = new Date(1.7e12) } = file;
      const { classKeys = this.#keybag?.classKeys } = file;
      const bytes = Buffer.from(content);
      const key = Buffer.alloc(32, i + 1);
      const whole = classKeys ? encryptFileContent(key, bytes) : bytes;
      const fileId = fileIdOf(domain, path);
      const mbFile = encodeMbFile({
        relativePath: path,
        sizeBytes: bytes.length,
        mode: 0o100644,
        userId: 501,
        groupId: 501,
        inode: i,
        modifiedAt: changedAt,
        statusChangedAt: changedAt,
        protectionClass,
        flags: 0,
        ...(file.digest === true && { digest: createHash('sha1').update(whole).digest() }),
        ...(classKeys && { encryptionKey: wrapped(classKeys, protectionClass, key) }),
      });
      writer.put({ fileId, domain, relativePath: path, kind: 'file', file: mbFile });
      const stored = file.stored ? file.stored(whole) : whole;
      if (stored !== undefined) write(join(this.dir, fileId.slice(0, 2), fileId), stored);
    }
    writer.finish();
    const path = join(this.dir, 'Manifest.db');
    if (this.#keybag) writeFileSync(path, encryptFileContent(MANIFEST_KEY, readFileSync(path)));
  }
}

function told(events: readonly DeepEvent[]): Told {
  const last = events.at(-1);
  if (last?.kind !== 'done') throw new Error('the verification did not come to its end');
  return {
    findings: events.flatMap((event) => (event.kind === 'finding' ? [event.finding] : [])),
    remarks: events.flatMap((event) => (event.kind === 'remark' ? [event.remark] : [])),
    summary: last.summary,
  };
}

/** Keys of the device alone wrap nothing here: what they would have wrapped is unreadable anyway. */
function wrapped(classKeys: ClassKeys, protectionClass: number, key: Buffer): Buffer {
  if (classKeys.usableClasses.includes(protectionClass)) return classKeys.wrapFileKey(protectionClass, key);
  const bytes = Buffer.alloc(44, 1);
  bytes.writeUInt32LE(protectionClass);
  return bytes;
}

function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
