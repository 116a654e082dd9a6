/** A virtual iPhone with a library of its own, a vault, and backups of the one into the other. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUp, type BackupEvent, type BackupOptions } from '../../src/backup/index.ts';
import {
  type DeviceLocation,
  findLocations,
  type MuxAddress,
  openDevice,
  pairDevice,
  PairRecordStore,
  parseMuxAddress,
} from '../../src/device/index.ts';
import { fileIdOf } from '../../src/snapshot/index.ts';
import { openVault, type SnapshotRecord, type Vault } from '../../src/vault/index.ts';
import { startVirtualIphone, type VirtualIphone, type VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';

export type Done = Extract<BackupEvent, { event: 'done' }>;

export interface BackupRun {
  readonly options?: BackupOptions;
  readonly signal?: AbortSignal;
  /** Called with every event; may stop, cut or change things. */
  readonly onEvent?: (event: BackupEvent) => void;
  /** What the backup is given in the place of the vault. */
  readonly through?: (vault: Vault) => Vault;
  readonly location?: DeviceLocation;
}

export class PhoneAndVault implements AsyncDisposable {
  readonly phone: VirtualIphone;
  readonly directory: string;
  readonly vaultDir: string;
  readonly pairRecords: PairRecordStore;
  readonly location: DeviceLocation;
  readonly mux: MuxAddress;

  private constructor(parts: Pick<PhoneAndVault, 'phone' | 'directory' | 'pairRecords' | 'location' | 'mux'>) {
    this.phone = parts.phone;
    this.directory = parts.directory;
    this.vaultDir = join(parts.directory, 'vault');
    this.pairRecords = parts.pairRecords;
    this.location = parts.location;
    this.mux = parts.mux;
  }

  /** A paired phone with `files` files of 1 byte to 300 KB, and an empty vault. */
  static async start(options: Partial<VirtualIphoneOptions> & { files?: number } = {}): Promise<PhoneAndVault> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-'));
    const socketPath = join(directory, 'mux');
    const phone = await startVirtualIphone({
      stateDir: join(directory, 'phone'),
      socketPath,
      library: 'empty',
      ...options,
    });
    const mux = parseMuxAddress(`UNIX:${socketPath}`);
    const pairRecords = new PairRecordStore({ directory: join(directory, 'pairs'), mux });
    const [location] = await findLocations({ muxAddress: mux, store: pairRecords });
    assert.ok(location !== undefined);
    await pairDevice({ location, store: pairRecords });
    const both = new PhoneAndVault({ phone, directory, pairRecords, location, mux });
    both.takePhotos(0, options.files ?? 150);
    return both;
  }

  /** Puts files on the phone, or replaces them, from number `from` to before `to`. */
  takePhotos(from: number, to: number, { seed = 0 } = {}): void {
    for (let i = from; i < to; i++) {
      const sizeBytes = i % 40 === 0 ? 300_000 : i % 7 === 0 ? 0 : 1 + ((i * 7919) % 9000);
      const content = Buffer.alloc(sizeBytes, `photo ${i} ${seed} `);
      this.phone.disk.writeFile('CameraRollDomain', `Media/DCIM/100APPLE/IMG_${i}.JPG`, content);
    }
  }

  /** Backs up with everything opened anew, as the command line does. @returns the last event */
  async backUp(run: BackupRun = {}): Promise<Done> {
    const { location = this.location, signal } = run;
    await using device = await openDevice({ location, pairRecords: this.pairRecords, signal });
    await using vault = await this.openVault();
    const through = run.through?.(vault) ?? vault;
    let fraction = 0;
    let done: Done | undefined;
    for await (const event of backUp({
      device,
      vault: through,
      ...(run.options && { options: run.options }),
      signal,
    })) {
      if (event.event === 'progress') {
        assert.ok(event.fraction >= fraction && event.fraction < 1);
        fraction = event.fraction;
      }
      run.onEvent?.(event);
      if (event.event === 'done') done = event;
    }
    assert.ok(done !== undefined);
    return done;
  }

  openVault(lock: 'write' | 'none' = 'write'): Promise<Vault> {
    return openVault(this.vaultDir, { create: true, purpose: 'a test', lock });
  }

  /** What the phone holds, to be compared later: SHA-256 by file id. */
  contents(): Map<string, string> {
    const { disk } = this.phone;
    const contents = new Map<string, string>();
    for (const file of disk.all()) {
      if (file.kind !== 'file' || file.domain === 'NotBackedUpDomain') continue;
      contents.set(fileIdOf(file.domain, file.relativePath), sha256(disk.read(file)));
    }
    return contents;
  }

  /** Checks that a snapshot of an unencrypted backup holds these contents and nothing else. */
  async assertHolds(snapshot: string, contents: ReadonlyMap<string, string>): Promise<SnapshotRecord> {
    await using vault = await this.openVault('none');
    const record = vault.findSnapshot(snapshot);
    using view = vault.openSnapshot(record);
    const held = new Map<string, string>();
    for (const { directory, entry } of view.entries()) {
      if (entry.kind !== 'file') continue;
      assert.doesNotMatch(directory, /Snapshot/);
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      // Before iOS 10 all lay in one directory.
      if (/^([0-9a-f]{2}\/)?[0-9a-f]{40}$/.test(path)) held.set(entry.name, entry.sha256);
      const hash = createHash('sha256');
      for await (const chunk of view.open(path)?.chunks() ?? []) hash.update(chunk);
      assert.equal(hash.digest('hex'), entry.sha256);
    }
    assert.deepEqual(sorted(held), sorted(contents));
    return record;
  }

  /** Which devices have an unfinished backup in the vault. */
  async drafted(): Promise<string[]> {
    await using vault = await this.openVault();
    return vault.draftedUdids();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.phone[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function sorted(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
