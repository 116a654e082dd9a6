/** Packs codes of a few bits into bytes, the first bit highest. */
export class BitWriter {
  #bytes: Buffer;
  #at = 0;
  #pending = 0;
  #pendingBits = 0;
  readonly #stuffing: boolean;

  /** @param options.stuffing puts a zero byte after each 0xFF, as JPEG wants within a scan. */
  constructor(expectedBytes: number, { stuffing }: { stuffing: boolean }) {
    this.#bytes = Buffer.allocUnsafe(Math.max(64, expectedBytes));
    this.#stuffing = stuffing;
  }

  /** The lowest `count` bits of `value`; at most 16. */
  write(value: number, count: number): void {
    this.#pending = (this.#pending << count) | (value & ((1 << count) - 1));
    this.#pendingBits += count;
    while (this.#pendingBits >= 8) {
      this.#pendingBits -= 8;
      this.#put((this.#pending >>> this.#pendingBits) & 0xff);
    }
    this.#pending &= (1 << this.#pendingBits) - 1;
  }

  /** Fills the last byte with ones and returns everything. */
  finish(): Buffer {
    if (this.#pendingBits > 0) this.write(0xff, 8 - this.#pendingBits);
    return this.#bytes.subarray(0, this.#at);
  }

  #put(byte: number): void {
    if (this.#at + 2 > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes[this.#at++] = byte;
    if (byte === 0xff && this.#stuffing) this.#bytes[this.#at++] = 0;
  }
}
