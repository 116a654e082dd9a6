import { closeSync } from 'node:fs';
import { INLINE_LIMIT_BYTES, writeAll, type Contents } from './contents.ts';

/** What a writer has gathered: bytes small enough for the database, or a content file. */
export type Received = { readonly bytes: Uint8Array } | { readonly blob: number; readonly sizeBytes: number };

/** Gathers the pieces of one file: in memory while they are few, then in a content file. */
export class ContentReceiver {
  readonly #contents: Contents;
  readonly #newId: () => number;
  #pending: Uint8Array[] = [];
  #sizeBytes = 0;
  #blob: { readonly id: number; readonly descriptor: number } | undefined;

  constructor(contents: Contents, newId: () => number) {
    this.#contents = contents;
    this.#newId = newId;
  }

  write(chunk: Uint8Array): void {
    this.#sizeBytes += chunk.length;
    if (this.#blob === undefined && this.#sizeBytes <= INLINE_LIMIT_BYTES) {
      this.#pending.push(Uint8Array.from(chunk));
      return;
    }
    this.#blob ??= this.#spill();
    writeAll(this.#blob.descriptor, chunk);
  }

  finish(): Received {
    if (this.#blob === undefined) return { bytes: Buffer.concat(this.#pending) };
    closeSync(this.#blob.descriptor);
    return { blob: this.#blob.id, sizeBytes: this.#sizeBytes };
  }

  discard(): void {
    if (this.#blob === undefined) return;
    closeSync(this.#blob.descriptor);
    this.#contents.removeBlob(this.#blob.id);
    this.#blob = undefined;
  }

  #spill(): { id: number; descriptor: number } {
    const id = this.#newId();
    const descriptor = this.#contents.createBlob(id);
    for (const piece of this.#pending) writeAll(descriptor, piece);
    this.#pending = [];
    return { id, descriptor };
  }
}
