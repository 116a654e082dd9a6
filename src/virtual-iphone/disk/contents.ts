/**
 * Where the bytes of files are: small ones in the disk's database, large ones in files of their own, synthetic ones
 * nowhere. Each stored content has a number of its own and never changes; a changed file gets another number.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database, Statement } from '../../database/index.ts';
import { readSynthetic } from './synthetic.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

export type ContentReference =
  | { readonly kind: 'empty' }
  | { readonly kind: 'inline'; readonly id: number }
  | { readonly kind: 'blob'; readonly id: number }
  | { readonly kind: 'synthetic'; readonly seed: number };

export const EMPTY: ContentReference = { kind: 'empty' };

/** Content up to this size lies in the database. */
export const INLINE_LIMIT_BYTES = 64 * 1024;
/** Open files kept for reading on. */
const OPEN_FILES = 8;

export class Contents {
  readonly #blobDir: string;
  readonly #insert: Statement;
  readonly #select: Statement;
  readonly #delete: Statement;
  /** Open blob files by content number, the least recently used first. */
  readonly #open = new Map<number, number>();
  #lastInline: { readonly id: number; readonly bytes: Buffer } | undefined;

  constructor(database: Database, blobDir: string) {
    this.#blobDir = blobDir;
    this.#insert = database.prepare('INSERT OR REPLACE INTO contents (id, bytes) VALUES (?, ?)');
    this.#select = database.prepare('SELECT bytes FROM contents WHERE id = ?');
    this.#delete = database.prepare('DELETE FROM contents WHERE id = ?');
  }

  /** At most `length` bytes from `offset`; fewer at the end. The bytes must not be written to. */
  read(content: ContentReference, sizeBytes: number, offset: number, length: number): Buffer {
    if (content.kind === 'inline') return this.#inline(content.id).subarray(offset, offset + length);
    if (content.kind === 'blob') return this.#readBlob(content.id, offset, Math.min(length, sizeBytes - offset));
    if (content.kind === 'synthetic') return readSynthetic(content.seed, sizeBytes, offset, length);
    return Buffer.alloc(0);
  }

  /** Keeps bytes under a number that has none yet. */
  store(id: number, bytes: Uint8Array): ContentReference {
    if (bytes.length === 0) return EMPTY;
    if (bytes.length <= INLINE_LIMIT_BYTES) {
      this.#insert.run(id, bytes);
      return { kind: 'inline', id };
    }
    const descriptor = this.createBlob(id);
    try {
      writeAll(descriptor, bytes);
    } finally {
      closeSync(descriptor);
    }
    return { kind: 'blob', id };
  }

  /** A new, empty file for content number `id`, opened for writing. */
  createBlob(id: number): number {
    const path = this.#blobPath(id);
    try {
      return openSync(path, 'w', 0o600);
    } catch {
      makeFolders(dirname(path));
      return openSync(path, 'w', 0o600);
    }
  }

  /** Forgets inline content. Blob files are removed by `removeBlob`, after the change that dropped them is kept. */
  dropInline(id: number): void {
    this.#delete.run(id);
    if (this.#lastInline?.id === id) this.#lastInline = undefined;
  }

  removeBlob(id: number): void {
    const open = this.#open.get(id);
    if (open !== undefined) closeSync(open);
    this.#open.delete(id);
    rmSync(this.#blobPath(id), { force: true });
  }

  close(): void {
    for (const descriptor of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  #inline(id: number): Buffer {
    if (this.#lastInline?.id === id) return this.#lastInline.bytes;
    const bytes = this.#select.get(id)?.['bytes'];
    if (!(bytes instanceof Uint8Array)) throw new Error(`content ${id} was replaced while it was read`);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#lastInline = { id, bytes: buffer };
    return buffer;
  }

  #readBlob(id: number, offset: number, length: number): Buffer {
    if (length <= 0) return Buffer.alloc(0);
    const descriptor = this.#openForReading(id);
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const got = readSync(descriptor, bytes, done, length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return bytes.subarray(0, done);
  }

  #openForReading(id: number): number {
    const known = this.#open.get(id);
    if (known !== undefined) {
      this.#open.delete(id);
      this.#open.set(id, known);
      return known;
    }
    const descriptor = openSync(this.#blobPath(id), 'r');
    this.#open.set(id, descriptor);
    for (const [oldest, open] of this.#open) {
      if (this.#open.size <= OPEN_FILES) break;
      closeSync(open);
      this.#open.delete(oldest);
    }
    return descriptor;
  }

  #blobPath(id: number): string {
    const name = id.toString(16).padStart(4, '0');
    return join(this.#blobDir, name.slice(-2), name);
  }
}

/** Writes all of `bytes` to an open file. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done);
}
