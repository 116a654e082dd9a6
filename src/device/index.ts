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

export {
  AFC_HEADER_BYTES,
  type AfcPacket,
  AfcPacketDecoder,
  encodeAfcArgs,
  encodeAfcPacket,
  readAfcNumber,
  readAfcStrings,
} from './afc/packet.ts';
export { AFC_LINK, AFC_LOCK, AFC_OPEN_MODE, AFC_OPERATION, AFC_STATUS } from './afc/constants.ts';
export { encodeFrame, END_OF_FILES, FrameReader, MAX_MESSAGE_BYTES } from './devicelink/frame.ts';
export {
  decodeMessage,
  type DeviceLinkMessage,
  DL_MESSAGE,
  DL_STATUS,
  EMPTY_PARAMETER,
  encodeMessage,
  encodeStatusResponse,
} from './devicelink/messages.ts';
export { DeviceLinkConnection } from './devicelink/connection.ts';
export { AfcClient, type AfcHandle } from './afc/afc-client.ts';
export { AfcError, type AfcStatusName } from './afc/afc-error.ts';
export type { AfcDeviceInfo, AfcFileInfo } from './afc/info.ts';
export { type SyncLockOptions, withSyncLock } from './sync-lock/sync-lock.ts';
