import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBinaryPlist } from '../../src/formats/index.ts';
import { createKeybag, encryptFileContent, type ClassKeys } from '../../src/keybag/index.ts';
import { createManifestDatabase, encodeMbFile, fileIdOf, type ManifestWriter } from '../../src/snapshot/index.ts';

export const BENCH_PASSWORD = 'bench';
export const SMALL_DOMAIN = 'AppDomain-bench.small';
export const LARGE_DOMAIN = 'CameraRollDomain';
const PROTECTION_CLASS = 3;

export interface EncryptedBackupOptions {
  readonly small: { readonly files: number; readonly sizeBytes: number };
  readonly large: { readonly files: number; readonly sizeBytes: number };
  /** Entries of files without any content, for lists. */
  readonly listed?: number;
}

/** Writes an encrypted backup folder, laid out as a device does it. Deriving its keys costs next to nothing. */
export async function writeEncryptedBackup(dir: string, options: EncryptedBackupOptions): Promise<void> {
  const { bytes: keybag, classKeys } = await createKeybag(BENCH_PASSWORD, { iterations: 1, doubleIterations: 1 });
  for (let i = 0; i < 256; i++) mkdirSync(join(dir, i.toString(16).padStart(2, '0')));
  const plain = join(dir, 'Manifest.plain');
  const manifest = createManifestDatabase(plain);
  const writer = new Writer(dir, manifest, classKeys);
  for (let i = 0; i < options.small.files; i++) {
    // From half of the size to one and a half of it.
    const sizeBytes = Math.round(options.small.sizeBytes * (0.5 + ((i * 7919) % 1000) / 1000));
    writer.addFile(SMALL_DOMAIN, `Documents/${i % 100}/file-${i}.json`, sizeBytes);
  }
  for (let i = 0; i < options.large.files; i++) {
    writer.addFile(LARGE_DOMAIN, `Media/DCIM/100APPLE/IMG_${i}.MOV`, options.large.sizeBytes + (i % 17));
  }
  for (let i = 0; i < (options.listed ?? 0); i++) {
    const domain = i % 5 === 0 ? LARGE_DOMAIN : i % 5 === 1 ? 'HomeDomain' : `AppDomain-com.example.app${i % 97}`;
    writer.list(domain, `Library/Folder ${i % 173}/Part ${i % 31}/file-number-${i}.dat`, (i * 7919) % 5_000_000);
  }
  manifest.finish();
  const manifestKey = randomKey();
  writeFileSync(join(dir, 'Manifest.db'), encryptFileContent(manifestKey, readFileSync(plain)));
  rmSync(plain);
  writePlists(dir, keybag, classKeys.wrapFileKey(PROTECTION_CLASS, manifestKey));
}

class Writer {
  readonly #dir: string;
  readonly #manifest: ManifestWriter;
  readonly #classKeys: ClassKeys;
  readonly #pool = randomFillSync(Buffer.alloc(64 << 20));
  #serial = 0;

  constructor(dir: string, manifest: ManifestWriter, classKeys: ClassKeys) {
    this.#dir = dir;
    this.#manifest = manifest;
    this.#classKeys = classKeys;
  }

  addFile(domain: string, relativePath: string, sizeBytes: number): void {
    const start = (this.#serial * 4099) % (this.#pool.length - sizeBytes);
    const key = randomKey();
    const stored = encryptFileContent(key, this.#pool.subarray(start, start + sizeBytes));
    const fileId = fileIdOf(domain, relativePath);
    writeFileSync(join(this.#dir, fileId.slice(0, 2), fileId), stored);
    this.#put(domain, relativePath, sizeBytes, key, createHash('sha1').update(stored).digest());
  }

  list(domain: string, relativePath: string, sizeBytes: number): void {
    this.#put(domain, relativePath, sizeBytes, this.#pool.subarray(0, 32), this.#pool.subarray(32, 52));
  }

  #put(domain: string, relativePath: string, sizeBytes: number, key: Uint8Array, digest: Buffer): void {
    const at = new Date(1.7e12 + this.#serial * 1000);
    const inode = 10_000 + this.#serial++;
    const times = { modifiedAt: at, statusChangedAt: at, bornAt: at };
    const owner = { userId: 501, groupId: 501, inode, protectionClass: PROTECTION_CLASS, flags: 0, mode: 0o100644 };
    const encryptionKey = this.#classKeys.wrapFileKey(PROTECTION_CLASS, key);
    const file = encodeMbFile({ relativePath, sizeBytes, digest, encryptionKey, ...owner, ...times });
    this.#manifest.put({ fileId: fileIdOf(domain, relativePath), domain, relativePath, kind: 'file', file });
  }
}

const randomKey = (): Buffer => randomFillSync(Buffer.alloc(32));

function writePlists(dir: string, keybag: Buffer, manifestKey: Buffer): void {
  const now = new Date();
  const device = { DeviceName: 'Bench', ProductType: 'iPhone14,5', ProductVersion: '17.5' };
  writeFileSync(
    join(dir, 'Manifest.plist'),
    encodeBinaryPlist({
      Version: '10.0',
      Date: now,
      IsEncrypted: true,
      WasPasscodeSet: true,
      BackupKeyBag: keybag,
      ManifestKey: manifestKey,
      Lockdown: { ...device, UniqueDeviceID: '00008110-000A2D3E0C28801E' },
      Applications: {},
    }),
  );
  writeFileSync(
    join(dir, 'Status.plist'),
    encodeBinaryPlist({ Version: '3.3', Date: now, BackupState: 'new', SnapshotState: 'finished', IsFullBackup: true }),
  );
  writeFileSync(join(dir, 'Info.plist'), encodeBinaryPlist({ 'Device Name': 'Bench', 'Product Version': '17.5' }));
}
