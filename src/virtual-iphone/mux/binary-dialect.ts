/**
 * What usbmuxd spoke before property lists (protocol version 0), and what old programs still do: the header of today,
 * then plain numbers, little endian all but the port.
 *
 *   listen   (3)               nothing
 *   connect  (2)               u32 device · u16 port in network order · u16 unused
 *   result   (1)               u32 number
 *   attached (4)               u32 device · u16 product · 256 B serial number · u16 unused · u32 location
 *   detached (5), paired (6)   u32 device
 *
 * It is translated into the messages of today and back, so that nobody else has to know of it.
 */
import type { MuxPacket, StreamReader } from '../../device/index.ts';
import { dictionaryAt, integerAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { ProtocolError } from '../../shared/errors.ts';

export const MUX_HEADER_BYTES = 16;

const TYPE = { result: 1, connect: 2, listen: 3, attached: 4, detached: 5, paired: 6 } as const;
const SERIAL_BYTES = 256;
const MAX_REQUEST_BYTES = 1024;

/** Whether the packet that begins with this header is one of version 0. */
export function isBinaryHeader(header: Buffer): boolean {
  return header.readUInt32LE(4) === 0;
}

/** Reads what follows a header of version 0. @throws {ProtocolError} on an impossible length. */
export async function readBinaryRequest(reader: StreamReader, header: Buffer): Promise<MuxPacket> {
  const lengthBytes = header.readUInt32LE(0);
  if (lengthBytes < MUX_HEADER_BYTES || lengthBytes > MAX_REQUEST_BYTES) {
    throw new ProtocolError('a usbmuxd packet of version 0 has an impossible length', { details: { lengthBytes } });
  }
  const content = await reader.read(lengthBytes - MUX_HEADER_BYTES);
  return { tag: header.readUInt32LE(12), body: requestIn(header.readUInt32LE(8), content) };
}

/** Such programs know nothing of devices on the network. A request that is none becomes one that nobody knows. */
function requestIn(type: number, content: Buffer): PlistDictionary {
  const who = { kLibUSBMuxVersion: 0 };
  if (type === TYPE.listen) return { MessageType: 'Listen', ...who };
  if (type !== TYPE.connect || content.length < 6) return who;
  // As in the property list: two bytes in network order, read as if they were in the host's.
  const parameters = { DeviceID: content.readUInt32LE(0), PortNumber: content.readUInt16LE(4) };
  return { MessageType: 'Connect', ...who, ...parameters };
}

/** A message of today as a packet of version 0. */
export function encodeBinaryMessage({ tag, body }: MuxPacket): Buffer {
  const device = integerAt(body, 'DeviceID') ?? 0;
  switch (stringAt(body, 'MessageType') ?? '') {
    case 'Attached':
      return packet(TYPE.attached, tag, attached(device, dictionaryAt(body, 'Properties') ?? {}));
    case 'Detached':
      return packet(TYPE.detached, tag, number(device));
    case 'Paired':
      return packet(TYPE.paired, tag, number(device));
    default:
      return packet(TYPE.result, tag, number(integerAt(body, 'Number') ?? 0));
  }
}

function attached(device: number, properties: PlistDictionary): Buffer {
  const bytes = Buffer.alloc(12 + SERIAL_BYTES);
  bytes.writeUInt32LE(device, 0);
  bytes.writeUInt16LE(integerAt(properties, 'ProductID') ?? 0, 4);
  bytes.write(stringAt(properties, 'SerialNumber') ?? '', 6, SERIAL_BYTES - 1, 'latin1');
  bytes.writeUInt32LE(integerAt(properties, 'LocationID') ?? 0, 8 + SERIAL_BYTES);
  return bytes;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function packet(type: number, tag: number, content: Buffer): Buffer {
  const header = Buffer.alloc(MUX_HEADER_BYTES);
  header.writeUInt32LE(MUX_HEADER_BYTES + content.length, 0);
  header.writeUInt32LE(type, 8);
  header.writeUInt32LE(tag, 12);
  return Buffer.concat([header, content]);
}
