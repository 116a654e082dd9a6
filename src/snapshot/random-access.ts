import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { decryptorFrom, paddingBytes } from '../keybag/index.ts';
import { isNotFound, TargetError } from '../shared/target/backup-target.ts';
import { systemErrorCode } from '../shared/errors.ts';
import type { Backup } from './backup.ts';
import type { ManifestEntry } from './manifest/manifest.ts';
import type { StoredBytes } from './source.ts';

const BLOCK_BYTES = 16;
const CHUNK_BYTES = 256 * 1024;
const READING = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The content of one file, of which any part can be read without what is before it. */
export interface RandomAccess {
  /** As it is on the phone, to the byte. */
  readonly sizeBytes: number;
  /**
   * Bytes from `start` up to before `end`; a chunk is good until the next. What is stored is not checked against its
   * hash: that takes the whole file.
   *
   * @throws {TargetError} when the disk fails.
   */
  read(start: number, end: number): AsyncGenerator<Uint8Array, undefined>;
}

/**
 * Opens the content of a file for reading parts of it: what players of films ask for.
 *
 * @throws {TargetError} not-found when the backup lacks the content.
 * @throws {FormatError} when its key is damaged, or only the device has it.
 */
export async function randomAccess(backup: Backup, entry: ManifestEntry): Promise<RandomAccess> {
  const path = backup.manifest.contentPath(entry.fileId);
  const stored = backup.source.locate?.(path);
  if (stored === undefined) return readThrough(backup, entry);
  try {
    return await located(backup, entry, stored);
  } catch (error) {
    // The vault may have moved it between looking it up and opening it.
    const again = isNotFound(error) ? backup.source.locate?.(path) : undefined;
    if (again === undefined) throw error;
    return located(backup, entry, again);
  }
}

async function located(backup: Backup, entry: ManifestEntry, stored: StoredBytes): Promise<RandomAccess> {
  const key = backup.contentKey(entry.outline());
  await using file = await openStored(stored.path);
  const storedBytes = stored.sizeBytes ?? (await sizeOf(file, stored.path)) - stored.offset;
  if (key === undefined) {
    return { sizeBytes: storedBytes, read: (start, end) => readStored(stored, start, Math.min(end, storedBytes)) };
  }
  const wholeBytes = storedBytes - (storedBytes % BLOCK_BYTES);
  const tail = Buffer.alloc(Math.min(wholeBytes, 2 * BLOCK_BYTES));
  await file.read(tail, 0, tail.length, stored.offset + wholeBytes - tail.length);
  // What is cut off, or padded otherwise, keeps all its blocks, as reading it as a whole does.
  const padding = wholeBytes === storedBytes ? paddingBytes(key, tail) : 0;
  const sizeBytes = wholeBytes - padding;
  return { sizeBytes, read: (start, end) => readEncrypted(stored, key, start, Math.min(end, sizeBytes)) };
}

async function* readEncrypted(
  stored: StoredBytes,
  key: Uint8Array,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, undefined> {
  const first = start - (start % BLOCK_BYTES);
  const last = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
  // The block before the first is what that one is decrypted with.
  const from = Math.max(0, first - BLOCK_BYTES);
  let decrypt: ((chunk: Uint8Array) => Buffer) | undefined;
  let at = first;
  for await (const chunk of readStored(stored, from, last)) {
    const previous = first > 0 && decrypt === undefined ? chunk.subarray(0, BLOCK_BYTES) : undefined;
    decrypt ??= decryptorFrom(key, previous);
    const plain = decrypt(previous === undefined ? chunk : chunk.subarray(BLOCK_BYTES));
    const piece = plain.subarray(Math.max(0, start - at), Math.max(0, end - at));
    at += plain.length;
    if (piece.length > 0) yield piece;
  }
}

async function* readStored(
  { path, offset }: StoredBytes,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, undefined> {
  if (end <= start) return;
  await using file = await openStored(path);
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - start));
  for (let at = start; at < end;) {
    const { bytesRead } = await file
      .read(chunk, 0, Math.min(chunk.length, end - at), offset + at)
      .catch((cause: unknown) => {
        throw asTargetError(cause, path);
      });
    if (bytesRead === 0) throw new TargetError('io', `${path} is shorter than it was`);
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

async function openStored(path: string): Promise<FileHandle> {
  return open(path, READING).catch((cause: unknown) => {
    throw asTargetError(cause, path);
  });
}

async function sizeOf(file: FileHandle, path: string): Promise<number> {
  const stats = await file.stat();
  if (!stats.isFile()) throw new TargetError('is-a-directory', `${path} is not a file`);
  return stats.size;
}

function asTargetError(cause: unknown, path: string): unknown {
  const systemCode = systemErrorCode(cause);
  if (systemCode === undefined) return cause;
  const isMissing = systemCode === 'ENOENT' || systemCode === 'ENOTDIR';
  return new TargetError(isMissing ? 'not-found' : 'io', `${path} could not be opened or read`, { cause });
}

/** Where bytes are in no file of this computer, everything before a part is read, too. */
async function readThrough(backup: Backup, entry: ManifestEntry): Promise<RandomAccess> {
  let sizeBytes = 0;
  for await (const chunk of backup.chunks(entry)) sizeBytes += chunk.length;
  return {
    sizeBytes,
    async *read(start, end): AsyncGenerator<Uint8Array, undefined> {
      let at = 0;
      for await (const chunk of backup.chunks(entry)) {
        const piece = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at));
        at += chunk.length;
        if (piece.length > 0) yield piece;
        if (at >= end) return;
      }
    },
  };
}
