/** The start of a file that comes in chunks: as much of it as is asked for, never more than `maxBytes`. */
export class FileStart implements AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #maxBytes: number;
  #bytes: Buffer = Buffer.alloc(0);
  #hasEnded = false;

  constructor(chunks: AsyncIterable<Uint8Array>, maxBytes: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#maxBytes = maxBytes;
  }

  /** The first bytes, at least so many where the file and the limit have them. */
  async read(sizeBytes: number): Promise<Buffer> {
    const wanted = Math.min(sizeBytes, this.#maxBytes);
    const parts = [this.#bytes];
    let length = this.#bytes.length;
    while (length < wanted && !this.#hasEnded) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#hasEnded = true;
      else {
        parts.push(Buffer.from(next.value));
        length += next.value.length;
      }
    }
    if (parts.length > 1) this.#bytes = Buffer.concat(parts, length);
    return this.#bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }
}
