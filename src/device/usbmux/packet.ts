/**
 * The usbmuxd wire format: a 16-byte little-endian header, then an XML property list.
 *
 *   offset 0  u32  length of the whole packet, header included
 *   offset 4  u32  protocol version, always 1
 *   offset 8  u32  message type, always 8 (property list)
 *   offset 12 u32  tag; an answer carries the tag of its request, what comes unasked has tag 0
 */
import { asDictionary, decodePlist, encodeXmlPlist, type PlistDictionary } from '../../formats/index.ts';
import { ProtocolError } from '../../shared/errors.ts';
import type { StreamReader } from '../wire/stream-reader.ts';

const HEADER_BYTES = 16;
const VERSION = 1;
const TYPE_PLIST = 8;

/** Refuses a packet that could only be garbage. The largest real one, a pair record, is under 16 KiB. */
export const MAX_MUX_PACKET_BYTES = 1024 * 1024;

export interface MuxPacket {
  readonly tag: number;
  readonly body: PlistDictionary;
}

export function encodeMuxPacket({ tag, body }: MuxPacket): Buffer {
  const plist = encodeXmlPlist(body);
  const packet = Buffer.allocUnsafe(HEADER_BYTES + plist.length);
  packet.writeUInt32LE(packet.length, 0);
  packet.writeUInt32LE(VERSION, 4);
  packet.writeUInt32LE(TYPE_PLIST, 8);
  packet.writeUInt32LE(tag, 12);
  plist.copy(packet, HEADER_BYTES);
  return packet;
}

/**
 * Turns pushed chunks into packets, wherever they are cut. For the side that cannot know when a connection turns
 * into a raw pipe: what follows the last packet taken stays in `rest`.
 */
export class MuxPacketDecoder {
  #chunks: Buffer[] = [];
  #heldBytes = 0;

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#heldBytes += chunk.length;
  }

  /**
   * The next whole packet, or undefined while one is incomplete.
   *
   * @throws {ProtocolError} on an impossible length, an unknown version or type, or a body that is no dictionary.
   * @throws {FormatError} when the body is no property list.
   */
  next(): MuxPacket | undefined {
    if (this.#heldBytes < HEADER_BYTES) return undefined;
    const lengthBytes = packetLength(this.#atLeast(HEADER_BYTES));
    if (this.#heldBytes < lengthBytes) return undefined;
    const held = this.#atLeast(lengthBytes);
    this.#chunks[0] = held.subarray(lengthBytes);
    this.#heldBytes -= lengthBytes;
    return parsePacket(held.subarray(0, HEADER_BYTES), held.subarray(HEADER_BYTES, lengthBytes));
  }

  /** Takes out everything that is no packet yet. */
  rest(): Buffer {
    const rest = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#heldBytes = 0;
    return rest;
  }

  /** The first chunk, made at least `lengthBytes` long by joining it with those behind it. */
  #atLeast(lengthBytes: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= lengthBytes) return first;
    const joined = Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}

/** Packets of a whole stream. @throws {ProtocolError} as `MuxPacketDecoder.next`, and on an end within a packet. */
export async function* decodeMuxPackets(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<MuxPacket, void> {
  const decoder = new MuxPacketDecoder();
  for await (const chunk of chunks) {
    decoder.push(chunk);
    for (let packet = decoder.next(); packet !== undefined; packet = decoder.next()) yield packet;
  }
  const leftoverBytes = decoder.rest().length;
  if (leftoverBytes > 0) {
    throw new ProtocolError('the connection ended in the middle of a usbmuxd packet', { details: { leftoverBytes } });
  }
}

/**
 * Reads one packet and not a byte more: after the answer to Connect the same socket is a raw pipe to the device.
 *
 * @returns undefined when usbmuxd closed the connection between two packets.
 */
export async function readMuxPacket(reader: StreamReader): Promise<MuxPacket | undefined> {
  const header = await reader.readOrEnd(HEADER_BYTES);
  return header === undefined ? undefined : await readMuxPacketAfter(header, reader);
}

/** The packet whose header has been read. */
export async function readMuxPacketAfter(header: Buffer, reader: StreamReader): Promise<MuxPacket> {
  return parsePacket(header, await reader.read(packetLength(header) - HEADER_BYTES));
}

function parsePacket(header: Buffer, plist: Buffer): MuxPacket {
  const body = asDictionary(decodePlist(plist));
  if (body === undefined) throw new ProtocolError('a usbmuxd packet holds no dictionary');
  return { tag: header.readUInt32LE(12), body };
}

/** Checks the header and returns the length of the packet, header included. */
function packetLength(header: Buffer): number {
  const lengthBytes = header.readUInt32LE(0);
  const version = header.readUInt32LE(4);
  const type = header.readUInt32LE(8);
  if (lengthBytes <= HEADER_BYTES || lengthBytes > MAX_MUX_PACKET_BYTES || version !== VERSION || type !== TYPE_PLIST) {
    throw new ProtocolError('a usbmuxd packet is not one we understand', { details: { lengthBytes, version, type } });
  }
  return lengthBytes;
}
