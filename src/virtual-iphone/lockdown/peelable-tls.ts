import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { StreamReader } from '../../device/index.ts';
import { isAppError } from '../../shared/errors.ts';

const RECORD_HEADER_BYTES = 5;
/** Content types of TLS records are 20 to 24; a plain lockdown frame begins with the 0 of its length. */
const FIRST_CONTENT_TYPE = 20;

/**
 * TLS on a connection that goes on in plaintext after it, as lockdownd's does after StopSession.
 *
 * Node closes a connection together with its TLS, so the TLS engine gets this stream instead of the socket: it moves
 * whole TLS records, stops at the first byte that is none, and leaves the connection open when TLS ends.
 */
export class PeelableStream extends Duplex {
  /** Resolves when the host stopped speaking TLS: to go on in plaintext, or by closing. */
  readonly peeled: Promise<'plaintext' | 'closed'>;
  readonly #under: Duplex;
  readonly #reader: StreamReader;

  constructor(under: Duplex) {
    super();
    this.#under = under;
    this.#reader = new StreamReader(under);
    this.peeled = this.#pump();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#under.writable) this.#under.write(chunk, () => callback());
    else callback();
  }

  override _final(callback: (error?: Error | null) => void): void {
    callback();
  }

  async #pump(): Promise<'plaintext' | 'closed'> {
    try {
      for (;;) {
        const header = await this.#reader.readOrEnd(RECORD_HEADER_BYTES);
        if (header === undefined) return this.#ended('closed');
        if ((header[0] ?? 0) < FIRST_CONTENT_TYPE) {
          this.#reader.release();
          this.#under.unshift(header);
          return this.#ended('plaintext');
        }
        const body = await this.#reader.read(header.readUInt16BE(3));
        if (!this.destroyed) this.push(Buffer.concat([header, body]));
      }
    } catch (error) {
      if (!isAppError(error)) throw error;
      return this.#ended('closed');
    }
  }

  #ended(how: 'plaintext' | 'closed'): 'plaintext' | 'closed' {
    if (!this.destroyed) this.push(null);
    return how;
  }
}

/** Says goodbye in TLS and waits for what the host does next. */
export function endTls(tls: TLSSocket, stream: PeelableStream): Promise<'plaintext' | 'closed'> {
  tls.end();
  tls.resume();
  return stream.peeled;
}
