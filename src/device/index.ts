/** The live phone: how to find it, how to earn its trust, and one folder for each of its services. */
export { StreamReader } from './wire/stream-reader.ts';
export { encodePlistFrame, MAX_PLIST_FRAME_BYTES, PlistFrameReader } from './wire/plist-frame.ts';
export { cancelledError, connectionError, connectionLost } from './wire/connection-errors.ts';

export {
  decodeMuxPackets,
  encodeMuxPacket,
  MAX_MUX_PACKET_BYTES,
  MuxPacketDecoder,
  readMuxPacket,
  type MuxPacket,
} from './usbmux/packet.ts';
