/**
 * The bytes of a typedstream, one item after the other. What begins an item is one signed byte:
 *
 *   -127, -126   a 16 or 32 bit integer follows
 *   -125         a float or double follows
 *   -124         something new follows, which gets the next number of its table
 *   -123         nil
 *   -122         the end of an object
 *   else         the integer itself; where something is referred to, -110 is number 0, -109 is number 1 …
 */
import { FormatError } from '../../shared/errors.ts';

export const HEAD = { INT16: -127, INT32: -126, REAL: -125, NEW: -124, NIL: -123, END: -122 } as const;
const FIRST_REFERENCE = -110;
/** A version of the stream that Mac OS X has written ever since; older ones are NeXT's. */
const STREAM_VERSION = 4;
const MAX_DEPTH = 100;

export class Cursor {
  readonly #bytes: Buffer;
  readonly #littleEndian: boolean;
  #offset = 0;
  /** Counts down for every value: types that cost no bytes must not make a small stream take long. */
  #budget: number;

  /** @throws {FormatError} when the bytes do not begin as a typedstream does. */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#budget = 1000 + bytes.length * 4;
    const signature = this.#bytes.toString('latin1', 2, 13);
    this.#littleEndian = signature === 'streamtyped';
    if (bytes[0] !== STREAM_VERSION || bytes[1] !== 11 || !(this.#littleEndian || signature === 'typedstream')) {
      throw new FormatError('this is not a typedstream');
    }
    this.#offset = 13;
    this.integer(this.head());
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** Whether the next byte is this head; it is not taken. */
  isNext(head: number): boolean {
    return this.#bytes[this.#offset] === (head & 0xff);
  }

  head(): number {
    const at = this.#take(1);
    return this.#bytes.readInt8(at);
  }

  /** The integer that `head` begins. */
  integer(head: number): number {
    if (head === HEAD.INT16) {
      const at = this.#take(2);
      return this.#littleEndian ? this.#bytes.readInt16LE(at) : this.#bytes.readInt16BE(at);
    }
    if (head === HEAD.INT32) {
      const at = this.#take(4);
      return this.#littleEndian ? this.#bytes.readInt32LE(at) : this.#bytes.readInt32BE(at);
    }
    if (head < FIRST_REFERENCE) this.fail(`an integer cannot begin with ${head}`);
    return head;
  }

  /** Large unsigned numbers are written in as few bytes as hold them, and read back as negative ones. */
  unsigned(): number {
    const head = this.head();
    const value = this.integer(head);
    if (value >= 0) return value;
    return head === HEAD.INT16 ? value & 0xffff : head === HEAD.INT32 ? value >>> 0 : value & 0xff;
  }

  real(isDouble: boolean): number {
    const head = this.head();
    if (head !== HEAD.REAL) return this.integer(head);
    const at = this.#take(isDouble ? 8 : 4);
    if (isDouble) return this.#littleEndian ? this.#bytes.readDoubleLE(at) : this.#bytes.readDoubleBE(at);
    return this.#littleEndian ? this.#bytes.readFloatLE(at) : this.#bytes.readFloatBE(at);
  }

  /** The number in its table of what `head` refers to. */
  reference(head: number): number {
    return this.integer(head) - FIRST_REFERENCE;
  }

  /** Bytes with their number before them; a view into the stream. */
  sizedBytes(): Buffer {
    return this.bytes(this.unsigned());
  }

  bytes(length: number): Buffer {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** To be called for every value that is read. */
  spend(depth: number): void {
    if (--this.#budget < 0) this.fail('it holds too much');
    if (depth > MAX_DEPTH) this.fail('it is nested too deeply');
  }

  fail(message: string): never {
    throw new FormatError(`this typedstream is damaged: ${message}`, { details: { offset: this.#offset } });
  }

  #take(length: number): number {
    const at = this.#offset;
    if (length < 0 || length > this.#bytes.length - at) this.fail('it ends too early');
    this.#offset = at + length;
    return at;
  }
}
