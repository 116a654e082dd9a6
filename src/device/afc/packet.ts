/**
 * The wire format of AFC, Apple's file service: requests and replies alike are packets with a 40-byte header, all
 * numbers little endian.
 *
 *   offset 0  8 B  magic "CFA6LPAA"
 *   offset 8  u64  length of the whole packet, header included
 *   offset 16 u64  length of header and arguments; what follows them is payload (file content)
 *   offset 24 u64  packet number; a reply carries the number of its request
 *   offset 32 u64  operation
 */
import { ByteQueue } from '../../shared/byte-queue.ts';
import { ProtocolError } from '../../shared/errors.ts';

const AFC_HEADER_BYTES = 40;

/** Refuses a packet that could only be garbage: reads are at most 4 MiB, a listing of a million names is 30 MB. */
export const MAX_AFC_PACKET_BYTES = 64 * 1024 * 1024;

const MAGIC = 'CFA6LPAA';
const NO_BYTES = Buffer.alloc(0);

export interface AfcPacket {
  readonly operation: number;
  readonly packetNumber: number;
  readonly args: Buffer;
  readonly payload: Buffer;
}

export function encodeAfcPacket(packet: {
  operation: number;
  packetNumber: number;
  args?: Uint8Array;
  payload?: Uint8Array;
}): Buffer {
  const { operation, packetNumber, args = NO_BYTES, payload = NO_BYTES } = packet;
  const headLength = AFC_HEADER_BYTES + args.length;
  const bytes = Buffer.allocUnsafe(headLength + payload.length);
  bytes.write(MAGIC, 0, 'latin1');
  writeUInt64(bytes, bytes.length, 8);
  writeUInt64(bytes, headLength, 16);
  writeUInt64(bytes, packetNumber, 24);
  writeUInt64(bytes, operation, 32);
  bytes.set(args, AFC_HEADER_BYTES);
  bytes.set(payload, headLength);
  return bytes;
}

/** Turns a stream of bytes into packets, whatever the chunk boundaries. Packets may be views into the chunks. */
export class AfcPacketDecoder {
  readonly #bytes = new ByteQueue();
  readonly #maxBytes: number;

  /** @param options.maxBytes of one packet. */
  constructor({ maxBytes = MAX_AFC_PACKET_BYTES }: { maxBytes?: number } = {}) {
    this.#maxBytes = maxBytes;
  }

  /** How many bytes of an unfinished packet wait. */
  get leftoverBytes(): number {
    return this.#bytes.length;
  }

  /** @throws {ProtocolError} on another magic or an impossible length. */
  push(chunk: Uint8Array): AfcPacket[] {
    this.#bytes.push(chunk);
    const packets: AfcPacket[] = [];
    while (this.#bytes.length >= AFC_HEADER_BYTES) {
      const { length, headLength } = readLengths(this.#bytes.peek(AFC_HEADER_BYTES), this.#maxBytes);
      if (this.#bytes.length < length) break;
      const bytes = this.#bytes.take(length);
      packets.push({
        operation: readUInt64(bytes, 32),
        packetNumber: readUInt64(bytes, 24),
        args: bytes.subarray(AFC_HEADER_BYTES, headLength),
        payload: bytes.subarray(headLength),
      });
    }
    return packets;
  }
}

function readLengths(header: Buffer, maxBytes: number): { length: number; headLength: number } {
  const magic = header.toString('latin1', 0, 8);
  const length = readUInt64(header, 8);
  const headLength = readUInt64(header, 16);
  if (magic !== MAGIC || length > maxBytes || headLength < AFC_HEADER_BYTES || headLength > length) {
    throw new ProtocolError('the file service sent a packet we do not understand', {
      details: { length, headLength, magicMatches: magic === MAGIC },
    });
  }
  return { length, headLength };
}

/**
 * The arguments of a request: numbers as u64, strings as UTF-8 ended by NUL, in the order given.
 *
 * @throws {RangeError} when a string holds a NUL itself: the device would read another path than was meant.
 */
export function encodeAfcArgs(...values: (number | bigint | string)[]): Buffer {
  if (values.some((value) => typeof value === 'string' && value.includes('\0'))) {
    throw new RangeError('no path of the file service holds a NUL');
  }
  const lengths = values.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) + 1 : 8));
  const bytes = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0));
  let offset = 0;
  for (const [index, value] of values.entries()) {
    if (typeof value === 'string') bytes.write(value, offset, 'utf8');
    else bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), offset);
    offset += lengths[index] ?? 0;
  }
  return bytes;
}

/** The u64 at `offset` of a packet's arguments. @throws {ProtocolError} when the arguments are shorter. */
export function readAfcNumber(args: Buffer, offset: number): number {
  checkLength(args, offset + 8);
  return readUInt64(args, offset);
}

/** The number of an open file, exact to the last bit. @throws {ProtocolError} when there is none. */
export function readAfcHandle(args: Buffer): bigint {
  checkLength(args, 8);
  return args.readBigUInt64LE(0);
}

function checkLength(args: Buffer, wantedBytes: number): void {
  if (args.length >= wantedBytes) return;
  throw new ProtocolError('the file service left out an argument', {
    details: { wantedBytes, argumentBytes: args.length },
  });
}

/** The strings from `offset` on, each ended by NUL; the last may lack it. */
export function readAfcStrings(args: Buffer, offset = 0): string[] {
  const text = args.toString('utf8', offset);
  const strings = text.split('\0');
  if (strings.at(-1) === '') strings.pop();
  return strings;
}

/** Numbers beyond 2^53 lose their low digits; no length, packet number or operation comes near. */
function readUInt64(bytes: Buffer, offset: number): number {
  return bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 2 ** 32;
}

function writeUInt64(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32LE(value % 2 ** 32, offset);
  bytes.writeUInt32LE(Math.floor(value / 2 ** 32), offset + 4);
}
