import { setImmediate } from 'node:timers/promises';
import type { BackupTarget, TargetEntry, TargetFile, TargetSink } from '../../shared/target/backup-target.ts';
import type { Disk } from '../durability.ts';
import type { ListStore } from '../lists/list-store.ts';
import type { ListSummary, ListWriter } from '../lists/list-writer.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { PlainCopy } from '../../shared/target/plain-copy.ts';
import type { DeviceFacts, SnapshotChecks, SnapshotKind, SnapshotRecord } from '../snapshots/record.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import type { DraftDatabase, DraftMeta } from './draft-database.ts';
import type { DraftState } from './draft-state.ts';
import { DraftTarget } from './draft-target.ts';
import { GroupCommit, type GroupLimits } from './group-commit.ts';
import { mergeIntoList } from './list-merge.ts';
import type { OperationWriter } from './operation.ts';

/** How long the merge of a list may keep other work waiting. */
const MERGE_SLICE_MS = 20;

/** What is known about a backup only when it has finished. */
export interface SnapshotFacts {
  readonly device: DeviceFacts;
  readonly kind: SnapshotKind;
  readonly encrypted: boolean;
  /** The time of the commit unless told. */
  readonly takenAt?: Date;
  readonly checks?: SnapshotChecks;
  readonly warnings?: number;
}

/** The steps of a commit, for tests that let one fail or stop after it. */
export type CommitStep = 'flushed' | 'listed' | 'recorded';

/** What a draft needs of the vault it is in. */
export interface DraftHost {
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
  readonly disk: Disk;
  readonly now: () => number;
  readonly freeBytes: () => number;
  readonly onClosed: (draft: Draft) => void;
  /** Packs the list of the snapshot that was the newest one until a commit. */
  readonly packEarlier: () => Promise<void>;
  readonly limits?: Partial<GroupLimits>;
  readonly afterStep?: (step: CommitStep) => void;
}

export interface OpenedDraft {
  readonly meta: DraftMeta;
  readonly resumed: boolean;
  /** Whether what an earlier try left could not be read any more. */
  readonly replacesDamaged: boolean;
  readonly base: SnapshotRecord | undefined;
  readonly state: DraftState;
  readonly database: DraftDatabase;
}

/**
 * A backup in progress: the last snapshot, and on top of it what the phone has changed so far. It is on disk up to
 * its last group commit whatever happens to the process, and goes on from there when it is opened again.
 *
 * Ends by `commit`, which makes it a snapshot, or by `discard`. Closing it keeps it for the next try.
 */
export class Draft implements BackupTarget, AsyncDisposable {
  readonly udid: string;
  readonly base: SnapshotRecord | undefined;
  /** Whether an earlier try left something to go on from. */
  readonly resumed: boolean;
  /** Whether an earlier try left something that was damaged, or built on something damaged, so that this begins anew. */
  readonly replacesDamaged: boolean;
  readonly startedAt: Date;
  readonly #host: DraftHost;
  readonly #opened: OpenedDraft;
  readonly #remove: (close: () => Promise<void>) => Promise<void>;
  readonly #commits: GroupCommit;
  readonly #target: DraftTarget;
  #newBytes: number;
  #isClosed = false;
  #isReleased = false;

