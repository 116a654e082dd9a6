/**
 * A phone with snapshots in a vault, and another phone that they are restored to. The tests of restores that are cut,
 * killed or refused play in it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findLocations, openDevice } from '../../src/device/index.ts';
import { restore, type RestoreEvent, type RestoreOptions } from '../../src/restore/index.ts';
import { snapshotSource } from '../../src/service/index.ts';
import { type AppError, isAppError } from '../../src/shared/errors.ts';
import { openBackup } from '../../src/snapshot/index.ts';
import { AGENT_SETTINGS, type VirtualIphoneOptions } from '../../src/virtual-iphone/index.ts';
import { PhoneAndVault } from '../integration/phone-and-vault.ts';
import { type Contents, contentsOf } from './compare.ts';
import { fillPhone } from './phone-content.ts';
import { randomFrom } from './random.ts';
import { Scene } from './scene.ts';

/** No restore of these phones takes longer, even on a busy machine: only one that hangs does. */
const HANG_MS = 60_000;

export type Restored = Extract<RestoreEvent, { event: 'done' }>;

export interface RestoreSceneOptions {
  readonly seed: number;
  readonly encrypted: boolean;
  readonly files?: number;
  /** Large files, in MB. */
  readonly large?: number[];
  /** Of the phone that is restored. */
  readonly phone?: Partial<VirtualIphoneOptions>;
  /** Of the phone whose backup it is. */
  readonly old?: Partial<VirtualIphoneOptions>;
}

export interface RestoreRun {
  readonly options?: RestoreOptions;
  readonly signal?: AbortSignal;
  readonly password?: string | undefined;
  readonly onEvent?: (event: RestoreEvent) => void;
}

export class RestoreScene implements AsyncDisposable {
  /** The phone whose backups they are, and the vault. */
  readonly old: Scene;
  readonly target: PhoneAndVault;
  readonly snapshot: string;

  private constructor(parts: Pick<RestoreScene, 'old' | 'target' | 'snapshot'>) {
    this.old = parts.old;
    this.target = parts.target;
    this.snapshot = parts.snapshot;
  }

  /** One snapshot of a filled phone, and another phone that holds something else. */
  static async start({
    seed,
    encrypted,
    files,
    large,
    phone = {},
    old: oldPhone,
  }: RestoreSceneOptions): Promise<RestoreScene> {
    const few = { ...(files === undefined ? {} : { files }), ...(large && { large }) };
    const old = await Scene.start({ seed, encrypted, ...few, ...(oldPhone && { phone: oldPhone }) });
    const { snapshot } = await old.finish();
    const target = await PhoneAndVault.start({
      files: 0,
      seed: 2,
      ...phone,
      // Small batches: many operations, and so many places to be cut.
      backup: { batchFiles: 32, ...phone.backup },
    });
    fillPhone(target.phone.disk, randomFrom(seed + 1), { files: 20, large: [1] });
    return new RestoreScene({ old, target, snapshot });
  }

  get phone(): PhoneAndVault['phone'] {
    return this.target.phone;
  }

  /** What the snapshot holds, as the phone should after it was restored. */
  get wanted(): Contents {
    return this.old.taken.get(this.snapshot) ?? new Map();
  }

  /** What makes the command line restore from this vault to this phone. */
  get cliEnv(): Record<string, string> {
    const { password } = this.old;
    return {
      HOME: this.target.directory,
      HOLDFAST_HOME: join(this.target.directory, 'home'),
      HOLDFAST_VAULT: this.old.both.vaultDir,
      USBMUXD_SOCKET_ADDRESS: `UNIX:${this.target.directory}/mux`,
      ...(password === undefined ? {} : { HOLDFAST_PASSWORD: password }),
    };
  }

  /** Restores and returns the end, or the error it ended with. Anything but an AppError is thrown. */
  async attempt(run: RestoreRun = {}): Promise<Restored | AppError> {
    const deadline = AbortSignal.timeout(HANG_MS);
    const signal = run.signal === undefined ? deadline : AbortSignal.any([deadline, run.signal]);
    try {
      return await this.#restore({ ...run, signal });
    } catch (error) {
      if (deadline.aborted) throw new Error('the restore hung', { cause: error });
      if (isAppError(error)) return error;
      throw error;
    }
  }

  /** Restores with nothing in the way, and checks that the phone is what the snapshot says. */
  async finish(run: RestoreRun = {}): Promise<Restored> {
    this.phone.faults.clear();
    const end = await this.attempt(run);
    if (end instanceof Error) throw end;
    if (run.options?.reboot !== false) await this.restarted();
    this.assertRestored();
    this.assertClean();
    return end;
  }

  /** A restored phone restarts by itself, a moment after it has said that it is done. */
  async restarted(): Promise<void> {
    const deadline = Date.now() + HANG_MS;
    while (this.phone.context.settings.get(AGENT_SETTINGS.awaitsReboot) === true) {
      assert.ok(Date.now() < deadline, 'the phone never restarted');
      await delay(5);
    }
  }

  assertRestored(): void {
    assert.deepEqual(sorted(contentsOf(this.phone)), sorted(this.wanted));
  }

  /** What has to be true whenever a restore has ended. */
  assertClean(): void {
    assert.deepEqual(this.phone.breaches.list(), []);
    assert.equal(this.phone.isSyncLocked, false);
  }

  async #restore({ options = {}, signal, onEvent, password = this.old.password }: RestoreRun): Promise<Restored> {
    const { pairRecords, mux } = this.target;
    // Another number on the cable after every restart.
    const [location] = await findLocations({ muxAddress: mux, store: pairRecords });
    assert.ok(location !== undefined);
    await using device = await openDevice({ location, pairRecords, signal });
    await using vault = await this.old.both.openVault('none');
    using view = vault.openSnapshot(vault.findSnapshot(this.snapshot));
    using backup = await openBackup(snapshotSource(view), { password: this.old.password });
    const source = { backup, udid: view.record.udid, password };
    let fraction = 0;
    let done: Restored | undefined;
    for await (const event of restore({ device, source, options, signal })) {
      if (event.event === 'progress') {
        assert.ok(event.fraction >= fraction && event.fraction < 1);
        fraction = event.fraction;
      }
      onEvent?.(event);
      if (event.event === 'done') done = event;
    }
    assert.ok(done !== undefined);
    return done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.target[Symbol.asyncDispose]();
    await this.old[Symbol.asyncDispose]();
  }
}

function sorted(contents: Contents): [string, string][] {
  return [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
