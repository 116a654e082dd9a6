import { createHash, hash } from 'node:crypto';
import { isAppError } from '../../../shared/errors.ts';
import type { Disk } from '../../durability.ts';
import { isPackedName } from '../layout.ts';
import type { DamageKind } from '../object-damage.ts';
import { unpack, type ReadAt } from '../packed/packed-format.ts';
import { OWN_FILE } from '../places/place-list.ts';
import { MAX_RUN_BYTES, runsOf } from '../runs.ts';
import { loadSegmentIndex } from '../segments/segment-index.ts';

/** One segment, or one large object, to be checked; plain data, to be handed to a thread. */
export interface VerifyTask {
  /** The segment, or the file of the large object. One that lies there both as it is and packed has two. */
  readonly path: string;
  readonly otherPath?: string | undefined;
  /** The number of the segment, `OWN_FILE` for a large object. */
  readonly segment: number;
  /** Whether the segment's own index is to be checked, too. */
  readonly checkIndex: boolean;
  /** 32 bytes an object, in the order of their offsets. */
  readonly hashes: Uint8Array<ArrayBuffer>;
  readonly offsets: Float64Array<ArrayBuffer>;
  readonly sizes: Float64Array<ArrayBuffer>;
}

export interface DamagedEntry {
  /** The number of the object within the task. */
  readonly entry: number;
  readonly kind: DamageKind;
  /** Where it is, of a large object. */
  readonly path?: string;
}

export interface VerifyOutcome {
  readonly damaged: readonly DamagedEntry[];
  readonly isIndexDamaged: boolean;
}

/**
 * Reads everything that a task names and compares it with its hashes. What cannot be read is reported as damage;
 * damage to one object hides no other.
 *
 * @param buffer for reading into, at least `MAX_RUN_BYTES` long.
 */
export function verifyTask(disk: Disk, task: VerifyTask, buffer: Buffer): VerifyOutcome {
  if (task.segment === OWN_FILE) return { damaged: [...verifyFiles(disk, task, buffer)], isIndexDamaged: false };
  const fd = tryReading(() => disk.openForReading(task.path));
  if (fd === undefined || fd === 'unreadable') {
    const kind = fd ?? 'missing';
    return { damaged: Array.from(task.sizes, (_, entry) => ({ entry, kind })), isIndexDamaged: task.checkIndex };
  }
  try {
    const damaged = verifyRecords(disk, fd, task, buffer);
    return { damaged, isIndexDamaged: task.checkIndex && isIndexDamagedAt(disk, task.path, task.segment) };
  } finally {
    disk.close(fd, task.path);
  }
}

function* verifyFiles(
  disk: Disk,
  { path, otherPath, hashes }: VerifyTask,
  buffer: Buffer,
): Generator<DamagedEntry, undefined> {
  for (const each of otherPath === undefined ? [path] : [path, otherPath]) {
    const kind = verifyOwnFile(disk, each, Buffer.from(hashes), buffer);
    if (kind !== undefined) yield { entry: 0, kind, path: each };
  }
}

/**
 * Reads the file of a large object, unpacking it where it is packed.
 *
 * @returns what is wrong with it.
 */
export function verifyOwnFile(
  disk: Disk,
  path: string,
  expected: Buffer,
  buffer: Buffer = newVerifyBuffer(),
): DamageKind | undefined {
  const fd = tryReading(() => disk.openForReading(path));
  if (fd === undefined || fd === 'unreadable') return fd ?? 'missing';
  const actual = createHash('sha256');
  const read: ReadAt = (into, position) => disk.read(fd, into, position, path);
  try {
    const parts = isPackedName(path) ? unpack(expected, read, disk.sizeOf(path) ?? 0) : partsOf(read, buffer);
    for (const part of parts) actual.update(part);
    return actual.digest().equals(expected) ? undefined : 'changed';
  } catch (error) {
    if (isAppError(error, 'SNAPSHOT_CORRUPT')) return 'changed';
    if (isAppError(error, 'STORAGE_FAILED')) return 'unreadable';
    throw error;
  } finally {
    disk.close(fd, path);
  }
}

function* partsOf(read: ReadAt, buffer: Buffer): Generator<Buffer, undefined> {
  for (let position = 0; ;) {
    const count = read(buffer, position);
    yield buffer.subarray(0, count);
    position += count;
    if (count < buffer.length) return;
  }
}

function verifyRecords(disk: Disk, fd: number, task: VerifyTask, buffer: Buffer): DamagedEntry[] {
  const places = {
    segmentAt: () => task.segment,
    offsetAt: (entry: number) => task.offsets[entry] ?? 0,
    sizeAt: (entry: number) => task.sizes[entry] ?? 0,
  };
  const order = Uint32Array.from(task.sizes.keys());
  const hashes = Buffer.from(task.hashes.buffer, task.hashes.byteOffset, task.hashes.length);
  const damaged: DamagedEntry[] = [];
  const read = (into: Buffer, offset: number): DamageKind | undefined => {
    const count = tryReading(() => disk.read(fd, into, offset, task.path));
    return count === 'unreadable' ? count : count < into.length ? 'missing' : undefined;
  };
  for (const run of runsOf(places, order)) {
    const bytes = run.length <= buffer.length ? buffer.subarray(0, run.length) : Buffer.allocUnsafe(run.length);
    const isRead = read(bytes, run.offset) === undefined;
    for (let entry = run.from; entry < run.to; entry++) {
      const start = places.offsetAt(entry) - run.offset;
      const object = bytes.subarray(start, start + places.sizeAt(entry));
      const problem = isRead ? undefined : read(object, places.offsetAt(entry));
      if (problem !== undefined) damaged.push({ entry, kind: problem });
      else if (!hasHash(object, hashes, entry)) damaged.push({ entry, kind: 'changed' });
    }
  }
  return damaged;
}

/** Compares as strings: a Buffer for every hash would leave hundreds of MB to the garbage collector. */
function hasHash(object: Buffer, hashes: Buffer, entry: number): boolean {
  return hash('sha256', object, 'binary') === hashes.toString('latin1', entry * 32, entry * 32 + 32);
}

/** A segment that is still being written has no index yet, which is no damage; one that is gone has lost its objects. */
export function isIndexDamagedAt(disk: Disk, path: string, segment: number): boolean {
  const loaded = tryReading(() => loadSegmentIndex(disk, path, segment));
  return loaded !== undefined && (loaded === 'unreadable' || loaded.state === 'damaged');
}

function tryReading<T>(read: () => T): T | 'unreadable' {
  try {
    return read();
  } catch (error) {
    if (isAppError(error, 'STORAGE_FAILED')) return 'unreadable';
    throw error;
  }
}

export function newVerifyBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(MAX_RUN_BYTES);
}
