import { Duplex } from 'node:stream';
import type { StreamFault } from './faults.ts';

/**
 * A connection that meets its fault after so many bytes: everything before passes, nothing after. The byte counts are
 * exact, wherever the chunks are cut.
 */
export class FaultyStream extends Duplex {
  readonly #under: Duplex;
  readonly #fault: StreamFault;
  #leftBytes: number;

  constructor(under: Duplex, fault: StreamFault) {
    super();
    this.#under = under;
    this.#fault = fault;
    this.#leftBytes = fault.afterBytes;
    under.on('data', (chunk: Buffer) => this.#receive(chunk));
    under.on('end', () => this.push(null));
    under.on('close', () => this.destroy());
    // To whoever holds this stream, a connection that breaks is one that closes.
    under.on('error', () => this.destroy());
  }

  override _read(): void {
    this.#under.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const passing = this.#pass(chunk, 'out');
    if (passing.length === chunk.length) {
      this.#under.write(passing, () => callback());
      return;
    }
    // A stalled write never calls back: for the writer, the other side has stopped taking bytes.
    this.#under.write(passing, () => this.#strike());
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#under.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#under.destroy();
    callback(error);
  }

  #receive(chunk: Buffer): void {
    // What a stalled connection takes in is lost; reading on is how it is noticed that the host hangs up.
    if (this.#isStalled()) return;
    const passing = this.#pass(chunk, 'in');
    if (passing.length > 0 && !this.push(passing)) this.#under.pause();
    if (passing.length < chunk.length) this.#strike();
  }

  /** The part of a chunk that gets through. */
  #pass(chunk: Buffer, direction: 'in' | 'out'): Buffer {
    const isCounted = this.#fault.direction === 'both' || this.#fault.direction === direction;
    const passing = isCounted ? chunk.subarray(0, this.#leftBytes) : chunk;
    if (isCounted) this.#leftBytes -= passing.length;
    const { tally } = this.#fault;
    if (tally !== undefined) tally[direction === 'in' ? 'inBytes' : 'outBytes'] += passing.length;
    return passing;
  }

  #strike(): void {
    if (this.#fault.action === 'cut') this.#under.destroy();
    else this.#under.resume();
  }

  #isStalled(): boolean {
    return this.#fault.action === 'stall' && this.#leftBytes === 0;
  }
}
