/**
 * How a device can be reached: through usbmuxd, or straight at its address. A device that is there twice is one
 * device with two routes, the cable first.
 */
import { isIPv6, type Socket } from 'node:net';
import { AppError, isAppError, systemErrorCode } from '../shared/errors.ts';
import type { MuxAddress } from './usbmux/address.ts';
import { connectThroughMux } from './usbmux/client.ts';
import type { MuxDevice } from './usbmux/mux-device.ts';
import { isLinkLocal } from './usbmux/network-address.ts';
import { connectionLost } from './wire/connection-errors.ts';
import { openSocket } from './wire/dial.ts';

/** The port of lockdownd, on the cable and on the network. */
export const LOCKDOWN_PORT = 62078;

/** A phone that is awake answers within milliseconds; three seconds allow for one packet lost and a slow wake-up. */
const DIAL_TIMEOUT_MS = 3_000;

export type ConnectionKind = 'usb' | 'network';

export interface ConnectOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One way to a device. Services must be dialled over the same route as the lockdown session that started them. */
export interface DeviceRoute {
  readonly kind: ConnectionKind;
  /** The address, of a route over the network that knows it. */
  readonly host?: string;
  /** The attachment, of a route through usbmuxd. */
  readonly muxDeviceId?: number;
  connect(port: number, options?: ConnectOptions): Promise<Socket>;
}

export interface DeviceLocation {
  readonly udid: string;
  /** In order of preference, each once. */
  readonly connections: readonly ConnectionKind[];
  readonly routes: readonly DeviceRoute[];
  /** Over the best route that answers. @throws {AppError} what the preferred route failed with */
  connect(port: number, options?: ConnectOptions): Promise<Socket>;
}

/** Puts the routes in order, the cable first, and drops a second route to the same address. */
export function locationFromRoutes(udid: string, routes: readonly DeviceRoute[]): DeviceLocation {
  const ordered = routes
    .filter((route, i) => route.host === undefined || routes.findIndex(({ host }) => host === route.host) === i)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  return {
    udid,
    connections: [...new Set(ordered.map((route) => route.kind))],
    routes: ordered,
    connect: async (port, options) => (await connectOverBestRoute(ordered, port, options)).socket,
  };
}

/** One location per device, in the order in which usbmuxd lists them. */
export function locationsFromMux(address: MuxAddress, devices: readonly MuxDevice[]): DeviceLocation[] {
  const byUdid = Map.groupBy(devices, (device) => device.udid);
  return [...byUdid].map(([udid, attachments]) =>
    locationFromRoutes(
      udid,
      attachments.map((attachment) => muxRoute(address, attachment)),
    ),
  );
}

/**
 * A device at an address on the network.
 *
 * @param host an IP address or a name; a link-local IPv6 address with its interface ("fe80::1%eth0").
 */
export function locationFromAddress(udid: string, host: string): DeviceLocation {
  return locationFromRoutes(udid, [addressRoute(host)]);
}

/** The same devices with every route of every list, each device once. */
export function mergeLocations(...lists: readonly (readonly DeviceLocation[])[]): DeviceLocation[] {
  const byUdid = Map.groupBy(lists.flat(), (location) => location.udid);
  return [...byUdid].map(([udid, locations]) =>
    locationFromRoutes(
      udid,
      locations.flatMap((location) => location.routes),
    ),
  );
}

/** Tries the routes in order until one answers. @throws {AppError} what the preferred one failed with */
export async function connectOverBestRoute(
  routes: readonly DeviceRoute[],
  port: number,
  options?: ConnectOptions,
): Promise<{ route: DeviceRoute; socket: Socket }> {
  let failure: AppError | undefined;
  for (const route of routes) {
    try {
      return { route, socket: await route.connect(port, options) };
    } catch (error) {
      if (!isAppError(error) || isAppError(error, 'CANCELLED')) throw error;
      failure ??= error;
    }
  }
  throw failure ?? new AppError('DEVICE_NOT_FOUND', 'there is no way to reach the device');
}

/** Network devices are dialled directly where usbmuxd tells their address: not every usbmuxd offers a pipe to them. */
function muxRoute(address: MuxAddress, { deviceId, connection, host }: MuxDevice): DeviceRoute {
  const throughMux = (port: number, options: ConnectOptions = {}): Promise<Socket> =>
    connectThroughMux(address, deviceId, port, options);
  if (connection === 'usb' || host === undefined) {
    return { kind: connection, muxDeviceId: deviceId, connect: throughMux };
  }
  return {
    kind: 'network',
    host,
    muxDeviceId: deviceId,
    connect: async (port, options = {}) => {
      try {
        return await dial(host, port, options);
      } catch (error) {
        if (isAppError(error, 'CANCELLED')) throw error;
        return await throughMux(port, options).catch(() => Promise.reject(error));
      }
    },
  };
}

function addressRoute(host: string): DeviceRoute {
  return { kind: 'network', host, connect: (port, options = {}) => dial(host, port, options) };
}

async function dial(host: string, port: number, { signal }: ConnectOptions): Promise<Socket> {
  if (isIPv6(host) && isLinkLocal(host) && !host.includes('%')) {
    throw new AppError('DEVICE_NOT_FOUND', `the address ${host} says nothing without its network interface`, {
      hint: 'Add the interface to the address, as in fe80::1%eth0.',
      details: { host },
    });
  }
  try {
    return await openSocket({ host, port }, { timeoutMs: DIAL_TIMEOUT_MS, signal });
  } catch (error) {
    throw isAppError(error) ? error : dialFailure(host, port, error);
  }
}

function dialFailure(host: string, port: number, cause: unknown): AppError {
  const details = { host, port, systemCode: systemErrorCode(cause) ?? 'none' };
  if (port !== LOCKDOWN_PORT) return connectionLost('the device does not accept the connection', { cause, details });
  return new AppError('DEVICE_NOT_FOUND', `no device answers at ${host}`, {
    hint: 'It must be on the same network, awake or charging, and have Wi-Fi backups turned on once over a cable.',
    details,
    cause,
  });
}

function rankOf(route: DeviceRoute): number {
  return route.kind === 'usb' ? 0 : 1;
}
