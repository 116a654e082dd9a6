/**
 * Bytes that arrived and have not been used yet, in the chunks they came in. Taking bytes that lie within one chunk
 * costs no copy; bytes that span chunks are copied once.
 */
export class ByteQueue {
  #chunks: Buffer[] = [];
  /** Index of the first chunk that still holds unused bytes, and how many of its bytes are used. */
  #first = 0;
  #offset = 0;
  #length = 0;

  /** How many bytes wait. */
  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#length += chunk.length;
  }

  /** The next `count` bytes without using them up. The caller has checked `length`. */
  peek(count: number): Buffer {
    const chunk = this.#chunks[this.#first];
    if (chunk !== undefined && chunk.length - this.#offset >= count) {
      return chunk.subarray(this.#offset, this.#offset + count);
    }
    return this.#gather(count);
  }

  /** Uses up the next `count` bytes and returns them. The caller has checked `length`. */
  take(count: number): Buffer {
    const chunk = this.#chunks[this.#first];
    if (chunk !== undefined && chunk.length - this.#offset >= count) {
      const bytes = chunk.subarray(this.#offset, this.#offset + count);
      this.#advance(count, chunk);
      return bytes;
    }
    const bytes = this.#gather(count);
    this.skip(count);
    return bytes;
  }

  /** Uses up the next byte and returns it. The caller has checked `length`. */
  readByte(): number {
    const chunk = this.#chunks[this.#first];
    const byte = chunk?.[this.#offset];
    if (chunk === undefined || byte === undefined) throw new RangeError('1 byte wanted, none there');
    this.#advance(1, chunk);
    return byte;
  }

  /** Uses up the next four bytes and returns the number they are. The caller has checked `length`. */
  readUInt32BE(): number {
    const chunk = this.#chunks[this.#first];
    if (chunk === undefined || chunk.length - this.#offset < 4) return this.take(4).readUInt32BE(0);
    const value = chunk.readUInt32BE(this.#offset);
    this.#advance(4, chunk);
    return value;
  }

  /** Uses up whatever is left of the first chunk, at most `limit` bytes. Empty when nothing waits. */
  takeSome(limit: number): Buffer {
    const chunk = this.#chunks[this.#first];
    if (chunk === undefined) return EMPTY;
    const count = Math.min(limit, chunk.length - this.#offset);
    const bytes = chunk.subarray(this.#offset, this.#offset + count);
    this.#advance(count, chunk);
    return bytes;
  }

  /** Uses up the next `count` bytes unseen. The caller has checked `length`. */
  skip(count: number): void {
    if (count > this.#length) throw new RangeError(`${count} bytes wanted, ${this.#length} there`);
    this.#length -= count;
    let left = count + this.#offset;
    for (;;) {
      const chunk = this.#chunks[this.#first];
      if (chunk === undefined || left < chunk.length) break;
      left -= chunk.length;
      this.#first += 1;
    }
    this.#offset = left;
    this.#forgetUsedChunks();
  }

  /** Uses up `count` bytes that lie within `chunk`, the first. */
  #advance(count: number, chunk: Buffer): void {
    this.#length -= count;
    this.#offset += count;
    if (this.#offset < chunk.length) return;
    this.#offset = 0;
    this.#first += 1;
    this.#forgetUsedChunks();
  }

  #gather(count: number): Buffer {
    if (count > this.#length) throw new RangeError(`${count} bytes wanted, ${this.#length} there`);
    const bytes = Buffer.allocUnsafe(count);
    let filled = 0;
    let offset = this.#offset;
    for (let i = this.#first; filled < count; i++) {
      const chunk = this.#chunks[i] ?? EMPTY;
      filled += chunk.copy(bytes, filled, offset, Math.min(chunk.length, offset + count - filled));
      offset = 0;
    }
    return bytes;
  }

  /** Used chunks are let go of at once when none is left, and otherwise in blocks, so that a long queue stays linear. */
  #forgetUsedChunks(): void {
    if (this.#first === this.#chunks.length) {
      this.#chunks.length = 0;
      this.#first = 0;
    } else if (this.#first >= 64) {
      this.#chunks.splice(0, this.#first);
      this.#first = 0;
    }
  }
}

const EMPTY = Buffer.alloc(0);
