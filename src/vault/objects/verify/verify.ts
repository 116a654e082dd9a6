import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Disk } from '../../durability.ts';
import { throttleTo, type Throttle } from '../../../shared/flow/throttle.ts';
import { WorkerPool } from '../../../shared/flow/worker-pool.ts';
import { pathsOnDisk } from '../large/own-file.ts';
import { isPackedName, objectPath, segmentPath, type ObjectLayout } from '../layout.ts';
import type { DamageKind } from '../object-damage.ts';
import { NOWHERE, OWN_FILE, type PlaceList } from '../places/place-list.ts';
import { isIndexDamagedAt, newVerifyBuffer, verifyTask, type VerifyOutcome, type VerifyTask } from './verify-task.ts';

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

export interface Amount {
  readonly objects: number;
  readonly bytes: number;
}

/** What of all objects was read now, what was known to be whole from earlier readings, and what was left out. */
export interface Coverage {
  readonly read: Amount;
  readonly earlier: Amount;
  readonly unread: Amount;
}

/**
 * Which files of the vault were read and found whole already, by 8 bytes that name a file together with all that is to be
 * in it: a segment that has grown since is another one.
 */
export interface ReadingLog {
  has(file: Uint8Array): boolean;
  add(file: Uint8Array): void;
}

/** How hard the disk is worked, and what need not be read. */
export interface ReadingOptions {
  /** Files in it are left out; those found whole are added. Only where everything is verified. */
  readonly log?: ReadingLog | undefined;
  readonly bytesPerSecond?: number | undefined;
  /** After so many bytes no further file is read. */
  readonly maxBytes?: number | undefined;
  /** Threads that read and hash. With 0, this one does. */
  readonly threads?: number | undefined;
}

export interface VerifyOptions extends ReadingOptions {
  /** Only these objects; otherwise everything that the catalogue knows, and the indexes of the segments. */
  readonly only?: Iterable<Uint8Array>;
  readonly signal?: AbortSignal;
  /** Told at the end. */
  readonly onCoverage?: (coverage: Coverage) => void;
}

/** Below this, starting threads takes longer than the work. */
const THREADS_PAY_FROM_BYTES = 256 * 1024 * 1024;
/** One more than there are processors, up to three: one waits for the disk while the others hash. */
const THREADS = Math.min(3, availableParallelism() + 1);
/** Of a file's name in a reading log. */
export const LOGGED_BYTES = 8;

interface PlannedTask {
  readonly task: VerifyTask;
  /** The entries of the places, in the order of the task's. */
  readonly entries: Uint32Array;
  readonly sizeBytes: number;
  /** What it is in a reading log; undefined where there is none. */
  readonly file: Uint8Array | undefined;
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
  options: VerifyOptions,
): AsyncGenerator<VerifyEvent, undefined> {
  const { signal, threads, log, bytesPerSecond, onCoverage } = options;
  const totalBytes = sum(places.length, (entry) => places.sizeAt(entry));
  const totals = { totalObjects: places.length, totalBytes };
  const order = places.entriesByPlace();
  const [read, earlier, unread] = [new Counter(), new Counter(), new Counter()];
  for (; read.objects < order.length && places.segmentAt(order[read.objects] ?? 0) === NOWHERE; read.objects++) {
    yield { kind: 'damaged', object: damage(layout, places, order[read.objects] ?? 0, 'missing') };
  }
  const planned = planTasks(disk, layout, places, order.subarray(read.objects), isAll, log !== undefined);
  const tasks = chosen(planned, options, earlier, unread);
  const throttle = throttleTo(bytesPerSecond, signal);
  const damagedIndexes: VerifyTask[] = [];
  const count = threads ?? (totalBytes < THREADS_PAY_FROM_BYTES ? 0 : THREADS);
  for await (const done of count > 0 ? inThreads(tasks, throttle, count) : inThisThread(disk, tasks, throttle)) {
    signal?.throwIfAborted();
    const { task, entries, sizeBytes, file } = done.planned;
    const { damaged, isIndexDamaged } = done.outcome;
    for (const { entry, kind, path } of damaged) {
      yield { kind: 'damaged', object: damage(layout, places, entries[entry] ?? 0, kind, path) };
    }
    if (isIndexDamaged) damagedIndexes.push(task);
    if (file !== undefined && damaged.length === 0 && !isIndexDamaged) log?.add(file);
    read.add(entries.length, sizeBytes);
    yield {
      kind: 'progress',
      objects: read.objects + earlier.objects,
      bytes: read.bytes + earlier.bytes,
      ...totals,
    };
  }
  // One that is being written, or pruned away, while this one reads it, looks damaged for a moment.
  for (const { path, segment } of damagedIndexes) {
    if (isIndexDamagedAt(disk, path, segment)) yield { kind: 'damaged-index', path };
  }
  onCoverage?.({ read: read.amount, earlier: earlier.amount, unread: unread.amount });
}

class Counter {
  objects = 0;
  bytes = 0;

