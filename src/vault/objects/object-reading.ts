import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { storageError } from '../durability.ts';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { hashBytes } from './object-ref.ts';

const CHUNK_BYTES = 1024 * 1024;

/** @throws {AppError} SNAPSHOT_CORRUPT unless the bytes are there and have this hash. */
export function checkedBytes(hash: Buffer, bytes: Buffer | undefined): Buffer {
  if (bytes === undefined) throw missingObject(hash);
  if (!hashBytes(bytes).equals(hash)) throw damagedObject(hash);
  return bytes;
}

/** Reads a large object; the buffer is the same for every chunk. Checks the hash at the end. */
export async function* readOwnFile(path: string, hash: Buffer): AsyncGenerator<Uint8Array, undefined> {
  await using file = await open(path).catch((error: unknown) => {
    throw systemErrorCode(error) === 'ENOENT' ? missingObject(hash) : storageError(error, 'open', path);
  });
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const actual = createHash('sha256');
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null).catch((error: unknown) => {
      throw storageError(error, 'read', path);
    });
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    actual.update(chunk);
    yield chunk;
  }
  if (!actual.digest().equals(hash)) throw damagedObject(hash);
}

export function missingObject(hash: Buffer): AppError {
  return new AppError('SNAPSHOT_CORRUPT', `the object ${hash.toString('hex')} is missing from the vault`, {
    hint: 'Run `holdfast verify` to see what is affected; the next backup of the device brings back what it still has.',
    details: { hash: hash.toString('hex'), damage: 'missing' },
  });
}

export function damagedObject(hash: Buffer): AppError {
  return new AppError('SNAPSHOT_CORRUPT', `the bytes of the object ${hash.toString('hex')} have changed on the disk`, {
    hint: 'Run `holdfast verify` to see what is affected; the next backup of the device brings back what it still has.',
    details: { hash: hash.toString('hex'), damage: 'changed' },
  });
}
