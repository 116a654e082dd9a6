import type { Duplex } from 'node:stream';
import { HostGone } from './frame-reader.ts';

/** One write to the socket. Thousands of small frames share one: a TLS record and a system call each would be the cost. */
const BLOCK_BYTES = 256 * 1024;
/** Blocks handed to the socket and not yet taken by the network. More than this and the writer asks to wait. */
const MAX_BLOCKS_IN_FLIGHT = 3;
const LENGTH_BYTES = 4;

/**
 * The frames a phone sends, gathered into large blocks that are reused once the socket has let go of them.
 *
 * Writing never waits. Whoever writes much looks at `congested` and awaits `drained()`.
 */
export class FrameWriter {
  readonly #stream: Duplex;
  readonly #spare: Buffer[] = [];
  #block: Buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  #used = 0;
  #inFlight = 0;
  #gone: HostGone | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('close', () => this.#fail(new HostGone('the connection is closed')));
    stream.on('error', (error) => this.#fail(new HostGone('the connection broke', { cause: error })));
  }

  get congested(): boolean {
    return this.#inFlight > MAX_BLOCKS_IN_FLIGHT;
  }

  /** Resolves when there is room again. @throws {HostGone} */
  async drained(): Promise<void> {
    while (this.congested && this.#gone === undefined) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#gone !== undefined) throw this.#gone;
  }

  /** A whole frame. */
  frame(body: Uint8Array): void {
    this.#length(body.length);
    this.bytes(body);
  }

  /** A frame whose body is a text. */
  text(text: string): void {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    const mostBytes = LENGTH_BYTES + text.length * 3;
    if (mostBytes > BLOCK_BYTES) return this.frame(Buffer.from(text));
    this.#ensure(mostBytes);
    const written = this.#block.write(text, this.#used + LENGTH_BYTES, 'utf8');
    this.#block.writeUInt32BE(written, this.#used);
    this.#used += LENGTH_BYTES + written;
  }

  /** A frame of a code byte and what follows it. */
  code(code: number, payload?: Uint8Array): void {
    this.#ensure(LENGTH_BYTES + 1);
    this.#length(1 + (payload?.length ?? 0));
    this.#block[this.#used++] = code;
    if (payload !== undefined) this.bytes(payload);
  }

  /** The empty frame that ends an upload. */
  terminator(): void {
    this.#length(0);
  }

  /** A length with nothing behind it yet: how a phone that lies about lengths begins a frame. */
  lengthOnly(length: number): void {
    this.#length(length);
  }

  /** Bytes as they are, inside a frame whose length is written. */
  bytes(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#used === BLOCK_BYTES) this.flush();
      const part = Math.min(bytes.length - at, BLOCK_BYTES - this.#used);
      this.#block.set(part === bytes.length ? bytes : bytes.subarray(at, at + part), this.#used);
      this.#used += part;
      at += part;
    }
  }

  /** Hands everything written so far to the socket. */
  flush(): void {
    if (this.#used === 0) return;
    const block = this.#block;
    const full = this.#used === BLOCK_BYTES ? block : block.subarray(0, this.#used);
    this.#block = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.#used = 0;
    if (this.#gone !== undefined || this.#stream.destroyed) return;
    this.#inFlight++;
    this.#stream.write(full, () => this.#release(block));
  }

  #length(length: number): void {
    this.#ensure(LENGTH_BYTES);
    this.#block.writeUInt32BE(length, this.#used);
    this.#used += LENGTH_BYTES;
  }

  #ensure(bytes: number): void {
    if (BLOCK_BYTES - this.#used < bytes) this.flush();
  }

  #release(block: Buffer): void {
    this.#inFlight--;
    if (this.#spare.length < MAX_BLOCKS_IN_FLIGHT) this.#spare.push(block);
    this.#notify();
  }

  #fail(reason: HostGone): void {
    this.#gone ??= reason;
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
