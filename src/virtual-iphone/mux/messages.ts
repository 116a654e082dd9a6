import type { PlistDictionary } from '../../formats/index.ts';
import { encodeNetworkAddress, type SockaddrLayout } from './network-address.ts';

/** `Number` of a Result message. 2 is also the ENOENT of pair records. */
export const MUX_RESULT = { ok: 0, badCommand: 1, badDevice: 2, connectionRefused: 3, badVersion: 6 } as const;

/** One way to reach one phone, as the mux lists it. A phone on a cable and on the network is listed twice. */
export interface MuxEntry {
  /** Another one each time the phone is attached. */
  readonly deviceId: number;
  readonly udid: string;
  readonly usbProductId: number;
  /** Set when the phone is on the network. */
  readonly network?: { readonly address: string; readonly serviceName: string };
}

export function resultMessage(number: number): PlistDictionary {
  return { MessageType: 'Result', Number: number };
}

export function attachedMessage(entry: MuxEntry, layout: SockaddrLayout): PlistDictionary {
  return { MessageType: 'Attached', DeviceID: entry.deviceId, Properties: propertiesOf(entry, layout) };
}

export function deviceMessage(type: 'Detached' | 'Paired', deviceId: number): PlistDictionary {
  return { MessageType: type, DeviceID: deviceId };
}

function propertiesOf(entry: MuxEntry, layout: SockaddrLayout): PlistDictionary {
  const common = { DeviceID: entry.deviceId, SerialNumber: entry.udid };
  if (entry.network === undefined) {
    return {
      ...common,
      ConnectionType: 'USB',
      ConnectionSpeed: 480_000_000,
      LocationID: 0x0001_0000 + entry.deviceId,
      ProductID: entry.usbProductId,
    };
  }
  return {
    ...common,
    ConnectionType: 'Network',
    EscapedFullServiceName: entry.network.serviceName,
    InterfaceIndex: 1,
    NetworkAddress: encodeNetworkAddress(entry.network.address, layout),
  };
}

/** The port as it stands in Connect: the two bytes in network order, read as if they were in the host's. */
export function swapPort(port: number): number {
  return ((port & 0xff) << 8) | ((port >> 8) & 0xff);
}
