/**
 * The frame of lockdownd and of most services: a u32 big-endian length, then a property list of that many bytes, XML
 * or binary.
 */
import type { Readable } from 'node:stream';
import { decodePlist, encodeBinaryPlist, encodeXmlPlist, type PlistValue } from '../../formats/index.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { StreamReader } from './stream-reader.ts';

/** Refuses what could only be garbage. The largest real ones, lists of apps with their artwork, are a few MiB. */
export const MAX_PLIST_FRAME_BYTES = 64 * 1024 * 1024;

/** XML by default: every client speaks it to lockdownd, and no device is known to refuse it. */
export function encodePlistFrame(value: PlistValue, format: 'xml' | 'binary' = 'xml'): Buffer {
  const body = format === 'xml' ? encodeXmlPlist(value) : encodeBinaryPlist(value);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** Reads frames from a stream one by one and nothing beyond them, so that TLS can begin right after a frame. */
export class PlistFrameReader {
  readonly #reader: StreamReader;
  readonly #maxBytes: number;

  constructor(stream: Readable | StreamReader, { maxBytes = MAX_PLIST_FRAME_BYTES }: { maxBytes?: number } = {}) {
    this.#reader = stream instanceof StreamReader ? stream : new StreamReader(stream);
    this.#maxBytes = maxBytes;
  }

  /**
   * The next property list, or undefined when the other side closed between two of them.
   *
   * @throws {ProtocolError} on an impossible length.
   * @throws {FormatError} when the body is no property list.
   * @throws {AppError} CONNECTION_LOST when the stream ends within a frame.
   */
  async read(): Promise<PlistValue | undefined> {
    const header = await this.#reader.readOrEnd(4);
    if (header === undefined) return undefined;
    const length = header.readUInt32BE(0);
    if (length === 0 || length > this.#maxBytes) {
      throw new ProtocolError('the other side sent a message of an impossible length', {
        details: { lengthBytes: length, maxBytes: this.#maxBytes },
      });
    }
    return decodePlist(await this.#reader.read(length));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PlistValue, void> {
    for (let value = await this.read(); value !== undefined; value = await this.read()) yield value;
  }

  /** Lets go of the stream, for TLS or another protocol. */
  release(): void {
    this.#reader.release();
  }
}
