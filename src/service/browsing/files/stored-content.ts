import { isNotFound } from '../../../shared/target/backup-target.ts';
import { AppError } from '../../../shared/errors.ts';
import { randomAccess, type ManifestEntry } from '../../../snapshot/index.ts';
import type { Unlocked } from '../unlocked.ts';
import { isInline, mediaTypeOf, TELLING_BYTES } from './media-type.ts';

/** Bytes to be sent to a browser. */
export interface Content {
  /** To be kept under. Hostile. */
  readonly name: string;
  readonly type: string;
  /** Whether a page may show it; else it is only to be kept. */
  readonly isInline: boolean;
  readonly sizeBytes: number;
  /** From `start` up to before `end`; a chunk is good until the next. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

/** Something that was made, whole in memory. */
export function contentOfBytes(bytes: Uint8Array, facts: Pick<Content, 'name' | 'type' | 'isInline'>): Content {
  return {
    ...facts,
    sizeBytes: bytes.length,
    async *read(start, end) {
      yield bytes.subarray(start, end);
    },
  };
}

/** @throws {AppError} CONTENT_NOT_FOUND when the backup has no such file, or lost its content. */
export async function openContent(
  { backup }: Unlocked,
  entry: ManifestEntry | undefined,
  name: string,
): Promise<Content> {
  if (entry?.kind !== 'file') throw notThere();
  const access = await orNotThere(() => randomAccess(backup, entry));
  const type = mediaTypeOf(await startOf(access.read(0, Math.min(TELLING_BYTES, access.sizeBytes))));
  return {
    name,
    type: type.type,
    isInline: isInline(type),
    sizeBytes: access.sizeBytes,
    // Read as a whole, what the vault has stored is checked against its hash on the way.
    read: (start, end) => (start === 0 && end === access.sizeBytes ? backup.chunks(entry) : access.read(start, end)),
  };
}

/** A file that fits into memory. @throws {AppError} CONTENT_NOT_FOUND */
export async function wholeFile(
  { backup }: Unlocked,
  entry: ManifestEntry | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (entry?.kind !== 'file') throw notThere();
  return orNotThere(() => backup.bytes(entry, maxBytes));
}

export function notThere(what = 'the backup does not hold this file'): AppError {
  return new AppError('CONTENT_NOT_FOUND', what, { hint: 'Another version may have it.' });
}

async function orNotThere<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) throw notThere('the content of this file is not in the backup');
    throw error;
  }
}

async function startOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  for await (const chunk of chunks) return Buffer.from(chunk);
  return Buffer.alloc(0);
}
