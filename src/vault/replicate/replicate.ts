import { setImmediate } from 'node:timers/promises';
import { AppError, isAppError } from '../../shared/errors.ts';
import { polled } from '../../shared/flow/polled.ts';
import { throttleTo, type Throttle } from '../../shared/flow/throttle.ts';
import type { Labels } from '../labels/labels.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { PlaceList } from '../objects/places/place-list.ts';
import { PlaceTable } from '../objects/places/place-table.ts';
import type { SnapshotRecord } from '../snapshots/record.ts';
import { packAfterCopy } from '../packing/pack-after.ts';
import type { PackingHost } from '../packing/pack-lists.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import { copyObjects, type LostObject } from './copy-objects.ts';

/** Objects asked for together: enough to read the disk in order, few enough for a small memory. */
const BATCH_OBJECTS = 16_384;

export type ReplicateEvent =
  | {
      readonly kind: 'progress';
      readonly snapshot: SnapshotRecord;
      /** How many snapshots are done, of those to be copied. */
      readonly snapshots: number;
      readonly totalSnapshots: number;
      /** Of this snapshot: what has arrived, of what was missing there. */
      readonly bytes: number;
      readonly totalBytes: number;
    }
  /** A snapshot is there, durably and whole. */
  | {
      readonly kind: 'copied';
      readonly snapshot: SnapshotRecord;
      readonly newBytes: number;
      readonly newObjects: number;
    }
  /** A snapshot is not there, because the vault it comes from does not have all of it. */
  | { readonly kind: 'damaged'; readonly snapshot: SnapshotRecord; readonly objects: number; readonly error: AppError }
  | {
      readonly kind: 'done';
      readonly copied: number;
      readonly damaged: number;
      /** Snapshots that were there before. */
      readonly alreadyThere: number;
      readonly newBytes: number;
    };

