import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { storageError, type Disk } from '../durability.ts';
import { namesIn } from '../look.ts';
import { readAnyMark } from '../mark/mark.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { decodeLabels, patchLabels, type LabelPatch, type SnapshotLabels } from './label-file.ts';

const LABEL_NAME = /^([0-9a-f]{8})\.json$/;
const NO_LABELS: SnapshotLabels = {};

/** Which snapshot is meant. */
type SnapshotName = Pick<SnapshotRecord, 'udid' | 'id'>;

/**
 * What may change about snapshots: `labels/<UDID>/<snapshot id>.json`. A snapshot without a file has no labels.
 *
 * Changing them does not need the vault's lock, so that a snapshot can be pinned while a backup runs.
 */
export class Labels {
  readonly #vaultDir: string;
  readonly #dir: string;
  readonly #disk: Disk;
  readonly #snapshots: SnapshotStore;

  constructor(vaultDir: string, disk: Disk, snapshots: SnapshotStore) {
    this.#vaultDir = vaultDir;
    this.#dir = join(vaultDir, 'labels');
    this.#disk = disk;
    this.#snapshots = snapshots;
  }

  /** The labels of a snapshot, as they are now. @throws {AppError} STORAGE_FAILED */
  get(snapshot: SnapshotName): SnapshotLabels {
    const text = this.#read(snapshot);
    return text === undefined ? NO_LABELS : decodeLabels(text);
  }

  /**
   * The labels of every snapshot that has any, of one device, by the ids of the snapshots. One look at a folder, where
   * `get` for each would be as many looks as there are snapshots.
   */
  ofDevice(udid: string): ReadonlyMap<string, SnapshotLabels> {
    const labels = new Map<string, SnapshotLabels>();
    for (const id of this.#idsOf(udid)) {
      const text = this.#read({ udid, id });
      if (text !== undefined) labels.set(id, decodeLabels(text));
    }
    return labels;
  }

  /** The labels of every snapshot that has any, by the ids of the snapshots, which are unique in a vault. */
  all(): ReadonlyMap<string, SnapshotLabels> {
    return new Map(this.#udids().flatMap((udid) => [...this.ofDevice(udid)]));
  }

  /**
   * Changes labels of a snapshot, durably: after a power cut the old ones are there or the new ones. Fields that this
   * version does not know stay. Also where the vault was opened for reading.
   *
   * @param patch a value sets a label, `undefined` removes it, the others stay.
   * @returns the labels as they are now.
   * @throws {AppError} SNAPSHOT_NOT_FOUND when it was removed meanwhile, VAULT_MOVED, VAULT_BUSY, OUT_OF_SPACE, STORAGE_FAILED
   */
  async set(snapshot: SnapshotName, patch: LabelPatch): Promise<SnapshotLabels> {
    using _lock = await this.lock();
    // It may have been moved away since it was opened: what is written here would be lost.
    readAnyMark(this.#vaultDir);
    if (!this.#snapshots.isThere(snapshot)) {
      throw new AppError('SNAPSHOT_NOT_FOUND', `the snapshot ${snapshot.id} is not in the vault any more`, {
        hint: 'See the ids of all snapshots with “holdfast snapshots”.',
        details: { snapshot: snapshot.id },
      });
    }
    const text = patchLabels(this.#read(snapshot), patch);
    if (text === undefined) await this.removeOf([snapshot]);
    else await this.#write(snapshot, text);
    return text === undefined ? NO_LABELS : decodeLabels(text);
  }

  /** Waits for the right to change labels, which keeps others from changing them until it is disposed. */
  async lock(): Promise<Disposable> {
    this.#disk.makeDirectory(this.#dir);
    // Loaded when it is needed: looking at labels needs no database.
    const { lockLabels } = await import('./label-lock.ts');
    return lockLabels(this.#dir);
  }

  /** Removes the labels of snapshots that are gone. Under the lock of the labels. */
  async removeOf(snapshots: readonly SnapshotName[]): Promise<void> {
    const there = snapshots.filter((snapshot) => this.#disk.sizeOf(this.#path(snapshot)) !== undefined);
    for (const snapshot of there) this.#disk.remove(this.#path(snapshot));
    for (const udid of new Set(there.map((snapshot) => snapshot.udid))) {
      await this.#disk.syncDirectory(join(this.#dir, udid));
    }
  }

  /** Removes what was cut off, and labels whose snapshots are gone. Under both locks. */
  async sweep(): Promise<void> {
    for (const udid of this.#udids()) {
      for (const name of namesIn(join(this.#dir, udid))) {
        if (name.endsWith('.tmp')) this.#disk.remove(join(this.#dir, udid, name));
      }
      const ids = new Set(this.#idsOf(udid));
      for (const { id } of ids.size === 0 ? [] : this.#snapshots.list(udid)) ids.delete(id);
      if (ids.size === 0 || this.#snapshots.unreadable.length > 0) continue;
      await this.removeOf([...ids].map((id) => ({ udid, id })));
    }
  }

  async #write(snapshot: SnapshotName, text: string): Promise<void> {
    const folder = join(this.#dir, snapshot.udid);
    const made = this.#disk.makeDirectory(folder);
    await this.#disk.writeFileDurably(this.#path(snapshot), Buffer.from(text));
    if (made === undefined) return;
    await this.#disk.syncDirectory(this.#dir);
    await this.#disk.syncDirectory(this.#vaultDir);
  }

  /** The lock lies beside the folders of the devices. */
  #udids(): string[] {
    return namesIn(this.#dir).filter((name) => !name.includes('.'));
  }

  #idsOf(udid: string): string[] {
    return namesIn(join(this.#dir, udid)).flatMap((name) => LABEL_NAME.exec(name)?.[1] ?? []);
  }

  #read(snapshot: SnapshotName): string | undefined {
    const path = this.#path(snapshot);
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw storageError(error, 'read', path);
    }
  }

  #path({ udid, id }: SnapshotName): string {
    return join(this.#dir, udid, `${id}.json`);
  }
}
