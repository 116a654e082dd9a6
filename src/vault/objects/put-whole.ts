import type { LargeObjectWriter } from './large/large-object-writer.ts';
import type { StoredObject } from './object-ref.ts';
import type { ObjectStore } from './object-store.ts';
import { isPackable } from './packed/packable.ts';

/**
 * Stores a small object whose bytes are all in memory, unless the vault has it: in a segment, or, where it is a database
 * that may be packed, in the way of large ones, which takes a promise. The bytes are copied before it returns.
 *
 * @param hash of the bytes, made where they were read.
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED
 */
export function putWhole(objects: ObjectStore, hash: Buffer, bytes: Uint8Array): StoredObject | Promise<StoredObject> {
  if (!isPackable(bytes)) return objects.putSmall(bytes, hash);
  const writer = objects.createLarge();
  void writer.write(bytes);
  const stored = writer.finish();
  return stored instanceof Promise ? discarded(writer, stored) : stored;
}

/** What failed leaves no file behind. */
async function discarded(writer: LargeObjectWriter, stored: Promise<StoredObject>): Promise<StoredObject> {
  try {
    return await stored;
  } finally {
    await writer.discard();
  }
}
