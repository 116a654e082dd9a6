import type { Duplex } from 'node:stream';
import { ByteQueue } from '../../../shared/byte-queue.ts';

/** Above this the host's socket is paused, unless a single frame needs more. */
const HIGH_WATER_BYTES = 4 * 1024 * 1024;
const LENGTH_BYTES = 4;

/** The connection ended: closed by the host, broken, or dropped by the phone. Nothing can be answered any more. */
export class HostGone extends Error {
  override readonly name = 'HostGone';
}

/**
 * The frames a host sends: `u32 BE length` + body, whatever the chunk borders.
 *
 * Frames that have arrived are taken without a promise: a download of a million chunks must not cost a million turns
 * of the event loop.
 */
export class FrameReader {
  readonly #stream: Duplex;
  readonly #queue = new ByteQueue();
  #wantedBytes = LENGTH_BYTES;
  #ended: HostGone | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#push(chunk));
    stream.on('end', () => this.#end(new HostGone('the host closed the connection')));
    stream.on('close', () => this.#end(new HostGone('the connection is closed')));
    stream.on('error', (error) => this.#end(new HostGone('the connection broke', { cause: error })));
  }

  /** Length of the next frame's body, once its header has arrived. */
  peekLength(): number | undefined {
    return this.#queue.length < LENGTH_BYTES ? undefined : this.#queue.peek(LENGTH_BYTES).readUInt32BE(0);
  }

  /** The next frame's body if it is complete. */
  tryFrame(): Buffer | undefined {
    const length = this.peekLength();
    if (length === undefined || this.#queue.length < LENGTH_BYTES + length) {
      this.#wantedBytes = LENGTH_BYTES + (length ?? 0);
      return undefined;
    }
    this.#queue.skip(LENGTH_BYTES);
    return this.#queue.take(length);
  }

  /** Resolves when more bytes have come. @throws {HostGone} when none will */
  async more(): Promise<void> {
    const before = this.#queue.length;
    if (this.#ended === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#stream.isPaused()) this.#stream.resume();
      });
    }
    if (this.#ended !== undefined && this.#queue.length === before) throw this.#ended;
  }

  #push(chunk: Buffer): void {
    this.#queue.push(chunk);
    if (this.#queue.length > Math.max(HIGH_WATER_BYTES, this.#wantedBytes)) this.#stream.pause();
    this.#notify();
  }

  #end(reason: HostGone): void {
    this.#ended ??= reason;
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
