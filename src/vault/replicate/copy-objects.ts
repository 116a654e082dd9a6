import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { systemErrorCode, isAppError } from '../../shared/errors.ts';
import type { Throttle } from '../../shared/flow/throttle.ts';
import { Underway } from '../../shared/flow/underway.ts';
import { storageError } from '../durability.ts';
import { damagedObject, missingObject, type DamageKind } from '../objects/object-damage.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { putWhole } from '../objects/put-whole.ts';
import type { PlaceList } from '../objects/places/place-list.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Large objects on their way at the same time: while one is read another is being written. */
const LARGE_AT_ONCE = 2;
/** After so many bytes of small objects whatever else there is to do gets its turn. */
const TURN_BYTES = 4 * 1024 * 1024;

/** An object that could not be copied, because where it comes from does not have it whole. */
export interface LostObject {
  readonly hash: Buffer;
  readonly damage: DamageKind;
}

export interface CopyObjectsOptions {
  readonly throttle: Throttle;
  readonly signal?: AbortSignal | undefined;
  /** Told of every object that has arrived. */
  readonly onCopied: (sizeBytes: number) => void;
}

/**
 * Copies objects from one store to another, in the order in which they lie on the disk. Each is checked against its
 * hash before it counts as arrived, so that what rots in one place never spreads to another. What arrived is durable
 * after the next `flush` of the store it went to.
 *
 * @returns the objects that are damaged or missing; the others have arrived.
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED; the reason of the signal when it aborts.
 */
export async function copyObjects(
  from: ObjectStore,
  to: ObjectStore,
  wanted: PlaceList,
  { throttle, signal, onCopied }: CopyObjectsOptions,
): Promise<LostObject[]> {
  const lost: LostObject[] = [];
  await using running = new RunningCopies(from, to, { throttle, signal, onCopied }, lost);
  let turnBytes = 0;
  for (const item of from.readMany(hashesOf(wanted))) {
    signal?.throwIfAborted();
    const hash = Buffer.from(wanted.hashAt(item.index));
    if (item.kind === 'file') {
      await running.add(hash, item.path);
      continue;
    }
    if (item.kind !== 'bytes') {
      lost.push({ hash, damage: item.kind });
      continue;
    }
    const stored = putWhole(to, hash, item.bytes);
    if (stored instanceof Promise) await stored;
    onCopied(item.bytes.length);
    turnBytes += item.bytes.length;
    if (turnBytes < TURN_BYTES) continue;
    await throttle.pass(turnBytes);
    turnBytes = 0;
    await setImmediate();
  }
  await throttle.pass(turnBytes);
  await running.drain();
  return lost;
}

/** Large objects being copied, a few at a time. */
class RunningCopies implements AsyncDisposable {
  readonly #from: ObjectStore;
  readonly #to: ObjectStore;
  readonly #options: CopyObjectsOptions;
  readonly #lost: LostObject[];
  readonly #underway = new Underway();

  constructor(from: ObjectStore, to: ObjectStore, options: CopyObjectsOptions, lost: LostObject[]) {
    this.#from = from;
    this.#to = to;
    this.#options = options;
    this.#lost = lost;
  }

  /** Begins with one more as soon as there is room. @throws what copying an earlier one threw */
  async add(hash: Buffer, path: string): Promise<void> {
    while (this.#underway.count >= LARGE_AT_ONCE) await this.#underway.someDone();
    this.#underway.throwFailure();
    this.#underway.follow(this.#copy(hash, path));
  }

  async drain(): Promise<void> {
    await this.#underway.settled();
    this.#underway.throwFailure();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#underway.settled();
  }

  async #copy(hash: Buffer, path: string): Promise<void> {
    const writer = this.#to.createLarge();
    try {
      await this.#readInto(hash, path, (chunk) => writer.write(chunk));
      const { sizeBytes } = await writer.finish(hash);
      this.#options.onCopied(sizeBytes);
    } catch (error) {
      const damage = damageIn(error);
      if (damage === undefined) throw error;
      this.#lost.push({ hash, damage });
    } finally {
      await writer.discard();
    }
  }

  async #readInto(hash: Buffer, path: string, write: (chunk: Uint8Array) => void | Promise<void>): Promise<void> {
    const { throttle, signal } = this.#options;
    const location = this.#from.locate(hash);
    if (location?.isPacked === true) {
      for await (const chunk of this.#unpacked(hash)) {
        signal?.throwIfAborted();
        await throttle.pass(chunk.length);
        await write(chunk);
      }
      return;
    }
    await using file = await open(location?.path ?? path).catch((error: unknown) => {
      if (systemErrorCode(error) === 'ENOENT') throw missingObject(this.#from.layout, hash);
      throw storageError(error, 'open', path);
    });
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
        throw systemErrorCode(error) === 'EIO' ? damagedObject(hash, 'unreadable') : storageError(error, 'read', path);
      });
      if (bytesRead === 0) return;
      await throttle.pass(bytesRead);
      await write(buffer.subarray(0, bytesRead));
    }
  }

  async *#unpacked(hash: Buffer): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield* this.#from.read(hash);
    } catch (error) {
      const isDisk = isAppError(error, 'STORAGE_FAILED') && systemErrorCode(error.cause) === 'EIO';
      throw isDisk ? damagedObject(hash, 'unreadable') : error;
    }
  }
}

/** The damage that an error of the object store tells of; undefined for any other error. */
export function damageIn(error: unknown): DamageKind | undefined {
  if (!isAppError(error, 'SNAPSHOT_CORRUPT')) return undefined;
  const { damage } = error.details;
  return damage === 'missing' || damage === 'changed' || damage === 'unreadable' ? damage : undefined;
}

function* hashesOf(places: PlaceList): Generator<Buffer> {
  for (let entry = 0; entry < places.length; entry++) yield places.hashAt(entry);
}