  /** For `openDraft`. */
  constructor(host: DraftHost, opened: OpenedDraft, remove: (close: () => Promise<void>) => Promise<void>) {
    this.#host = host;
    this.#remove = remove;
    this.#opened = opened;
    this.udid = opened.meta.udid;
    this.base = opened.base;
    this.resumed = opened.resumed;
    this.replacesDamaged = opened.replacesDamaged;
    this.startedAt = new Date(opened.meta.startedAt);
    this.#newBytes = opened.database.newBytes;
    this.#commits = new GroupCommit((group) => this.#persist(group), host.limits);
    this.#target = new DraftTarget(opened.state, this.#commits, {
      udid: this.udid,
      objects: host.objects,
      now: host.now,
      freeBytes: host.freeBytes,
      onStored: ({ sizeBytes, isNew }) => (this.#newBytes += isNew ? sizeBytes : 0),
    });
  }

  /** Bytes received that the vault did not hold before, earlier tries of the same draft included. */
  get newBytes(): number {
    return this.#newBytes;
  }

  read(path: string): TargetFile {
    return this.#target.read(path);
  }

  create(path: string): TargetSink {
    return this.#target.create(path);
  }

  list(path: string): TargetEntry[] {
    return this.#target.list(path);
  }

  makeDirectory(path: string): void {
    this.#target.makeDirectory(path);
  }

  move(from: string, to: string): void {
    this.#target.move(from, to);
  }

  remove(path: string): void {
    this.#target.remove(path);
  }

  copy(from: string, to: string): void {
    this.#target.copy(from, to);
  }

  freeBytes(): number {
    return this.#target.freeBytes();
  }

  /** A file of this computer that holds exactly the bytes of `path`, where there is one: large files have their own. */
  localPath(path: string): string | undefined {
    return this.#target.localPath(path);
  }

  plainCopy(path: string): Promise<PlainCopy | undefined> {
    return this.#target.plainCopy(path);
  }

  /** Whether a file is there, where that is known without reading the snapshot the draft builds on; undefined else. */
  knowsFile(path: string): boolean | undefined {
    return this.#target.knowsFile(path);
  }

  /**
   * Makes everything up to now durable.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
   */
  flush(): Promise<void> {
    return this.#commits.settle();
  }

  /**
   * Makes the draft a snapshot and closes it. The record's rename is the moment: before it there is no snapshot and
   * the draft goes on, after it there is one and the draft's remains are cleared away now or at the next opening.
   *
   * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED, SNAPSHOT_CORRUPT when the base's list cannot be read.
   */
  async commit(facts: SnapshotFacts): Promise<SnapshotRecord> {
    await this.flush();
    // Readers beside this process find objects through the catalogue.
    await this.#host.objects.flush({ publish: true });
    this.#host.afterStep?.('flushed');
    const list = await this.#host.lists.write((writer) => this.#merge(writer));
    this.#host.afterStep?.('listed');
    const record = this.#record(facts, list);
    await this.#host.snapshots.add(record);
    this.#host.afterStep?.('recorded');
    // Before the draft is closed: as long as one is open nothing is pruned.
    await this.#host.packEarlier();
    await this.discard();
    return record;
  }

  /** Closes the draft and removes it. The objects it received stay until `prune` finds that nothing names them. */
  async discard(): Promise<void> {
    this.#isClosed = true;
    await this.#commits.abandon();
    try {
      await this.#remove(() => this.abandon());
    } finally {
      await this.abandon();
    }
  }

  /** Lets go of the draft and leaves it for the next try. What came after the last group commit is made durable. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      if (!this.#commits.hasFailed) await this.flush();
    } finally {
      await this.abandon();
    }
  }

  /** Lets go of the draft as the death of the process would: what came after the last group commit is lost. */
  async abandon(): Promise<void> {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#isClosed = true;
    await this.#commits.abandon();
    this.#opened.database[Symbol.dispose]();
    this.#opened.state.base?.list[Symbol.dispose]();
    this.#host.onClosed(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The order is what a draft's durability rests on: first the objects, then the names. */
  async #persist(group: OperationWriter): Promise<void> {
    const newBytes = this.#newBytes;
    await this.#host.objects.flush();
    this.#opened.database.append(group.bytes, newBytes);
  }

  async #merge(writer: ListWriter): Promise<void> {
    let sliceEnd = performance.now() + MERGE_SLICE_MS;
    for (const _ of mergeIntoList(this.#opened.state, writer)) {
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      sliceEnd = performance.now() + MERGE_SLICE_MS;
    }
  }

  #record(facts: SnapshotFacts, list: ListSummary): SnapshotRecord {
    const finishedAt = new Date(this.#host.now());
    return {
      id: this.#host.snapshots.newId(),
      udid: this.udid,
      takenAt: facts.takenAt ?? finishedAt,
      startedAt: this.startedAt,
      finishedAt,
      kind: facts.kind,
      encrypted: facts.encrypted,
      list,
      newBytes: this.#newBytes,
      ...(this.base && { parent: this.base.id }),
      draft: this.#opened.meta.id,
      device: facts.device,
      checks: facts.checks ?? {},
      warnings: facts.warnings ?? 0,
    };
  }
}