  add(objects: number, bytes: number): void {
    this.objects += objects;
    this.bytes += bytes;
  }

  get amount(): Amount {
    return { objects: this.objects, bytes: this.bytes };
  }
}

/** Passes on what is to be read, and counts what is not. */
function* chosen(
  tasks: Iterable<PlannedTask>,
  { log, maxBytes = Infinity }: ReadingOptions,
  earlier: Counter,
  unread: Counter,
): Generator<PlannedTask, undefined> {
  let leftBytes = maxBytes;
  for (const planned of tasks) {
    const { entries, sizeBytes, file } = planned;
    if (file !== undefined && log?.has(file) === true) earlier.add(entries.length, sizeBytes);
    else if (leftBytes <= 0) unread.add(entries.length, sizeBytes);
    else {
      leftBytes -= sizeBytes;
      yield planned;
    }
  }
}

interface Done {
  readonly planned: PlannedTask;
  readonly outcome: VerifyOutcome;
}

async function* inThisThread(
  disk: Disk,
  tasks: Iterable<PlannedTask>,
  throttle: Throttle,
): AsyncGenerator<Done, undefined> {
  const buffer = newVerifyBuffer();
  for (const planned of tasks) {
    await throttle.pass(planned.sizeBytes);
    yield { planned, outcome: verifyTask(disk, planned.task, buffer) };
  }
}

/** Keeps every thread busy, and hands out the outcomes in the order of the tasks. */
async function* inThreads(
  tasks: Iterable<PlannedTask>,
  throttle: Throttle,
  count: number,
): AsyncGenerator<Done, undefined> {
  await using pool = new WorkerPool<VerifyTask, VerifyOutcome>('./verify-worker', import.meta.url, count);
  const running: Promise<Done>[] = [];
  for (const planned of tasks) {
    const next = running.length < count * 2 ? undefined : running.shift();
    if (next !== undefined) yield await next;
    await throttle.pass(planned.sizeBytes);
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
  disk: Disk,
  layout: ObjectLayout,
  places: PlaceList,
  order: Uint32Array,
  checkIndex: boolean,
  isLogged: boolean,
): Generator<PlannedTask, undefined> {
  let from = 0;
  while (from < order.length) {
    const first = order[from] ?? 0;
    const segment = places.segmentAt(first);
    const to = segment === OWN_FILE ? from + 1 : endOfSegment(places, order, from);
    const entries = order.slice(from, to);
    const hashes = new Uint8Array(entries.length * 32);
    for (const [at, entry] of entries.entries()) hashes.set(places.hashAt(entry), at * 32);
    const hash = places.hashAt(first);
    const own = segment === OWN_FILE ? pathsOnDisk(disk, layout, hash) : [segmentPath(layout, segment)];
    const [path = objectPath(layout, hash), otherPath] = own;
    const task = {
      path,
      otherPath,
      segment,
      checkIndex: checkIndex && segment !== OWN_FILE,
      hashes,
      offsets: Float64Array.from(entries, (entry) => places.offsetAt(entry)),
      sizes: Float64Array.from(entries, (entry) => places.sizeAt(entry)),
    };
    const sizeBytes = sum(entries.length, (at) => places.sizeAt(entries[at] ?? 0));
    yield { task, entries, sizeBytes, file: isLogged ? logged(task) : undefined };
    from = to;
  }
}

/** What a file is in a reading log: the beginning of its own hash, or of one over all that a segment holds. */
function logged({ segment, path, otherPath, hashes, offsets }: VerifyTask): Uint8Array {
  if (segment === OWN_FILE && otherPath === undefined && !isPackedName(path)) return hashes.slice(0, LOGGED_BYTES);
  const kind = segment === OWN_FILE ? `packed ${otherPath === undefined ? 1 : 2}` : segment;
  const content = createHash('sha256').update(`${kind} `).update(hashes).update(new Uint8Array(offsets.buffer));
  return content.digest().subarray(0, LOGGED_BYTES);
}

/** The position in `order` behind the objects of the segment that the one at `from` lies in. */
function endOfSegment(places: PlaceList, order: Uint32Array, from: number): number {
  const segment = places.segmentAt(order[from] ?? 0);
  let to = from + 1;
  for (; to < order.length; to++) if (places.segmentAt(order[to] ?? 0) !== segment) break;
  return to;
}

function damage(
  layout: ObjectLayout,
  places: PlaceList,
  entry: number,
  kind: DamageKind,
  found?: string,
): DamagedObject {
  const hash = Buffer.from(places.hashAt(entry));
  const { segment, offset, sizeBytes } = places.placeAt(entry);
  if (segment === OWN_FILE) return { hash, sizeBytes, kind, path: found ?? objectPath(layout, hash), offset: 0 };
  const path = segment === NOWHERE ? undefined : segmentPath(layout, segment);
  return { hash, sizeBytes, kind, path, offset };
}

function sum(count: number, valueAt: (at: number) => number): number {
  let total = 0;
  for (let at = 0; at < count; at++) total += valueAt(at);
  return total;
}
