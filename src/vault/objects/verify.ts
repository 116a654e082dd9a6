import { availableParallelism } from 'node:os';
import type { Disk } from '../durability.ts';
import { WorkerPool } from '../../shared/worker-pool.ts';
import { objectPath, segmentPath, type ObjectLayout } from './layout.ts';
import type { DamageKind } from './object-damage.ts';
import { NOWHERE, OWN_FILE, type PlaceList } from './place-list.ts';
import { newVerifyBuffer, verifyTask, type VerifyOutcome, type VerifyTask } from './verify-task.ts';

export interface DamagedObject {
  /** 32 bytes. */
  readonly hash: Buffer;
  readonly sizeBytes: number;
  readonly kind: DamageKind;
  /** Where it should be, undefined when nothing is known of it. */
  readonly path: string | undefined;
  readonly offset: number;
}

export type VerifyEvent =
  | {
      readonly kind: 'progress';
      readonly objects: number;
      readonly totalObjects: number;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | { readonly kind: 'damaged'; readonly object: DamagedObject }
  /** The index of a segment is damaged; what it lists can be whole. `prune` writes such a segment anew. */
  | { readonly kind: 'damaged-index'; readonly path: string };

export interface VerifyOptions {
  /** Only these objects; otherwise everything that the catalogue knows, and the indexes of the segments. */
  readonly only?: Iterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Threads that read and hash. With 0, this one does. */
  readonly threads?: number;
}

/** Below this, starting threads takes longer than the work. */
const THREADS_PAY_FROM_BYTES = 256 * 1024 * 1024;
const THREADS = Math.min(2, availableParallelism());

interface PlannedTask {
  readonly task: VerifyTask;
  /** The entries of the places, in the order of the task's. */
  readonly entries: Uint32Array;
}

/**
 * Re-hashes the objects at these places, segment by segment and file by file in the order of the disk.
 *
 * @param isAll whether the places are everything there is, so that the segments' own indexes are checked with them.
 */
export async function* verifyPlaces(
  disk: Disk,
  layout: ObjectLayout,
  places: PlaceList,
  isAll: boolean,
  { signal, threads }: VerifyOptions,
): AsyncGenerator<VerifyEvent, undefined> {
  const totalBytes = sum(places.length, (entry) => places.sizeAt(entry));
  const totals = { totalObjects: places.length, totalBytes };
  const order = places.entriesByPlace();
  let objects = 0;
  let bytes = 0;
  for (; objects < order.length && places.segmentAt(order[objects] ?? 0) === NOWHERE; objects++) {
    yield { kind: 'damaged', object: damage(layout, places, order[objects] ?? 0, 'missing') };
  }
  const tasks = planTasks(layout, places, order.subarray(objects), isAll);
  const wanted = threads ?? (totalBytes < THREADS_PAY_FROM_BYTES ? 0 : THREADS);
  for await (const { planned, outcome } of wanted > 0 ? inThreads(tasks, wanted) : inThisThread(disk, tasks)) {
    signal?.throwIfAborted();
    const { task, entries } = planned;
    for (const { entry, kind } of outcome.damaged) {
      yield { kind: 'damaged', object: damage(layout, places, entries[entry] ?? 0, kind) };
    }
    if (outcome.isIndexDamaged) yield { kind: 'damaged-index', path: task.path };
    objects += entries.length;
    bytes += sum(entries.length, (at) => places.sizeAt(entries[at] ?? 0));
    yield { kind: 'progress', objects, bytes, ...totals };
  }
}

interface Done {
  readonly planned: PlannedTask;
  readonly outcome: VerifyOutcome;
}

async function* inThisThread(disk: Disk, tasks: Iterable<PlannedTask>): AsyncGenerator<Done, undefined> {
  const buffer = newVerifyBuffer();
  for (const planned of tasks) yield { planned, outcome: verifyTask(disk, planned.task, buffer) };
}

/** Keeps every thread busy, and hands out the outcomes in the order of the tasks. */
async function* inThreads(tasks: Iterable<PlannedTask>, count: number): AsyncGenerator<Done, undefined> {
  await using pool = new WorkerPool<VerifyTask, VerifyOutcome>('./verify-worker', import.meta.url, count);
  const running: Promise<Done>[] = [];
  for (const planned of tasks) {
    const next = running.length < count * 2 ? undefined : running.shift();
    if (next !== undefined) yield await next;
    const { hashes, offsets, sizes } = planned.task;
    const transfer = [hashes.buffer, offsets.buffer, sizes.buffer];
    const done = pool.run(planned.task, transfer).then((outcome) => ({ planned, outcome }));
    // Whichever is awaited first tells of a failure; the others are not unhandled.
    done.catch(() => undefined);
    running.push(done);
  }
  for (const done of running) yield await done;
}

function* planTasks(
  layout: ObjectLayout,
  places: PlaceList,
  order: Uint32Array,
  checkIndex: boolean,
): Generator<PlannedTask, undefined> {
  let from = 0;
  while (from < order.length) {
    const first = order[from] ?? 0;
    const segment = places.segmentAt(first);
    const to = segment === OWN_FILE ? from + 1 : endOfSegment(places, order, from);
    const entries = order.slice(from, to);
    const hashes = new Uint8Array(entries.length * 32);
    for (const [at, entry] of entries.entries()) hashes.set(places.hashAt(entry), at * 32);
    const path = segment === OWN_FILE ? objectPath(layout, places.hashAt(first)) : segmentPath(layout, segment);
    const task = {
      path,
      segment,
      checkIndex: checkIndex && segment !== OWN_FILE,
      hashes,
      offsets: Float64Array.from(entries, (entry) => places.offsetAt(entry)),
      sizes: Float64Array.from(entries, (entry) => places.sizeAt(entry)),
    };
    yield { task, entries };
    from = to;
  }
}

/** The position in `order` behind the objects of the segment that the one at `from` lies in. */
function endOfSegment(places: PlaceList, order: Uint32Array, from: number): number {
  const segment = places.segmentAt(order[from] ?? 0);
  let to = from + 1;
  for (; to < order.length; to++) if (places.segmentAt(order[to] ?? 0) !== segment) break;
  return to;
}

function damage(layout: ObjectLayout, places: PlaceList, entry: number, kind: DamageKind): DamagedObject {
  const hash = Buffer.from(places.hashAt(entry));
  const { segment, offset, sizeBytes } = places.placeAt(entry);
  const path =
    segment === NOWHERE ? undefined : segment === OWN_FILE ? objectPath(layout, hash) : segmentPath(layout, segment);
  return { hash, sizeBytes, kind, path, offset };
}

function sum(count: number, valueAt: (at: number) => number): number {
  let total = 0;
  for (let at = 0; at < count; at++) total += valueAt(at);
  return total;
}
