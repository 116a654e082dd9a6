import type { Duplex } from 'node:stream';
import { connectionLost } from '../wire/connection-errors.ts';
import { ChunkInput } from './chunk-input.ts';
import { FrameReader, MAX_MESSAGE_BYTES } from './frame.ts';
import { type DeviceLinkMessage, decodeMessage, encodeMessage } from './messages.ts';
import { writeToStream } from './write-to-stream.ts';

/** One end of a DeviceLink connection: frames and messages, read one by one and written with backpressure. */
export class DeviceLinkConnection {
  readonly #stream: Duplex;
  readonly #input: ChunkInput;
  readonly #frames = new FrameReader();

  constructor(stream: Duplex, signal?: AbortSignal) {
    this.#stream = stream;
    this.#input = new ChunkInput(stream, signal);
  }

  /**
   * The body of the next frame, which may be empty; undefined when the other side closed between two frames.
   *
   * @throws {ProtocolError} when the frame is longer than `limitBytes`.
   * @throws {AppError} CONNECTION_LOST when the stream ends within a frame.
   */
  async readFrame(limitBytes: number, what = 'a frame'): Promise<Buffer | undefined> {
    for (;;) {
      const frame = this.#frames.readWhole(limitBytes, what);
      if (frame !== undefined) return frame;
      const chunk = this.#input.take() ?? (await this.#input.wait());
      if (chunk !== undefined) this.#frames.push(chunk);
      else if (this.#frames.isBetweenFrames) return undefined;
      else throw connectionLost('the connection ended in the middle of a message');
    }
  }

  /** The next frame as a message. @throws {ProtocolError} when it is none. */
  async readMessage(): Promise<DeviceLinkMessage | undefined> {
    const body = await this.readFrame(MAX_MESSAGE_BYTES, 'a message');
    return body === undefined ? undefined : decodeMessage(body);
  }

  /** Writes complete frames. Returns a promise only when the other side has to catch up first. */
  write(frames: Uint8Array): void | Promise<void> {
    return writeToStream(this.#stream, frames);
  }

  writeMessage(message: DeviceLinkMessage): void | Promise<void> {
    return this.write(encodeMessage(message));
  }

  /** Lets go of the stream after sending what was written. */
  close(): void {
    this.#input.release();
    this.#stream.end();
  }
}
