import { AppError } from '../shared/errors.ts';
import { whenAsked } from '../shared/flow/when-asked.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Disk } from './durability.ts';
import { draftedUdids, draftRoots, openDraft, removeDraft } from './drafts/open-draft.ts';
import type { CommitStep, Draft } from './drafts/draft.ts';
import type { GroupLimits } from './drafts/group-commit.ts';
import type { ExportEvent } from './export/export-snapshot.ts';
import { freeSpaceIn } from './free-space.ts';
import type { ImportEvent } from './import/import-folder.ts';
import type { Labels } from './labels/labels.ts';
import { ListStore } from './lists/list-store.ts';
import type { VaultLock } from './lock.ts';
import type { VaultMark } from './mark/mark.ts';
import type { ObjectStore } from './objects/object-store.ts';
import type { Garbage } from './objects/prune.ts';
import type { Upgraded, UpgradeOptions } from './packing/upgrade-vault.ts';
import type { PruneVaultOptions, PruneVaultResult, PruneVaultStep } from './prune/prune-vault.ts';
import { assertForgettable, forgetSnapshots, snapshotsInUse, type ForgetOptions } from './retention/forget.ts';
import type { ObjectDonor } from './repair/donor.ts';
import type { RepairEvent, RepairOptions } from './repair/repair-vault.ts';
import { vaultDonor } from './repair/vault-donor.ts';
import type { ReplicateEvent, ReplicateOptions } from './replicate/replicate.ts';
import type { SnapshotRecord } from './snapshots/record.ts';
import { SnapshotStore, type UnreadableRecord } from './snapshots/snapshot-store.ts';
import { SnapshotView } from './snapshots/snapshot-view.ts';
import { Staging } from './staging/staging.ts';
import type { SpaceOptions, SpaceReport } from './space/space.ts';
import type { VerifyVaultEvent, VerifyVaultOptions } from './verify/verify-vault.ts';

/** Everything a vault is made of; its parts are shared by whatever works in it. */
export interface VaultParts {
  readonly dir: string;
  readonly mark: VaultMark;
  readonly disk: Disk;
  readonly catalogue: Catalogue;
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
  readonly labels: Labels;
  /** Undefined where the vault is open for reading only. */
  readonly lock: VaultLock | undefined;
  readonly now: () => number;
  /** For tests. */
  readonly groupLimits?: Partial<GroupLimits>;
  readonly afterCommitStep?: (step: CommitStep) => void;
  readonly afterPruneStep?: (step: PruneVaultStep) => void;
}

/**
 * A folder that keeps every version of every device. `openVault` opens one. What only some uses of it need is loaded when
 * it is first asked for.
 *
 * Opened for reading it can look at and hand out snapshots while another process writes; whatever changes the vault
 * needs the lock, which opening for writing takes.
 */
export class Vault implements AsyncDisposable {
  readonly dir: string;
  readonly id: string;
  /** The id of the vault that this one is kept as a copy of. */
  readonly copyOf: string | undefined;
  #parts: VaultParts;
  readonly #drafts = new Map<string, Draft>();
  /** Imports, copies and repairs that put objects in at this moment. */
  #arrivals = 0;
  #isPruning = false;
  #isClosed = false;

  /** For `openVault`. */
  constructor(parts: VaultParts) {
    this.dir = parts.dir;
    this.id = parts.mark.id;
    this.copyOf = parts.mark.copyOf;
    this.#parts = parts;
  }

  /** What may change about snapshots: pins, names, holds. Also to be changed where the vault is open for reading. */
  get labels(): Labels {
    return this.#parts.labels;
  }

  /** Finished snapshots, newest first; those of one device, or of all. */
  snapshots(udid?: string): SnapshotRecord[] {
    return this.#parts.snapshots.list(udid);
  }

  /** Records that are there but cannot be read, of one device or of all. */
  unreadableRecords(udid?: string): readonly UnreadableRecord[] {
    this.#parts.snapshots.list(udid);
    return this.#parts.snapshots.unreadable;
  }

