/**
 * Protocol Buffers' wire format, reading. A message is a row of fields, each of them
 *
 *   varint   field number × 8 + wire type
 *   payload  0: varint · 1: 8 bytes · 2: varint length, bytes · 3 … 4: fields between two marks · 5: 4 bytes
 *
 * The bytes do not say what a payload means: whoever asks for a field says how to read it. Where a field comes more
 * than once and one is asked for, the last counts.
 */
import { FormatError } from '../../shared/errors.ts';

/** Real messages are nested less than ten deep. */
const MAX_DEPTH = 64;
const MAX_FIELD = 2 ** 29 - 1;
/** Seven bytes of seven bits fit into a number. */
const SMALL_VARINT_BYTES = 7;

const VARINT = 0;
const EIGHT_BYTES = 1;
const BYTES = 2;
const GROUP_START = 3;
const GROUP_END = 4;
const FOUR_BYTES = 5;

/**
 * Looks through one message; what is inside its fields is looked at when it is asked for.
 *
 * @throws {FormatError} when the bytes are no fields up to the end.
 */
export const decodeProtobuf = (bytes: Uint8Array): ProtobufMessage =>
  new ProtobufMessage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0);

/** One message. Readers answer undefined for a field that is absent or of another wire type. */
export class ProtobufMessage {
  readonly #bytes: Buffer;
  readonly #depth: number;
  /** Four numbers a field: its number, its wire type, where its payload begins and ends. */
  readonly #fields: readonly number[];

  /** For `decodeProtobuf` and itself. */
  constructor(bytes: Buffer, depth: number) {
    if (depth > MAX_DEPTH) throw new FormatError('a protobuf message is nested too deeply');
    this.#bytes = bytes;
    this.#depth = depth;
    this.#fields = fieldsOf(bytes);
  }

