/** The live phone: how to find it, how to earn its trust, and one folder for each of its services. */
export { AsyncQueue } from './wire/async-queue.ts';
export { StreamReader } from './wire/stream-reader.ts';
export { encodePlistFrame, MAX_PLIST_FRAME_BYTES, PlistFrameReader } from './wire/plist-frame.ts';
export { PlistChannel } from './wire/plist-channel.ts';
export { destroyOnAbort, pause, untilAborted } from './wire/cancel.ts';
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
  readMuxPacketAfter,
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
export { SuspensionWatch } from './suspension.ts';
export { Device, openDevice, type OpenDeviceOptions } from './device.ts';
export { createPairRecord, findNearby, pairDevice, prepareForWifi, surveyNetwork } from './load-when-asked.ts';
export { findLocations, listDevices, type DeviceListing, type ListDevicesOptions } from './list-devices.ts';
export {
  factsFrom,
  type BatteryFacts,
  type DeviceFacts,
  type DeviceValues,
  type DiskFacts,
} from './facts/device-facts.ts';
export { productName } from './facts/product-names.ts';

export { LockdownClient } from './lockdown/lockdown-client.ts';
export { lockdownError } from './lockdown/errors.ts';

export { createCertificate, type CertificateRequest } from './pairing/certificate.ts';
export type { PairRecordRequest } from './pairing/create-pair-record.ts';
export type { Pairing, PairingNeed, PairOptions } from './pairing/pair-device.ts';
export { parseForeignRecord } from './pairing/foreign-record.ts';
export { encodePairRecord, parsePairRecord, type PairRecord } from './pairing/pair-record.ts';
export { PairRecordStore, type PairedDevice, type StoredPairRecord } from './pairing/pair-record-store.ts';
export { findTrustedRecord, isTrusted, unpairDevice, type TrustOptions } from './pairing/trust.ts';
export { enableWifiConnections, readWifiSettings, type WifiSettings } from './pairing/wifi-connections.ts';

export { AddressBook, type AddressEntry } from './discovery/address-book.ts';
export { MOBDEV_SERVICE } from './discovery/advert.ts';
export { authTag } from './discovery/auth-tag.ts';
export type { NetworkSurvey, SurveyOptions } from './discovery/survey.ts';
export type { FindNearbyOptions } from './discovery/find-nearby.ts';
export type { DnsQuestion, DnsRecord, MdnsTransport } from './discovery/mdns.ts';

export { browseApps, INSTALLATION_PROXY_SERVICE, type BrowseOptions } from './apps/installation-proxy.ts';
export { readAppIcons, SPRINGBOARD_SERVICE, type AppIcon, type IconOptions } from './apps/springboard-icons.ts';
export {
  DIAGNOSTICS_SERVICE,
  readBatteryDiagnostics,
  type BatteryDiagnostics,
} from './diagnostics/battery-diagnostics.ts';
export { HEARTBEAT_SERVICE, keepHeartbeat, type HeartbeatEnd } from './heartbeat/heartbeat.ts';
export { NOTIFICATION, NOTIFICATION_PROXY_SERVICE, NotificationProxy } from './notifications/notification-proxy.ts';

export {
  type AfcPacket,
  AfcPacketDecoder,
  encodeAfcArgs,
  encodeAfcPacket,
  readAfcNumber,
  readAfcStrings,
} from './afc/packet.ts';
export { AFC_LINK, AFC_LOCK, AFC_OPEN_MODE, AFC_OPERATION, AFC_STATUS } from './afc/constants.ts';
export { AfcClient } from './afc/afc-client.ts';
export { AfcError } from './afc/afc-error.ts';
export { withSyncLock } from './sync-lock/sync-lock.ts';
export { isEndedByDevice } from './mobilebackup2/handshake.ts';
export { runMobileBackup } from './mobilebackup2/run.ts';
export type { MobileBackupRequest, MobileBackupResponse } from './mobilebackup2/requests.ts';
export type { MobileBackupEvent, MobileBackupPhase, MobileBackupWarning } from './mobilebackup2/events.ts';
