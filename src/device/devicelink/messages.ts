/**
 * The messages of DeviceLink. Each is a property list: an array of its name and its arguments, in a frame of its own.
 * An argument that is absent is a placeholder string.
 */
import { decodePlist, encodeBinaryPlist, type PlistValue } from '../../formats/index.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { encodeFrame } from './frame.ts';

/** Stands for an argument that is not given. */
export const EMPTY_PARAMETER = '___EmptyParameterString___';

export const DL_MESSAGE = {
  versionExchange: 'DLMessageVersionExchange',
  deviceReady: 'DLMessageDeviceReady',
  processMessage: 'DLMessageProcessMessage',
  ping: 'DLMessagePing',
  disconnect: 'DLMessageDisconnect',
  statusResponse: 'DLMessageStatusResponse',
  downloadFiles: 'DLMessageDownloadFiles',
  uploadFiles: 'DLMessageUploadFiles',
  contentsOfDirectory: 'DLContentsOfDirectory',
  createDirectory: 'DLMessageCreateDirectory',
  moveItems: 'DLMessageMoveItems',
  removeItems: 'DLMessageRemoveItems',
  copyItem: 'DLMessageCopyItem',
  freeDiskSpace: 'DLMessageGetFreeDiskSpace',
  purgeDiskSpace: 'DLMessagePurgeDiskSpace',
  /** The spellings of devices that negotiated a version below 200. */
  oldMoveFiles: 'DLMessageMoveFiles',
  oldRemoveFiles: 'DLMessageRemoveFiles',
  oldRemoveDirectory: 'DLMessageRemoveDirectory',
} as const;

/** The status codes of DeviceLink, as they stand in a status response. */
export const DL_STATUS = {
  ok: 0,
  generic: -1,
  unimplemented: -2,
  invalidArgument: -3,
  notFound: -6,
  exists: -7,
  notADirectory: -8,
  isADirectory: -9,
  loop: -10,
  io: -11,
  multiStatus: -13,
  disconnected: -14,
  noSpace: -15,
} as const;

export type DeviceLinkMessage = readonly [name: string, ...args: PlistValue[]];

/** One message with its frame. */
export function encodeMessage(message: DeviceLinkMessage): Buffer {
  return encodeFrame(encodeBinaryPlist([...message]));
}

/**
 * Reads the body of a frame that holds a message.
 *
 * @throws {ProtocolError} when it is no property list, or not an array beginning with a name.
 */
export function decodeMessage(body: Uint8Array): DeviceLinkMessage {
  const value = decodeBody(body);
  const [name, ...args] = Array.isArray(value) ? value : [];
  if (typeof name !== 'string') {
    throw new ProtocolError('the device sent a message without a name', { details: { bytes: body.length } });
  }
  return [name, ...args];
}

/**
 * The host's answer to a file operation. It has exactly four elements; a device refuses fewer.
 *
 * @param value what the operation asked for; the placeholder when there is nothing to tell.
 */
export function encodeStatusResponse(code: number, text = '', value: PlistValue = EMPTY_PARAMETER): Buffer {
  return encodeMessage([DL_MESSAGE.statusResponse, code, text === '' ? EMPTY_PARAMETER : text, value]);
}

function decodeBody(body: Uint8Array): PlistValue {
  try {
    return decodePlist(body);
  } catch (error) {
    throw new ProtocolError('the device sent a message that is no property list', {
      details: { bytes: body.length },
      cause: error,
    });
  }
}