  has(field: number): boolean {
    for (let i = 0; i < this.#fields.length; i += 4) if (this.#fields[i] === field) return true;
    return false;
  }

  /** `uint32`, `uint64`, `bool`, an enumeration; undefined as well beyond 2^53. */
  unsigned(field: number): number | undefined {
    return safe(this.bigint(field));
  }

  /** `int32` and `int64`: negative numbers are in two's complement of 64 bits. */
  signed(field: number): number | undefined {
    const value = this.bigint(field);
    return value === undefined ? undefined : safe(BigInt.asIntN(64, value));
  }

  /** All 64 bits, unsigned. */
  bigint(field: number): bigint | undefined {
    const at = this.#last(field, VARINT);
    return at === undefined ? undefined : varintAt(this.#bytes, this.#start(at));
  }

  double(field: number): number | undefined {
    const at = this.#last(field, EIGHT_BYTES);
    return at === undefined ? undefined : this.#bytes.readDoubleLE(this.#start(at));
  }

  float(field: number): number | undefined {
    const at = this.#last(field, FOUR_BYTES);
    return at === undefined ? undefined : this.#bytes.readFloatLE(this.#start(at));
  }

  /** A view, not a copy. */
  bytes(field: number): Buffer | undefined {
    const at = this.#last(field, BYTES);
    return at === undefined ? undefined : this.#payload(at);
  }

  /** What is no UTF-8 comes out as U+FFFD. */
  text(field: number): string | undefined {
    return this.bytes(field)?.toString('utf8');
  }

  /** @throws {FormatError} when the field holds bytes that are no message. */
  message(field: number): ProtobufMessage | undefined {
    const bytes = this.bytes(field);
    return bytes === undefined ? undefined : new ProtobufMessage(bytes, this.#depth + 1);
  }

  /** Every occurrence of a field, in order. */
  *allBytes(field: number): Generator<Buffer, undefined> {
    for (let i = 0; i < this.#fields.length; i += 4) {
      if (this.#fields[i] === field && this.#fields[i + 1] === BYTES) yield this.#payload(i);
    }
  }

  /** Every occurrence of a field, in order. @throws {FormatError} on reaching one that is no message. */
  *messages(field: number): Generator<ProtobufMessage, undefined> {
    for (const bytes of this.allBytes(field)) yield new ProtobufMessage(bytes, this.#depth + 1);
  }

  /** Every occurrence of a field of numbers, in order; those beyond 2^53 are left out. */
  *allUnsigned(field: number): Generator<number, undefined> {
    for (let i = 0; i < this.#fields.length; i += 4) {
      if (this.#fields[i] !== field || this.#fields[i + 1] !== VARINT) continue;
      const value = safe(varintAt(this.#bytes, this.#start(i)));
      if (value !== undefined) yield value;
    }
  }

  #last(field: number, wireType: number): number | undefined {
    for (let i = this.#fields.length - 4; i >= 0; i -= 4) {
      if (this.#fields[i] === field && this.#fields[i + 1] === wireType) return i;
    }
    return undefined;
  }

  #start(at: number): number {
    return this.#fields[at + 2] ?? 0;
  }

  #payload(at: number): Buffer {
    return this.#bytes.subarray(this.#fields[at + 2], this.#fields[at + 3]);
  }
}

function fieldsOf(bytes: Buffer): number[] {
  const fields: number[] = [];
  /** The groups that are open, by field number: what is in them is passed over. */
  const groups: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tagEnd = varintEnd(bytes, at);
    const tag = smallVarint(bytes, at, tagEnd);
    const field = Math.floor(tag / 8);
    if (field < 1 || field > MAX_FIELD) throw damaged(at);
    const wireType = tag % 8;
    const start = wireType === BYTES ? varintEnd(bytes, tagEnd) : tagEnd;
    const end = payloadEnd(bytes, wireType, tagEnd, start);
    if (end > bytes.length) throw damaged(at);
    if (wireType === GROUP_START) {
      groups.push(field);
      if (groups.length > MAX_DEPTH) throw damaged(at);
    } else if (wireType === GROUP_END) {
      if (groups.pop() !== field) throw damaged(at);
    } else if (groups.length === 0) fields.push(field, wireType, start, end);
    at = end;
  }
  if (groups.length > 0) throw damaged(at);
  return fields;
}

function payloadEnd(bytes: Buffer, wireType: number, tagEnd: number, start: number): number {
  switch (wireType) {
    case VARINT:
      return varintEnd(bytes, tagEnd);
    case EIGHT_BYTES:
      return tagEnd + 8;
    case BYTES:
      return start + smallVarint(bytes, tagEnd, start);
    case GROUP_START:
    case GROUP_END:
      return tagEnd;
    case FOUR_BYTES:
      return tagEnd + 4;
    default:
      throw damaged(tagEnd);
  }
}

/** Where a varint that begins here ends: at most ten bytes on. */
function varintEnd(bytes: Buffer, start: number): number {
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) break;
    if (byte < 0x80) return at + 1;
  }
  throw damaged(start);
}

/** The value of a varint whose end has been found. */
function varintAt(bytes: Buffer, start: number): bigint {
  const end = varintEnd(bytes, start);
  if (end - start <= SMALL_VARINT_BYTES) return BigInt(smallVarint(bytes, start, end));
  let value = 0n;
  for (let at = end - 1; at >= start; at--) value = (value << 7n) | BigInt((bytes[at] ?? 0) & 0x7f);
  return BigInt.asUintN(64, value);
}

/** A tag or a length. @throws {FormatError} when it is longer than any could be. */
function smallVarint(bytes: Buffer, start: number, end: number): number {
  if (end - start > SMALL_VARINT_BYTES) throw damaged(start);
  let value = 0;
  for (let at = end - 1; at >= start; at--) value = value * 128 + ((bytes[at] ?? 0) & 0x7f);
  return value;
}

function safe(value: bigint | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

const damaged = (offset: number): FormatError =>
  new FormatError('a protobuf message is damaged', { details: { offset } });
