/**
 * The frames of DeviceLink. Everything on the connection is one: a u32 big-endian length, then that many bytes.
 * Messages, file names, pieces of files and the empty frame that ends a batch of files all look alike; which one
 * comes next is the reader's knowledge.
 */
import { ByteQueue } from '../../shared/byte-queue.ts';
import { ProtocolError } from '../../shared/errors.ts';

export const FRAME_HEADER_BYTES = 4;

/** The largest message taken. A directory listing or the per-path answers of a big backup reach tens of megabytes. */
export const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** The empty frame: no further file in this batch. */
export const END_OF_FILES = Buffer.alloc(FRAME_HEADER_BYTES);

export function encodeFrame(body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + body.length);
  frame.writeUInt32BE(body.length, 0);
  frame.set(body, FRAME_HEADER_BYTES);
  return frame;
}

/**
 * Cuts a stream of bytes into frames, whatever the chunk boundaries. A frame can be read whole, or, when it may be
 * large, piece by piece as it arrives. What is returned is a view into a chunk wherever the bytes lie in one.
 *
 * Every `read…` returns undefined when the bytes it needs are not there yet, and is then asked again after a `push`.
 */
export class FrameReader {
  readonly #bytes = new ByteQueue();
  /** Bytes of the current frame that have not been read; -1 between frames. */
  #left = -1;

  /** Whether the stream may end here: no byte of an unfinished frame has arrived. */
  get isBetweenFrames(): boolean {
    return this.#left === -1 && this.#bytes.length === 0;
  }

  /** Whether a frame has been entered and not been read to its end. */
  get isInFrame(): boolean {
    return this.#left !== -1;
  }

  push(chunk: Uint8Array): void {
    this.#bytes.push(chunk);
  }

  /** Enters the next frame, unless one is being read, and tells how many bytes of it are left. */
  readLength(): number | undefined {
    if (this.#left === -1) {
      if (this.#bytes.length < FRAME_HEADER_BYTES) return undefined;
      this.#left = this.#bytes.readUInt32BE();
    }
    return this.#left;
  }

  /**
   * The rest of the frame in one piece.
   *
   * @param what names the frame in the error.
   * @throws {ProtocolError} when the frame is longer than `limitBytes`: the length lies, or it is no frame at all.
   */
  readWhole(limitBytes: number, what: string): Buffer | undefined {
    const length = this.readLength();
    if (length === undefined) return undefined;
    if (length > limitBytes) {
      throw new ProtocolError(`the device announced ${what} of an impossible length`, {
        details: { lengthBytes: length, limitBytes },
      });
    }
    if (this.#bytes.length < length) return undefined;
    this.#left = -1;
    return this.#bytes.take(length);
  }

  /** The next byte of the frame. Only asked while the frame has bytes left. */
  readByte(): number | undefined {
    if (this.#bytes.length === 0) return undefined;
    this.#use(1);
    return this.#bytes.readByte();
  }

  /** What has arrived of the frame, never empty. Only asked while the frame has bytes left. */
  readPiece(): Buffer | undefined {
    if (this.#bytes.length === 0) return undefined;
    const piece = this.#bytes.takeSome(this.#left);
    this.#use(piece.length);
    return piece;
  }

  #use(count: number): void {
    this.#left -= count;
    if (this.#left === 0) this.#left = -1;
  }
}
