import { createHash } from 'node:crypto';
import { damageIn } from '../replicate/copy-objects.ts';
import { isAppError } from '../../shared/errors.ts';
import type { DamageKind } from '../objects/object-damage.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { FetchedObject, ObjectDonor, WantedObject } from './donor.ts';

/** Objects repaired between two flushes: what is told as repaired is durable. */
const GROUP_OBJECTS = 1000;

export interface DamagedWantedObject extends WantedObject {
  readonly damage: DamageKind;
}

/**
 * Puts the objects in place that a donor has, a group at a time. Bytes that do not have the hash are not taken. When
 * a group is handed out it is durable, and has been read back.
 *
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED; the reason of the signal when it aborts.
 */
export async function* putBack(
  objects: ObjectStore,
  donor: ObjectDonor,
  wanted: readonly DamagedWantedObject[],
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly string[], undefined> {
  const damage = new Map(wanted.map((each) => [each.sha256, each.damage]));
  let group: string[] = [];
  try {
    for await (const fetched of donor.objects(wanted, signal)) {
      signal?.throwIfAborted();
      const kind = damage.get(fetched.sha256);
      if (kind === undefined || !(await putOne(objects, fetched, kind))) continue;
      damage.delete(fetched.sha256);
      group.push(fetched.sha256);
      if (group.length < GROUP_OBJECTS) continue;
      yield await settle(objects, group);
      group = [];
    }
  } catch (error) {
    // A donor that went away has given what it has given; another may have the rest.
    if (!isDonorsFailure(error)) throw error;
  }
  if (group.length > 0) yield await settle(objects, group);
}

/** Whether an error is about the place that was asked, and not about the vault. */
export function isDonorsFailure(error: unknown): boolean {
  return isAppError(error, 'COPY_FAILED', 'COPY_UNREACHABLE');
}

/** @returns whether the bytes were the right ones, and are in the store. */
async function putOne(objects: ObjectStore, { sha256, chunks }: FetchedObject, kind: DamageKind): Promise<boolean> {
  const hash = Buffer.from(sha256, 'hex');
  const writer = objects.createLarge();
  try {
    const actual = createHash('sha256');
    for await (const chunk of chunks) {
      actual.update(chunk);
      await writer.write(chunk);
    }
    if (!actual.digest().equals(hash)) return false;
    // Only now, with the bytes in hand, is the damaged object taken out of use.
    objects.quarantine({ hash, kind });
    await writer.finish(hash);
    return true;
  } catch (error) {
    // The donor's own is damaged, or cannot be read from its disk. Where ours cannot be written, the flush tells.
    if (damageIn(error) !== undefined || isDonorsFailure(error)) return false;
    throw error;
  } finally {
    await writer.discard();
  }
}

/** Makes a group durable and reads it back. @returns those that are whole */
async function settle(objects: ObjectStore, group: readonly string[]): Promise<readonly string[]> {
  await objects.flush({ publish: true });
  const whole = new Set(group);
  const only = group.map((sha256) => Buffer.from(sha256, 'hex'));
  for await (const event of objects.verify({ only })) {
    if (event.kind === 'damaged') whole.delete(event.object.hash.toString('hex'));
  }
  return [...whole];
}
