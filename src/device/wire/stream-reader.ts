/**
 * Exact reads from a socket that is left in paused mode.
 *
 * Nothing is taken out of the stream beyond what was asked for, so that the same socket can afterwards be handed to
 * `tls.connect({ socket })`, or to another protocol: call `release` first. Bytes the stream itself holds buffered at
 * that moment go along (TLSSocket takes them over). The socket is never wrapped in a JavaScript stream, which would
 * cost TLS two thirds of its speed.
 */
import type { Readable } from 'node:stream';
import { connectionError, connectionLost } from './connection-errors.ts';

interface Waiting {
  readonly lengthBytes: number;
  readonly resolve: (bytes: Buffer | undefined) => void;
  readonly reject: (error: unknown) => void;
}

export class StreamReader {
  readonly #stream: Readable;
  #waiting: Waiting | undefined;
  #failure: unknown;
  #over = false;
  readonly #onReadable = (): void => this.#serve();
  readonly #onError = (error: unknown): void => {
    this.#failure ??= error;
    this.#onOver();
  };
  readonly #onOver = (): void => {
    this.#over = true;
    this.#serve();
  };

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#failure = stream.errored ?? undefined;
    this.#over = stream.destroyed || stream.readableEnded;
    stream.on('readable', this.#onReadable);
    stream.on('end', this.#onOver);
    stream.on('close', this.#onOver);
    stream.on('error', this.#onError);
  }

  /**
   * The next `lengthBytes` bytes if they are here already, else undefined. Takes nothing in that case.
   * For loops that want to stay clear of promises while data is at hand.
   */
  readNow(lengthBytes: number): Buffer | undefined {
    if (lengthBytes === 0) return Buffer.alloc(0);
    if (this.#waiting !== undefined || this.#stream.readableLength < lengthBytes) return undefined;
    return this.#take(lengthBytes);
  }

  /**
   * The next `lengthBytes` bytes.
   *
   * @throws {AppError} CONNECTION_LOST when the stream ends before they have come, or the error the stream was
   * destroyed with.
   */
  async read(lengthBytes: number): Promise<Buffer> {
    const bytes = await this.readOrEnd(lengthBytes);
    if (bytes === undefined) throw connectionLost('the device closed the connection');
    return bytes;
  }

  /** As `read`, but undefined when the stream ended cleanly before the first of these bytes. */
  async readOrEnd(lengthBytes: number): Promise<Buffer | undefined> {
    return (
      this.readNow(lengthBytes) ??
      (await new Promise((resolve, reject) => {
        if (this.#waiting !== undefined) throw new Error('two reads from one stream at the same time');
        this.#waiting = { lengthBytes, resolve, reject };
        this.#serve();
      }))
    );
  }

  /** Lets go of the stream, for the next reader. Only between two reads. */
  release(): void {
    this.#stream.off('readable', this.#onReadable);
    this.#stream.off('end', this.#onOver);
    this.#stream.off('close', this.#onOver);
    this.#stream.off('error', this.#onError);
  }

  #serve(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    // Asking for more than is buffered also tells the stream to buffer that much.
    const bytes = this.#over && this.#stream.readableLength === 0 ? undefined : this.#take(waiting.lengthBytes);
    if (bytes?.length === waiting.lengthBytes) {
      this.#waiting = undefined;
      waiting.resolve(bytes);
    } else if (this.#over || bytes !== undefined) {
      this.#waiting = undefined;
      this.#finish(waiting, bytes?.length ?? 0);
    }
  }

  #finish(waiting: Waiting, receivedBytes: number): void {
    if (this.#failure !== undefined) waiting.reject(connectionError(this.#failure));
    else if (receivedBytes === 0) waiting.resolve(undefined);
    else {
      const details = { expectedBytes: waiting.lengthBytes, receivedBytes };
      waiting.reject(connectionLost('the device closed the connection in the middle of a message', { details }));
    }
  }

  /** Undefined when nothing is to be had yet; fewer bytes than asked for only when the stream has ended. */
  #take(lengthBytes: number): Buffer | undefined {
    const chunk: unknown = this.#stream.read(lengthBytes);
    return chunk instanceof Buffer ? chunk : undefined;
  }
}