  /**
   * Finds one snapshot by its id, by the beginning of it that only it has, or by the word "latest".
   *
   * @throws {AppError} SNAPSHOT_NOT_FOUND
   */
  findSnapshot(wanted: string, udid?: string): SnapshotRecord {
    return this.#parts.snapshots.find(wanted, udid);
  }

  /** Opens a snapshot for reading. @throws {AppError} SNAPSHOT_CORRUPT when its list is missing or damaged */
  openSnapshot(record: SnapshotRecord): SnapshotView {
    const { lists, objects } = this.#parts;
    return new SnapshotView(record, lists.open(record.list.sha256), objects, () => this.freeBytes());
  }

  /** The devices that have an unfinished backup waiting in the vault. */
  draftedUdids(): string[] {
    return draftedUdids(this.dir);
  }

  /**
   * Opens the draft of a device: the one an interrupted backup left, else a new one over the newest snapshot.
   *
   * @throws {AppError} DEVICE_BUSY when it is open already, VAULT_BUSY while space is given back, SNAPSHOT_CORRUPT,
   * OUT_OF_SPACE, STORAGE_FAILED
   */
  openDraft(udid: string): Draft {
    const { objects, lists, snapshots, disk, now } = this.#parts;
    this.#assertWritable();
    this.#assertNotPruning();
    if (this.#drafts.has(udid)) {
      throw new AppError('DEVICE_BUSY', 'a backup of this device is running', {
        hint: 'Wait until it has finished, or stop it.',
        details: { udid },
      });
    }
    const draft = openDraft(this.dir, udid, {
      objects,
      lists,
      snapshots,
      disk,
      now,
      freeBytes: () => this.freeBytes(),
      onClosed: () => this.#drafts.delete(udid),
      packEarlier: async () => (await import('./packing/pack-after.ts')).packAfterSnapshot(this.#parts, udid),
      ...(this.#parts.groupLimits && { limits: this.#parts.groupLimits }),
      ...(this.#parts.afterCommitStep && { afterStep: this.#parts.afterCommitStep }),
    });
    this.#drafts.set(udid, draft);
    return draft;
  }

  /** UDIDs of the devices whose drafts are open: that are being backed up. */
  openDrafts(): readonly string[] {
    return [...this.#drafts.keys()];
  }

  /** Removes the unfinished backup of a device, readable or not. Succeeds when there is none. */
  async discardDraft(udid: string): Promise<void> {
    this.#assertWritable();
    const open = this.#drafts.get(udid);
    await (open === undefined ? removeDraft(this.dir, udid, this.#parts.disk) : open.discard());
  }

  /**
   * Writes a snapshot as the plain folder `<dir>/<UDID>` that other tools open. See `exportSnapshot`.
   *
   * @throws {AppError} FOLDER_NOT_EMPTY, SNAPSHOT_CORRUPT, OUT_OF_SPACE, STORAGE_FAILED
   */
  export(record: SnapshotRecord, dir: string, signal?: AbortSignal): AsyncGenerator<ExportEvent, undefined> {
    return whenAsked(async () =>
      (await import('./export/export-snapshot.ts')).exportSnapshot(this.#parts, record, dir, signal),
    );
  }

  /**
   * Takes in backups that other programs made. See `importFolder`.
   *
   * @throws {AppError} NOT_A_BACKUP, BACKUP_UNFINISHED, OUT_OF_SPACE, STORAGE_FAILED
   */
  import(folder: string, signal?: AbortSignal): AsyncGenerator<ImportEvent, undefined> {
    this.#assertWritable();
    return this.#arriving(async () =>
      (await import('./import/import-folder.ts')).importFolder(this.#parts, folder, signal),
    );
  }

  /**
   * Copies snapshots to another vault, which has to be open for writing. See `replicate`.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  replicateTo(other: Vault, options: ReplicateOptions = {}): AsyncGenerator<ReplicateEvent, undefined> {
    other.#assertWritable();
    return other.#arriving(async () =>
      (await import('./replicate/replicate.ts')).replicate(this.#parts, other.#parts, options),
    );
  }

  /**
   * Verifies, and fetches back what is damaged or missing from places that have it. See `repairVault`.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  repair(options: RepairOptions): AsyncGenerator<RepairEvent, undefined> {
    this.#assertWritable();
    return this.#arriving(async () => (await import('./repair/repair-vault.ts')).repairVault(this.#parts, options));
  }

  /**
   * Snapshots as plain folders inside the vault, for a program that only reads. Other processes may write into the
   * vault meanwhile; one at a time may stage. See `Staging`.
   *
   * @throws {AppError} VAULT_BUSY, STORAGE_FAILED
   */
  openStaging(purpose: string): Staging {
    return new Staging(this.#parts, purpose);
  }

  /**
   * Makes a snapshot again from a folder that is said to be what it was, and proves it by every byte.
   *
   * @param record the file of its record, as it was.
   * @returns the snapshot, undefined when the folder is not what the record names.
   * @throws {AppError} SNAPSHOT_CORRUPT when the record is none; OUT_OF_SPACE, STORAGE_FAILED
   */
  async takeBack(folder: string, record: Buffer, signal?: AbortSignal): Promise<SnapshotRecord | undefined> {
    this.#assertWritable();
    this.#assertNotPruning();
    this.#arrivals++;
    try {
      const { takeBackSnapshot } = await import('./import/take-back.ts');
      return await takeBackSnapshot(this.#parts, folder, record, signal);
    } finally {
      this.#arrivals--;
    }
  }

  /** This vault as a place where another one finds what it has lost. */
  asDonor(name: string): ObjectDonor {
    return vaultDonor(this.#parts, name);
  }

  /** Proves that the vault holds what it says, and names what is lost where it does not. See `verifyVault`. */
  verify(options: VerifyVaultOptions = {}): AsyncGenerator<VerifyVaultEvent, undefined> {
    if (options.quarantine === true) this.#assertWritable();
    return whenAsked(async () => (await import('./verify/verify-vault.ts')).verifyVault(this.#parts, options));
  }

  /**
   * Removes a snapshot and its labels. Its bytes stay until `prune`.
   *
   * @throws {AppError} DEVICE_BUSY when an unfinished backup is built on it, STORAGE_FAILED
   */
  async removeSnapshot(record: SnapshotRecord): Promise<void> {
    this.#assertWritable();
    for (const { snapshot } of draftRoots(this.dir)) {
      if (snapshot === record.id) throw draftInTheWay('an unfinished backup is built on this snapshot', record.udid);
    }
    using _lock = await this.labels.lock();
    await this.#parts.snapshots.removeAll([record]);
    await this.labels.removeOf([record]);
  }

  /**
   * Removes snapshots and their labels, durably. Their bytes stay until `prune`. Either all of them may go or none does;
   * stopped in the middle, some are gone and the others whole. What a rule wants to go is told by `thin`.
   *
   * @throws {AppError} SNAPSHOT_PROTECTED when one is pinned, held, the newest, the only proven one or in use;
   * DEVICE_BUSY when a backup of its device is running, STORAGE_FAILED
   */
  async forget(records: readonly SnapshotRecord[], options: ForgetOptions = {}): Promise<void> {
    this.#assertWritable();
    const busy = records.find(({ udid }) => this.#drafts.has(udid));
    if (busy !== undefined) throw draftInTheWay('a backup of this device is running', busy.udid);
    await forgetSnapshots(this.#parts, records, options);
  }

  /** Whether `forget` would remove these; also where the vault is open for reading. @throws as `forget` */
  assertForgettable(records: readonly SnapshotRecord[], options: ForgetOptions = {}): void {
    assertForgettable(this.#parts, records, options);
  }

  /** Ids of the snapshots that unfinished backups are built on, for `thin`. */
  snapshotsInUse(): ReadonlySet<string> {
    return snapshotsInUse(this.dir);
  }

  /**
   * Removes what no snapshot and no unfinished backup names any more. Not while a backup is running, and none begins
   * meanwhile. May be interrupted anywhere; the next time goes on.
   *
   * @throws {AppError} DEVICE_BUSY, VAULT_BUSY while something is taken in, SNAPSHOT_CORRUPT when a record or list cannot be read, STORAGE_FAILED, OUT_OF_SPACE
   */
  async prune(options: PruneVaultOptions = {}): Promise<PruneVaultResult> {
    return await this.#alone(async () => {
      const { pruneVault } = await import('./prune/prune-vault.ts');
      return await pruneVault(this.#parts, () => freeSpaceIn(this.dir).all, options);
    });
  }

  /**
   * Makes the vault one of the newest format. See `upgradeVault`.
   *
   * @throws {AppError} DEVICE_BUSY, VAULT_BUSY while something is taken in, SNAPSHOT_CORRUPT when a list cannot be read, STORAGE_FAILED, OUT_OF_SPACE
   */
  async upgrade(options: UpgradeOptions = {}): Promise<Upgraded> {
    return await this.#alone(async () => {
      const { upgradeVault } = await import('./packing/upgrade-vault.ts');
      const upgraded = await upgradeVault(this.#parts, options);
      this.#parts = { ...this.#parts, mark: upgraded.mark };
      return upgraded;
    });
  }

  /** What `prune` would free; also where the vault is open for reading. @throws {AppError} as `prune` */
  async findGarbage(options: PruneVaultOptions = {}): Promise<Garbage> {
    const { findVaultGarbage } = await import('./prune/prune-vault.ts');
    return findVaultGarbage(this.#parts, options);
  }

  /** What snapshots take, together and each alone, and when the disk will be full. See `measureSpace`. */
  async space(options: SpaceOptions = {}): Promise<SpaceReport> {
    const { measureSpace } = await import('./space/space.ts');
    return measureSpace(this.#parts, this.freeBytes(), options);
  }

  /** How many bytes only these snapshots hold: what forgetting them and pruning frees, about. */
  async bytesHeldBy(records: readonly SnapshotRecord[], options: SpaceOptions = {}): Promise<number> {
    const { bytesHeldBy } = await import('./space/space.ts');
    return bytesHeldBy(this.#parts, records, options);
  }

  /** Space that backups may use, in bytes: what the disk has free less a reserve. */
  freeBytes(): number {
    return freeSpaceIn(this.dir).forBackups;
  }

  /** Closes open drafts, which stay for the next try, and lets go of everything. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { objects, catalogue, lock } = this.#parts;
    try {
      for (const draft of this.#drafts.values()) await draft.close();
      await objects.close();
      if (lock !== undefined) this.#parts.snapshots.updateCache();
    } finally {
      objects.abandon();
      catalogue[Symbol.dispose]();
      lock?.[Symbol.dispose]();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Does something during which nothing may come in. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    this.#assertWritable();
    const [udid] = this.#drafts.keys();
    if (udid !== undefined) throw draftInTheWay('a backup is running', udid);
    this.#assertNotPruning();
    if (this.#arrivals > 0) throw busyWith('something is being taken into the vault');
    this.#isPruning = true;
    try {
      return await work();
    } finally {
      this.#isPruning = false;
    }
  }

  #assertWritable(): void {
    if (this.#parts.lock === undefined) throw new Error('the vault was opened for reading');
  }

  /** An object that is just being removed must not be taken for one that is there. */
  #assertNotPruning(): void {
    if (this.#isPruning) throw busyWith('space is being given back in the vault');
  }

  /** `whenAsked` for what puts objects into this vault. */
  async *#arriving<T>(begin: () => Promise<AsyncIterable<T>>): AsyncGenerator<T, undefined> {
    this.#assertNotPruning();
    this.#arrivals++;
    try {
      yield* await begin();
    } finally {
      this.#arrivals--;
    }
    return undefined;
  }
}

function busyWith(message: string): AppError {
  return new AppError('VAULT_BUSY', message, { hint: 'Try again in a few minutes.' });
}

function draftInTheWay(message: string, udid: string): AppError {
  return new AppError('DEVICE_BUSY', message, {
    hint: 'Finish the backup or discard it first.',
    details: { udid },
  });
}
