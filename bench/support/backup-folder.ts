import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBinaryPlist, encodeXmlPlist } from '../../src/formats/index.ts';
import { createManifestDatabase } from '../../src/snapshot/index.ts';

/** The device every bench folder claims to be of. */
const BENCH_UDID = '00008110-00BE7C4000BE7C40';

export interface FolderPlan {
  readonly files: number;
  /** Mean size; sizes are log-normal like those of a phone, so half the files are below a fifth of it. */
  readonly meanBytes: number;
}

/** A folder in Apple's format with files nobody can compress, and the means to let a day go by. */
export class BackupFolder {
  readonly dir: string;
  readonly #random: () => number;
  readonly #pool: Buffer;
  readonly #meanBytes: number;
  #names: string[] = [];
  #serial = 0;
  #day = 0;
  /** The day on which what the manifest says of a file last changed. */
  readonly #changedOn = new Map<string, number>();

  constructor(parent: string, plan: FolderPlan, seed = 1) {
    this.dir = join(parent, BENCH_UDID);
    this.#random = seededRandom(seed);
    this.#pool = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(64 << 20));
    this.#meanBytes = plan.meanBytes;
    for (let i = 0; i < 256; i++) mkdirSync(join(this.dir, hex(i)), { recursive: true });
    for (let i = 0; i < plan.files; i++) this.#addFile();
    this.#writeManifests();
  }

  /**
   * Replaces a share of the files by others and writes new manifests, as an incremental backup does. Of one file in a
   * hundred, only what the manifest says of it is another thing: when it was last opened.
   */
  letADayGoBy(share: number): void {
    const count = Math.round(this.#names.length * share);
    for (let i = 0; i < count; i++) {
      const at = Math.floor(this.#random() * this.#names.length);
      rmSync(join(this.dir, pathOf(this.#names[at] ?? '')), { force: true });
      this.#names[at] = this.#names.at(-1) ?? '';
      this.#names.pop();
    }
    for (let i = 0; i < count; i++) this.#addFile();
    this.#day++;
    for (let i = 0; i < this.#names.length / 100; i++) {
      this.#changedOn.set(this.#names[Math.floor(this.#random() * this.#names.length)] ?? '', this.#day);
    }
    this.#writeManifests();
  }

  /** As long as those of a phone, and like them alike in most parts: with all of a manifest a quarter is left of it. */
  #entryOf(name: string): Buffer {
    const own = createHash('sha512')
      .update(`${name} ${this.#changedOn.get(name) ?? 0}`)
      .digest();
    return Buffer.concat([this.#pool.subarray(0, 480), own, Buffer.from(name, 'hex')]);
  }

  #addFile(): void {
    const name = createHash('sha1')
      .update(`AppDomain-bench-${this.#serial++}`)
      .digest('hex');
    this.#names.push(name);
    const handle = openSync(join(this.dir, pathOf(name)), 'w');
    let left = this.#size();
    writeSync(handle, Buffer.from(`${name}\n`));
    while (left > 0) {
      const offset = Math.floor(this.#random() * (this.#pool.length / 2));
      const length = Math.min(left, this.#pool.length / 2);
      writeSync(handle, this.#pool, offset, length);
      left -= length;
    }
    closeSync(handle);
  }

  /** Log-normal with σ = 1.8: the mean is e^(σ²/2) = 5.05 times the median. */
  #size(): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
    return Math.min(Math.round((this.#meanBytes / 5.05) * Math.exp(1.8 * normal)), 64 << 20);
  }

  #writeManifests(): void {
    const now = new Date();
    const file = join(this.dir, 'Manifest.db');
    rmSync(file, { force: true });
    const manifest = createManifestDatabase(file);
    for (const fileId of this.#names) {
      manifest.put({
        fileId,
        domain: 'AppDomain-bench',
        relativePath: fileId,
        kind: 'file',
        file: this.#entryOf(fileId),
      });
    }
    manifest.finish();
    const device = {
      'Device Name': 'Bench',
      'Product Type': 'iPhone14,5',
      'Product Version': '17.5',
      UDID: BENCH_UDID,
    };
    writeFileSync(join(this.dir, 'Info.plist'), encodeXmlPlist({ ...device, 'Target Identifier': BENCH_UDID }));
    writeFileSync(
      join(this.dir, 'Manifest.plist'),
      encodeBinaryPlist({
        Version: '10.0',
        Date: now,
        IsEncrypted: false,
        WasPasscodeSet: true,
        Lockdown: {
          DeviceName: 'Bench',
          ProductType: 'iPhone14,5',
          ProductVersion: '17.5',
          UniqueDeviceID: BENCH_UDID,
        },
        Applications: {},
      }),
    );
    writeFileSync(
      join(this.dir, 'Status.plist'),
      encodeBinaryPlist({
        Version: '3.3',
        UUID: '7C0A3A52-0000-4000-8000-000000000001',
        Date: now,
        BackupState: 'new',
        SnapshotState: 'finished',
        IsFullBackup: false,
      }),
    );
  }
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');
const pathOf = (name: string): string => join(name.slice(0, 2), name);

/** Mulberry32: small, fast, the same numbers for the same seed everywhere. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
