/**
 * A phone that is used, backed up, cut off and backed up again, and a memory of what it held at each snapshot.
 * The tests of interrupted backups and the soak runner play their rounds in it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { BackupEvent } from '../../src/backup/index.ts';
import { findLocations, locationFromAddress, parseMuxAddress, type DeviceLocation } from '../../src/device/index.ts';
import { isAppError, type AppError } from '../../src/shared/errors.ts';
import type { VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';
import { PhoneAndVault, type BackupRun, type Done } from '../integration/phone-and-vault.ts';
import { assertAllReadable, assertHolds, contentsOf, type Contents } from './compare.ts';
import { loopbackAddress } from './loopback.ts';
import { fillPhone, usePhone } from './phone-content.ts';
import { randomFrom, type Random } from './random.ts';
import { assertTidy } from './tidy.ts';

/** No backup of these phones takes longer, even on a busy machine: only one that hangs does. */
const HANG_MS = 60_000;

export interface SceneOptions {
  readonly seed: number;
  readonly encrypted: boolean;
  readonly files?: number;
  /** Large files, in MB. */
  readonly large?: number[];
  /** Reached over the network alone; paired over a cable before. */
  readonly wifi?: boolean;
  readonly phone?: Partial<VirtualIphoneOptions>;
}

export class Scene implements AsyncDisposable {
  readonly both: PhoneAndVault;
  readonly random: Random;
  readonly password: string | undefined;
  /** What the phone held when each snapshot was taken, by the snapshot's id. */
  readonly taken = new Map<string, Contents>();
  readonly #address: string | undefined;

  private constructor(both: PhoneAndVault, random: Random, password: string | undefined, address?: string) {
    this.both = both;
    this.random = random;
    this.password = password;
    this.#address = address;
  }

  /** A filled phone that was never backed up. */
  static async start({ seed, encrypted, files, large, wifi = false, phone }: SceneOptions): Promise<Scene> {
    const random = randomFrom(seed);
    const password = encrypted ? 'correct horse' : undefined;
    const address = wifi ? loopbackAddress() : undefined;
    const both = await PhoneAndVault.start({
      files: 0,
      // Small batches and chunks: many operations, and so many places to be cut, in little time.
      ...phone,
      backup: { batchFiles: 32, uploadChunkBytes: 64 * 1024, ...phone?.backup },
      ...(password === undefined ? {} : { backupPassword: password }),
      ...(address === undefined ? {} : { wifi: { address, heartbeatIntervalMs: 1_000 } }),
    });
    if (wifi) both.phone.unplug();
    fillPhone(both.phone.disk, random, { ...(files === undefined ? {} : { files }), ...(large && { large }) });
    return new Scene(both, random, password, address);
  }

  get phone(): PhoneAndVault['phone'] {
    return this.both.phone;
  }

  /** What makes the command line work with this phone, this vault and nothing else of this computer. */
  get cliEnv(): Record<string, string> {
    return {
      HOME: this.both.directory,
      HOLDFAST_HOME: join(this.both.directory, 'home'),
      HOLDFAST_VAULT: this.both.vaultDir,
      USBMUXD_SOCKET_ADDRESS: `UNIX:${this.both.directory}/mux`,
    };
  }

  /** How the phone is reached at this moment: usbmuxd gives it another number each time it is plugged in. */
  async locate(): Promise<DeviceLocation> {
    if (this.#address !== undefined) return locationFromAddress(this.phone.udid, this.#address);
    const muxAddress = parseMuxAddress(`UNIX:${this.both.directory}/mux`);
    const [location] = await findLocations({ muxAddress, store: this.both.pairRecords });
    return location ?? this.both.location;
  }

  /** A day of the phone's owner. */
  use(): void {
    usePhone(this.phone.disk, this.random);
  }

  /** Backs up and returns the end, or the error it ended with. Anything but an AppError is thrown. */
  async attempt(run: BackupRun = {}): Promise<Done | AppError> {
    const deadline = AbortSignal.timeout(HANG_MS);
    const signal = run.signal === undefined ? deadline : AbortSignal.any([deadline, run.signal]);
    try {
      return await this.both.backUp({ location: await this.locate(), ...run, signal });
    } catch (error) {
      if (deadline.aborted) throw new Error('the backup hung', { cause: error });
      if (isAppError(error)) return error;
      throw error;
    }
  }

  /** Checks that no earlier snapshot has suffered. */
  async assertNothingLost(): Promise<void> {
    await using vault = await this.both.openVault('none');
    assert.deepEqual(
      vault
        .snapshots()
        .map(({ id }) => id)
        .toReversed(),
      [...this.taken.keys()],
    );
    await assertAllReadable(vault);
  }

  /** Backs up with nothing in the way. */
  async finish(run: BackupRun = {}): Promise<Done> {
    this.phone.faults.clear();
    const events: BackupEvent[] = [];
    const drafted = (await this.both.drafted()).length > 0;
    const done = await this.attempt({ ...run, onEvent: (event) => events.push(event) });
    if (done instanceof Error) throw done;
    const started = events.find((event) => event.event === 'started');
    // A first encrypted attempt that died before its keybag arrived is nothing to go on from.
    if (drafted && this.taken.size > 0) assert.equal(started?.resumed, true);
    this.settle(done);
    return done;
  }

  /** Takes note of a backup that was finished just now, and checks that nothing is left over. */
  settle(done: Done): void {
    this.taken.set(done.snapshot, contentsOf(this.phone));
    this.assertClean();
  }

  /** Takes note of a snapshot that a process made before it was killed. @returns whether there is one */
  async adopt(): Promise<boolean> {
    await using vault = await this.both.openVault('none');
    const made = vault.snapshots().filter(({ id }) => !this.taken.has(id));
    for (const { id } of made) this.taken.set(id, contentsOf(this.phone));
    assert.ok(made.length <= 1);
    return made.length === 1;
  }

  /** What has to be true whenever a backup has finished. */
  assertClean(): void {
    assertTidy(this.both.vaultDir);
    assert.deepEqual(this.phone.breaches.list(), []);
    assert.equal(this.phone.isSyncLocked, false);
  }

  /** Checks every snapshot against what the phone held when it was taken. */
  async assertAllHold(): Promise<void> {
    await using vault = await this.both.openVault('none');
    for (const [id, contents] of this.taken) await assertHolds(vault, vault.findSnapshot(id), contents, this.password);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.both[Symbol.asyncDispose]();
  }
}
