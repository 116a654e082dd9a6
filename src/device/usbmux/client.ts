/** What usbmuxd can be asked: who is there, and a pipe to one of their ports. */
import type { Socket } from 'node:net';
import { arrayAt, asDictionary, stringAt } from '../../formats/index.ts';
import { AppError, ProtocolError } from '../../shared/errors.ts';
import { connectionLost } from '../wire/connection-errors.ts';
import type { MuxAddress } from './address.ts';
import { MUX_RESULT, MuxConnection, resultNumber, type MuxRequestOptions } from './connection.ts';
import { parseAttached, type MuxDevice } from './mux-device.ts';

/** A pipe to a device on the network has to go through the air first. */
const CONNECT_TIMEOUT_MS = 20_000;

/**
 * Every attachment, in usbmuxd's order; a device on cable and network is there twice.
 *
 * @throws {AppError} USBMUXD_UNAVAILABLE, CANCELLED
 */
export async function listMuxDevices(address: MuxAddress, options: MuxRequestOptions = {}): Promise<MuxDevice[]> {
  using connection = await MuxConnection.open(address, options);
  const answer = await connection.request('ListDevices', {}, options);
  const list = arrayAt(answer, 'DeviceList');
  if (list === undefined) throw new ProtocolError('usbmuxd answered ListDevices without a list');
  return list.flatMap((entry) => parseAttached(asDictionary(entry) ?? {}) ?? []);
}

/** The identifier of this computer, which goes into every pairing. */
export async function readBuid(address: MuxAddress, options: MuxRequestOptions = {}): Promise<string> {
  using connection = await MuxConnection.open(address, options);
  const buid = stringAt(await connection.request('ReadBUID', {}, options), 'BUID');
  if (buid === undefined) throw new ProtocolError('usbmuxd answered ReadBUID without a BUID');
  return buid;
}

/**
 * Opens a pipe to a port of the device. The socket carries the device's bytes and nothing else.
 *
 * @param port as people write it (62078); it is swapped for the wire here.
 * @throws {AppError} DEVICE_NOT_FOUND when the device is gone; CONNECTION_LOST when nothing listens on the port, as on
 * a phone in USB restricted mode; USBMUXD_UNAVAILABLE; CANCELLED.
 */
export async function connectThroughMux(
  address: MuxAddress,
  deviceId: number,
  port: number,
  options: MuxRequestOptions = {},
): Promise<Socket> {
  const connection = await MuxConnection.open(address, options);
  try {
    const parameters = { DeviceID: deviceId, PortNumber: swapPort(port) };
    const answer = await connection.request('Connect', parameters, {
      timeoutMs: CONNECT_TIMEOUT_MS,
      onTimeout: () => connectionLost('the device does not answer usbmuxd', { details: { port } }),
      ...options,
    });
    const result = resultNumber(answer);
    if (result !== MUX_RESULT.ok) throw connectFailure(result, port);
    return connection.detach();
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}

/** `PortNumber` is the port in network byte order, read as a little-endian number: 62078 is sent as 32498. */
function swapPort(port: number): number {
  return ((port & 0xff) << 8) | (port >> 8);
}

function connectFailure(result: number, port: number): AppError {
  const details = { muxResult: result, port };
  if (result === MUX_RESULT.badDevice) {
    return new AppError('DEVICE_NOT_FOUND', 'the device is no longer connected', {
      hint: 'Connect it again, unlock it, and try once more.',
      details,
    });
  }
  if (result === MUX_RESULT.connectionRefused) {
    return new AppError('CONNECTION_LOST', 'the device does not accept the connection', {
      hint: 'Unlock the device, unplug it and plug it in again; restart it if that does not help.',
      details,
    });
  }
  return new AppError('CONNECTION_LOST', 'usbmuxd could not connect to the device', {
    hint: 'Unplug the device and plug it in again.',
    details,
  });
}
