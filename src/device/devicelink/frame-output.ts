import type { Duplex } from 'node:stream';
import { FRAME_HEADER_BYTES } from './frame.ts';
import { writeThrough } from './write-to-stream.ts';

/** How much is gathered before it is written: one write for many small files. */
const OUTPUT_BYTES = 256 * 1024;

/**
 * Gathers frames and writes them in large pieces. Two buffers take turns, one being filled while the other is written:
 * a buffer for every piece would be more garbage than the process has memory otherwise.
 */
export class FrameOutput {
  readonly #stream: Duplex;
  #buffer = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  #spare = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  #filled = 0;
  #writing: Promise<void> | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** Adds a frame of `code`, if given, and `body`, which is copied. */
  frame(body: Uint8Array, code?: number): void | Promise<void> {
    const length = body.length + (code === undefined ? 0 : 1);
    const pending = this.#makeRoom(FRAME_HEADER_BYTES + length);
    if (pending !== undefined) return pending.then(() => this.#add(body, length, code));
    this.#add(body, length, code);
  }

  /** Adds bytes that are frames already, however many. They are copied. */
  async bytes(frames: Uint8Array): Promise<void> {
    for (let at = 0; at < frames.length;) {
      if (this.#filled === OUTPUT_BYTES) await this.flush();
      const part = frames.subarray(at, at + OUTPUT_BYTES - this.#filled);
      this.#buffer.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
    }
  }

  /** Hands over what was added, once the stream has taken what was handed over before. */
  async flush(): Promise<void> {
    await this.#writing;
    const full = this.#buffer;
    this.#buffer = this.#spare;
    this.#spare = full;
    this.#writing = writeThrough(this.#stream, full.subarray(0, this.#filled));
    // A failure is met by whoever flushes next; until then it is not unhandled.
    this.#writing.catch(() => undefined);
    this.#filled = 0;
  }

  #makeRoom(bytes: number): Promise<void> | undefined {
    if (bytes > OUTPUT_BYTES) throw new RangeError('a frame larger than is ever sent');
    return this.#filled + bytes > OUTPUT_BYTES ? this.flush() : undefined;
  }

  #add(body: Uint8Array, length: number, code: number | undefined): void {
    this.#filled = this.#buffer.writeUInt32BE(length, this.#filled);
    if (code !== undefined) this.#filled = this.#buffer.writeUInt8(code, this.#filled);
    this.#buffer.set(body, this.#filled);
    this.#filled += body.length;
  }
}
