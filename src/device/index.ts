/** The live phone: how to find it, how to earn its trust, and one folder for each of its services. */
export { StreamReader } from './wire/stream-reader.ts';
export { encodePlistFrame, MAX_PLIST_FRAME_BYTES, PlistFrameReader } from './wire/plist-frame.ts';
export { PlistChannel } from './wire/plist-channel.ts';
export { destroyOnAbort, pause } from './wire/cancel.ts';
export { cancelledError, connectionError, connectionLost } from './wire/connection-errors.ts';

export { formatMuxAddress, parseMuxAddress, type MuxAddress } from './usbmux/address.ts';
export { connectThroughMux, listMuxDevices, readBuid } from './usbmux/client.ts';
export type { MuxDevice } from './usbmux/mux-device.ts';
export {
  decodeMuxPackets,
  encodeMuxPacket,
  MAX_MUX_PACKET_BYTES,
  MuxPacketDecoder,
  readMuxPacket,
  type MuxPacket,
} from './usbmux/packet.ts';
export { deletePairRecord, readPairRecord, savePairRecord } from './usbmux/pair-records.ts';
export { isUdid, normalizeUdid } from './usbmux/udid.ts';
export { watchMuxDevices, type MuxEvent } from './usbmux/watch.ts';

export {
  LOCKDOWN_PORT,
  locationFromAddress,
  locationFromRoutes,
  locationsFromMux,
  mergeLocations,
  type ConnectionKind,
  type DeviceLocation,
  type DeviceRoute,
} from './location.ts';
export { LockdownClient } from './lockdown/lockdown-client.ts';
export { encodePairRecord, parsePairRecord, type PairRecord } from './pairing/pair-record.ts';

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
export { type MobileBackupOptions, runMobileBackup } from './mobilebackup2/run.ts';
export type {
  MobileBackupEvent,
  MobileBackupPhase,
  MobileBackupWarning,
  TransferCounters,
} from './mobilebackup2/events.ts';
export type {
  BackupRequest,
  ChangePasswordRequest,
  EnableCloudBackupRequest,
  InfoRequest,
  MobileBackupRequest,
  MobileBackupResponse,
  RestoreRequest,
} from './mobilebackup2/requests.ts';
