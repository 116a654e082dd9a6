/** A connection on which both sides say property lists, each in a frame of its own: lockdownd and most services. */
import type { Duplex } from 'node:stream';
import { asDictionary, type PlistDictionary, type PlistValue } from '../../formats/index.ts';
import { AppError, ProtocolError } from '../../shared/errors.ts';
import { connectionLost } from './connection-errors.ts';
import { encodePlistFrame, PlistFrameReader } from './plist-frame.ts';

export class PlistChannel implements Disposable {
  readonly #stream: Duplex;
  readonly #reader: PlistFrameReader;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#reader = new PlistFrameReader(stream);
  }

  /** Queues one message. A failure to send shows in the next `receive`. */
  send(message: PlistValue): void {
    this.#stream.write(encodePlistFrame(message));
  }

  /** The next message. @throws {AppError} CONNECTION_LOST when the other side closed; {ProtocolError} when it is no dictionary */
  async receive(): Promise<PlistDictionary> {
    const message = await this.receiveOrEnd();
    if (message === undefined) throw connectionLost('the device closed the connection');
    return message;
  }

  /** As `receive`, but undefined when the other side closed between two messages. */
  async receiveOrEnd(): Promise<PlistDictionary | undefined> {
    const message = await this.#reader.read();
    if (message === undefined) return undefined;
    const dictionary = asDictionary(message);
    if (dictionary === undefined) throw new ProtocolError('the device sent a message that is no dictionary');
    return dictionary;
  }

  async request(message: PlistValue): Promise<PlistDictionary> {
    this.send(message);
    return await this.receive();
  }

  /** As `request`, for answers that come at once or never: closes the connection when none has come in time. */
  async requestWithin(timeoutMs: number, message: PlistValue): Promise<PlistDictionary> {
    const timer = setTimeout(() => {
      this.#stream.destroy(
        new AppError('CONNECTION_LOST', 'the device did not answer', {
          hint: 'Unlock the device, keep it awake, and try again.',
          details: { timeoutMs },
        }),
      );
    }, timeoutMs);
    try {
      return await this.request(message);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Lets go of the stream without closing it, for TLS. */
  release(): void {
    this.#reader.release();
  }

  close(): void {
    this.#stream.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
