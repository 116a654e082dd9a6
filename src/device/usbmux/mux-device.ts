import { bytesAt, dictionaryAt, numberAt, stringAt, type PlistDictionary } from '../../formats/index.ts';
import { parseNetworkAddress } from './network-address.ts';
import { normalizeUdid } from './udid.ts';

/** One attachment of a device, as usbmuxd lists it. The same device may be listed once by USB and once by network. */
export interface MuxDevice {
  /** Valid until it is detached; a device that comes back gets another one. */
  readonly deviceId: number;
  readonly udid: string;
  readonly connection: 'usb' | 'network';
  /** Where a network device can be dialled directly. */
  readonly host?: string;
  readonly productId?: number;
}

/** Reads an `Attached` message, or undefined when it lacks what a device needs to be used. */
export function parseAttached(message: PlistDictionary): MuxDevice | undefined {
  const properties = dictionaryAt(message, 'Properties') ?? {};
  const deviceId = numberAt(message, 'DeviceID') ?? numberAt(properties, 'DeviceID');
  const serial = stringAt(properties, 'SerialNumber');
  if (deviceId === undefined || serial === undefined || serial.trim() === '') return undefined;
  const connection = stringAt(properties, 'ConnectionType') === 'Network' ? 'network' : 'usb';
  const address = bytesAt(properties, 'NetworkAddress');
  const host = connection === 'network' && address !== undefined ? parseNetworkAddress(address) : undefined;
  const productId = numberAt(properties, 'ProductID');
  return {
    deviceId,
    udid: normalizeUdid(serial),
    connection,
    ...(host === undefined ? {} : { host }),
    ...(productId === undefined ? {} : { productId }),
  };
}
