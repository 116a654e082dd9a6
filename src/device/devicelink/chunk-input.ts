/**
 * The chunks of a stream, one after another, without a promise for each: those already here are taken at once, and
 * only an empty queue is waited for. The stream is paused while more than a little waits, which is the backpressure
 * the other side feels.
 */
import type { Readable } from 'node:stream';
import { cancelledError, connectionError } from '../wire/connection-errors.ts';

/** How much may wait unread before the stream is paused. TLS delivers at most 16 KiB at a time. */
const HIGH_WATER_BYTES = 1024 * 1024;

export class ChunkInput {
  readonly #stream: Readable;
  readonly #signal: AbortSignal | undefined;
  #chunks: Buffer[] = [];
  #next = 0;
  #waitingBytes = 0;
  #paused = false;
  #over = false;
  #failure: unknown;
  #wake: (() => void) | undefined;

  /** @param signal when it aborts, waiting ends at once with CANCELLED. */
  constructor(stream: Readable, signal?: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
    this.#failure = stream.errored ?? undefined;
    this.#over = stream.destroyed || stream.readableEnded;
    stream.on('data', this.#onData);
    stream.on('end', this.#onOver);
    stream.on('close', this.#onOver);
    stream.on('error', this.#onError);
    signal?.addEventListener('abort', this.#onAbort);
  }

  /** The next chunk if one is here, else undefined. */
  take(): Buffer | undefined {
    const chunk = this.#chunks[this.#next];
    if (chunk === undefined) return undefined;
    this.#next += 1;
    if (this.#next === this.#chunks.length) {
      this.#chunks = [];
      this.#next = 0;
    }
    this.#waitingBytes -= chunk.length;
    if (this.#paused && this.#waitingBytes < HIGH_WATER_BYTES / 2) {
      this.#paused = false;
      this.#stream.resume();
    }
    return chunk;
  }

  /**
   * The next chunk, however long it takes; undefined when the stream has ended.
   *
   * @throws {AppError} CANCELLED, CONNECTION_LOST, DEVICE_NOT_TRUSTED
   */
  async wait(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.#signal?.aborted === true) throw cancelledError(this.#signal);
      const chunk = this.take();
      if (chunk !== undefined) return chunk;
      if (this.#failure !== undefined) throw connectionError(this.#failure);
      if (this.#over) return undefined;
      await this.#change();
    }
  }

  /** Resolves once a chunk is here, or none will come any more: `isOver` tells then. */
  async arrival(): Promise<void> {
    if (this.#chunks.length > 0 || this.isOver) return;
    await this.#change();
  }

  /** Whether no chunk is here and none will come. */
  get isOver(): boolean {
    return this.#chunks.length === 0 && (this.#over || this.#signal?.aborted === true);
  }

  /** Stops listening. Chunks not yet taken are dropped; the stream flows on unread, so that its end is noticed. */
  release(): void {
    this.#stream.off('data', this.#onData);
    this.#stream.off('end', this.#onOver);
    this.#stream.off('close', this.#onOver);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#chunks = [];
    this.#next = 0;
    this.#stream.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      this.#stream.pause();
    }
    this.#resumeWaiter();
  };

  readonly #onOver = (): void => {
    this.#over = true;
    this.#resumeWaiter();
  };

  /** Stays attached after `release`: a late error of a connection nobody needs any more must not end the process. */
  readonly #onError = (error: unknown): void => {
    this.#failure ??= error;
    this.#onOver();
  };

  readonly #onAbort = (): void => this.#resumeWaiter();

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #resumeWaiter(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