export interface ReplicateOptions {
  /** Only these; otherwise every snapshot that is not there. */
  readonly snapshots?: readonly SnapshotRecord[];
  readonly bytesPerSecond?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What replication needs of a vault. */
export interface ReplicateHost extends PackingHost {
  readonly objects: ObjectStore;
  readonly labels: Labels;
}

/**
 * Copies snapshots from one vault to another, the newest first. Only objects that are not there are read, and each is
 * checked against its hash. Snapshots are committed as backups are: objects durable, list, record. So it may be ended
 * at any instant, and goes on where it was.
 *
 * @param to open for writing.
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED; the reason of `signal` when it aborts.
 */
export async function* replicate(
  from: ReplicateHost,
  to: ReplicateHost,
  { snapshots, bytesPerSecond, signal }: ReplicateOptions = {},
): AsyncGenerator<ReplicateEvent, undefined> {
  const all = snapshots ?? from.snapshots.list();
  const there = new Set(to.snapshots.list().map(({ id }) => id));
  const wanted = all.filter(({ id }) => !there.has(id));
  const job = new Replication(from, to, throttleTo(bytesPerSecond, signal), signal);
  const sum = { copied: 0, damaged: 0, newBytes: 0 };
  for (const snapshot of wanted) {
    const counts = { snapshots: sum.copied + sum.damaged, totalSnapshots: wanted.length };
    for await (const event of job.copy(snapshot)) {
      if (event.kind === 'progress') yield { ...event, ...counts };
      // What was forgotten and pruned away meanwhile is gone, and no damage.
      else if (event.kind === 'copied' || from.snapshots.isThere(snapshot)) {
        sum[event.kind]++;
        if (event.kind === 'copied') sum.newBytes += event.newBytes;
        yield event;
      }
    }
  }
  for (const snapshot of all) await copyLabels(from.labels, to.labels, snapshot, to.snapshots);
  if (sum.copied > 0) await packAfterCopy(to, signal);
  yield { kind: 'done', ...sum, alreadyThere: all.length - wanted.length };
}

type SnapshotEvent =
  | {
      readonly kind: 'progress';
      readonly snapshot: SnapshotRecord;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | Extract<ReplicateEvent, { kind: 'copied' | 'damaged' }>;

class Replication {
  readonly #from: ReplicateHost;
  readonly #to: ReplicateHost;
  readonly #throttle: Throttle;
  readonly #signal: AbortSignal | undefined;
  /** What is there for certain: neighbouring snapshots share nearly all of their objects. */
  readonly #there = new PlaceTable();
  readonly #lost = new Map<string, LostObject>();

  constructor(from: ReplicateHost, to: ReplicateHost, throttle: Throttle, signal: AbortSignal | undefined) {
    this.#from = from;
    this.#to = to;
    this.#throttle = throttle;
    this.#signal = signal;
  }

  async *copy(snapshot: SnapshotRecord): AsyncGenerator<SnapshotEvent, undefined> {
    try {
      const { missing, totalBytes, lost } = await this.#compare(snapshot);
      const bytesBefore = { bytes: 0 };
      for (const batch of missing) {
        for await (const bytes of this.#copyBatch(batch)) {
          yield { kind: 'progress', snapshot, bytes: bytesBefore.bytes + bytes, totalBytes };
        }
        bytesBefore.bytes += sizeOf(batch);
      }
      const damaged = lost + missing.reduce((count, batch) => count + this.#lostIn(batch), 0);
      if (damaged > 0) {
        yield { kind: 'damaged', snapshot, objects: damaged, error: notWhole(snapshot, damaged) };
        return;
      }
      await this.#commit(snapshot);
      const newObjects = missing.reduce((count, batch) => count + batch.length, 0);
      yield { kind: 'copied', snapshot, newBytes: totalBytes, newObjects };
    } catch (error) {
      if (!isAppError(error, 'SNAPSHOT_CORRUPT')) throw error;
      yield { kind: 'damaged', snapshot, objects: 0, error };
    }
  }

  /** What of a snapshot is not there, and how many of its objects are known to be lost. */
  async #compare(snapshot: SnapshotRecord): Promise<{ missing: PlaceList[]; totalBytes: number; lost: number }> {
    using list = this.#from.lists.open(snapshot.list.sha256);
    const missing: PlaceList[] = [];
    let totalBytes = 0;
    let lost = 0;
    let lines = 0;
    for (const { entry } of list.entries()) {
      if (++lines % BATCH_OBJECTS === 0) {
        await setImmediate();
        this.#signal?.throwIfAborted();
      }
      if (entry.kind !== 'file') continue;
      if (this.#lost.has(entry.sha256)) lost++;
      const hash = Buffer.from(entry.sha256, 'hex');
      if (this.#there.has(hash)) continue;
      this.#there.set(hash, 0, 0, entry.sizeBytes);
      if (this.#to.objects.has(hash)) continue;
      if ((missing.at(-1)?.length ?? BATCH_OBJECTS) >= BATCH_OBJECTS) missing.push(new PlaceList());
      missing.at(-1)?.push(hash, 0, 0, entry.sizeBytes);
      totalBytes += entry.sizeBytes;
    }
    return { missing, totalBytes, lost };
  }

  /** Copies objects and tells now and then how many bytes have arrived. */
  async *#copyBatch(batch: PlaceList): AsyncGenerator<number, undefined> {
    let bytes = 0;
    const abandoned = new AbortController();
    const signal = AbortSignal.any([abandoned.signal, ...(this.#signal ? [this.#signal] : [])]);
    const onCopied = (sizeBytes: number): void => void (bytes += sizeBytes);
    const options = { throttle: this.#throttle, signal, onCopied };
    const copying = copyObjects(this.#from.objects, this.#to.objects, batch, options);
    try {
      const losses = yield* polled(copying, () => bytes);
      for (const lost of losses) this.#lost.set(lost.hash.toString('hex'), lost);
      await this.#to.objects.flush();
    } finally {
      // Whoever iterates may have left early: nothing goes on behind his back.
      abandoned.abort();
      await copying.catch(() => undefined);
    }
  }

  #lostIn(batch: PlaceList): number {
    if (this.#lost.size === 0) return 0;
    let count = 0;
    for (let at = 0; at < batch.length; at++) if (this.#lost.has(batch.hashAt(at).toString('hex'))) count++;
    return count;
  }

  async #commit(snapshot: SnapshotRecord): Promise<void> {
    await this.#to.objects.flush();
    await this.#to.lists.copyFrom(this.#from.lists, snapshot.list.sha256);
    await this.#to.snapshots.adopt(this.#from.snapshots.bytesOf(snapshot));
  }
}

/** Pins, names and holds go along; what was said about proofs of the other place stays there. */
async function copyLabels(from: Labels, to: Labels, snapshot: SnapshotRecord, there: SnapshotStore): Promise<void> {
  if (!there.isThere(snapshot)) return;
  const { pinned, name, note, holdUntil } = from.get(snapshot);
  const known = to.get(snapshot);
  const isSame =
    pinned === known.pinned &&
    name === known.name &&
    note === known.note &&
    holdUntil?.getTime() === known.holdUntil?.getTime();
  if (!isSame) await to.set(snapshot, { pinned, name, note, holdUntil });
}

function sizeOf(batch: PlaceList): number {
  let bytes = 0;
  for (let at = 0; at < batch.length; at++) bytes += batch.sizeAt(at);
  return bytes;
}

function notWhole({ id }: SnapshotRecord, objects: number): AppError {
  return new AppError('SNAPSHOT_CORRUPT', `the snapshot ${id} is damaged in the vault and was not copied`, {
    hint: 'Run `holdfast copies repair`: what another copy has is fetched back. Then copy again.',
    details: { snapshot: id, objects },
  });
}
