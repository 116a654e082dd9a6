import type { Duplex } from 'node:stream';
import { AppError, ProtocolError } from '../../shared/errors.ts';
import { connectionError, connectionLost } from '../wire/connection-errors.ts';
import { afcErrorFor } from './afc-error.ts';
import { AFC_OPERATION } from './constants.ts';
import { type AfcPacket, AfcPacketDecoder, encodeAfcPacket, readAfcNumber } from './packet.ts';

/** How long what was written last may take to be sent before the connection is dropped. */
const CLOSING_LIMIT_MS = 1_000;

export interface AfcRequest {
  readonly operation: number;
  readonly args?: Uint8Array;
  readonly payload?: Uint8Array;
  /** Ends the sentence "the device could not …". */
  readonly what: string;
}

interface Waiting {
  readonly what: string;
  readonly resolve: (reply: AfcPacket) => void;
  readonly reject: (error: AppError) => void;
}

/**
 * Sends requests and brings each its reply, found by the packet number. Any number may be under way at once; the
 * device works on them in the order sent.
 */
export class AfcRequests {
  readonly #stream: Duplex;
  readonly #decoder = new AfcPacketDecoder();
  readonly #waiting = new Map<number, Waiting>();
  #lastNumber = 0;
  #failure: AppError | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', (error) => this.#fail(connectionError(error)));
    stream.on('close', () => this.#fail(connectionLost('the device closed the connection to its files')));
    stream.on('end', () => this.#fail(connectionLost('the device closed the connection to its files')));
  }

  /**
   * @throws {AfcError} when the device answers with a status other than ok.
   * @throws {AppError} CONNECTION_LOST
   */
  async send(request: AfcRequest): Promise<AfcPacket> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#lastNumber += 1;
    const packetNumber = this.#lastNumber;
    const reply = new Promise<AfcPacket>((resolve, reject) => {
      this.#waiting.set(packetNumber, { what: request.what, resolve, reject });
    });
    this.#stream.write(encodeAfcPacket({ ...request, packetNumber }));
    return await reply;
  }

  /**
   * Ends the connection, also one whose other side does not listen any more. Files still open and locks still held
   * are let go of by the device.
   */
  close(): void {
    this.#fail(connectionLost('the connection to the device’s files was closed'));
    const destroy = (): void => void this.#stream.destroy();
    const limit = setTimeout(destroy, CLOSING_LIMIT_MS);
    this.#stream.on('close', () => clearTimeout(limit));
    this.#stream.end(destroy);
    this.#stream.resume();
  }

  #receive(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      for (const packet of this.#decoder.push(chunk)) this.#settle(packet);
    } catch (error) {
      this.#stream.destroy();
      this.#fail(
        error instanceof AppError ? error : new ProtocolError('the file service made no sense', { cause: error }),
      );
    }
  }

  #settle(packet: AfcPacket): void {
    const waiting = this.#waiting.get(packet.packetNumber);
    if (waiting === undefined) {
      throw new ProtocolError('the file service answered a question nobody asked', {
        details: { packetNumber: packet.packetNumber },
      });
    }
    this.#waiting.delete(packet.packetNumber);
    const error =
      packet.operation === AFC_OPERATION.status
        ? afcErrorFor(readAfcNumber(bodyOf(packet), 0), waiting.what)
        : undefined;
    if (error === undefined) waiting.resolve(packet);
    else waiting.reject(error);
  }

  #fail(error: AppError): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}

/** What a reply carries; devices count it as arguments or as payload. */
export function bodyOf(reply: AfcPacket): Buffer {
  if (reply.payload.length === 0) return reply.args;
  return reply.args.length === 0 ? reply.payload : Buffer.concat([reply.args, reply.payload]);
}
