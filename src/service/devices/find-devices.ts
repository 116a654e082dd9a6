import {
  listDevices,
  locationFromAddress,
  LockdownClient,
  normalizeUdid,
  PairRecordStore,
  parseMuxAddress,
  type DeviceListing,
  type DeviceLocation,
  type MuxAddress,
} from '../../device/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { findOnNetwork } from './find-on-network.ts';
import type { Places } from '../../shared/files/places.ts';

/** How this computer reaches devices and proves itself to them. */
export interface DeviceSetup {
  readonly muxAddress: MuxAddress;
  readonly pairRecords: PairRecordStore;
}

/** @param env `USBMUXD_SOCKET_ADDRESS` points to another usbmuxd, in any dialect of the tools that know it. */
export function deviceSetup(env: NodeJS.ProcessEnv, places: Places): DeviceSetup {
  const muxAddress = parseMuxAddress(env['USBMUXD_SOCKET_ADDRESS']);
  return { muxAddress, pairRecords: new PairRecordStore({ directory: places.pairRecordsDir, mux: muxAddress }) };
}

export interface FindDevicesOptions {
  /** Look at this address instead of asking usbmuxd and the network. */
  readonly address?: string | undefined;
  /** Also look for paired devices on the Wi-Fi network, which takes a moment. */
  readonly network?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every device within reach, each once, with what it tells.
 *
 * @throws {AppError} USBMUXD_UNAVAILABLE when nothing else found a device; CANCELLED.
 */
export async function findDevices(setup: DeviceSetup, options: FindDevicesOptions): Promise<DeviceListing[]> {
  return listDevices({ ...(await listOptions(setup, options)), signal: options.signal });
}

/**
 * The one device a person means: on a cable, else on the Wi-Fi network. One that is there twice is reached by the cable.
 *
 * @param wanted name or UDID; undefined means "the one that is there".
 * @throws {AppError} DEVICE_NOT_FOUND, DEVICE_AMBIGUOUS; USBMUXD_UNAVAILABLE when nothing was found without it either.
 */
export async function findDevice(
  setup: DeviceSetup,
  wanted: string | undefined,
  options: FindDevicesOptions,
): Promise<DeviceListing> {
  const { address, signal } = options;
  if (address !== undefined) return chooseDevice(await findDevices(setup, { address, signal }), wanted);
  const attached = await findDevices(setup, { signal }).catch(unlessWithoutMux);
  if (Array.isArray(attached) && matchesFor(attached, wanted).length > 0) return chooseDevice(attached, wanted);
  const nearby = await findOnNetwork(setup, { wanted: wanted === undefined ? wanted : normalizeUdid(wanted), signal });
  const onNetwork = await listDevices({ muxAddress: undefined, store: setup.pairRecords, nearby, signal });
  if (!Array.isArray(attached)) {
    if (onNetwork.length === 0) throw attached;
    return chooseDevice(onNetwork, wanted);
  }
  return chooseDevice([...attached, ...onNetwork], wanted);
}

/** Where there is no usbmuxd there may still be devices on the network. */
function unlessWithoutMux(error: unknown): AppError {
  if (isAppError(error, 'USBMUXD_UNAVAILABLE')) return error;
  throw error;
}

export function chooseDevice(found: readonly DeviceListing[], wanted: string | undefined): DeviceListing {
  const matches = matchesFor(found, wanted);
  const [device, another] = matches;
  if (device === undefined) throw notFound(found, wanted);
  if (another === undefined) return device;
  throw new AppError('DEVICE_AMBIGUOUS', `${matches.length} connected devices match`, {
    hint: `Name one of them by its UDID: ${matches.map(nameAndUdid).join(', ')}.`,
    details: { matches: matches.length },
  });
}

function matchesFor(found: readonly DeviceListing[], wanted: string | undefined): DeviceListing[] {
  const udid = wanted === undefined ? undefined : normalizeUdid(wanted);
  return found.filter((each) => wanted === undefined || each.udid === udid || each.facts.name === wanted);
}

function notFound(found: readonly DeviceListing[], wanted: string | undefined): AppError {
  if (wanted === undefined) {
    return new AppError('DEVICE_NOT_FOUND', 'no device is connected', {
      hint: 'Connect it with a cable and unlock it; `holdfast doctor` looks for what is in the way.',
    });
  }
  const others = found.map(nameAndUdid).join(', ');
  return new AppError('DEVICE_NOT_FOUND', `no connected device is called “${wanted}”`, {
    hint:
      others === '' ? 'No device is connected at all; `holdfast doctor` looks for the reason.' : `There is: ${others}.`,
    details: { wanted },
  });
}

function nameAndUdid({ udid, facts }: DeviceListing): string {
  return facts.name === undefined ? udid : `${udid} (${facts.name})`;
}

interface ListOptions {
  readonly muxAddress: MuxAddress | undefined;
  readonly store: PairRecordStore;
  readonly nearby: readonly DeviceLocation[];
}

async function listOptions(setup: DeviceSetup, options: FindDevicesOptions): Promise<ListOptions> {
  const { muxAddress, pairRecords: store } = setup;
  if (options.address !== undefined) {
    const nearby = [await deviceAt(options.address, options.signal)];
    return { muxAddress: undefined, store, nearby };
  }
  const nearby = options.network === true ? await findOnNetwork(setup, { signal: options.signal }) : [];
  return { muxAddress, store, nearby };
}

/** Asks whoever answers at an address which device it is; the session that follows proves it. */
async function deviceAt(address: string, signal: AbortSignal | undefined): Promise<DeviceLocation> {
  const anybody = locationFromAddress('unknown', address);
  using client = await LockdownClient.connect(anybody, { signal });
  const udid = await client.getValue(undefined, 'UniqueDeviceID').catch((error: unknown) => {
    if (isAppError(error, 'CANCELLED')) throw error;
    return undefined;
  });
  if (typeof udid === 'string') return locationFromAddress(normalizeUdid(udid), address);
  throw new AppError('DEVICE_NOT_FOUND', `what answers at ${address} does not say which device it is`, {
    hint: 'Check the address under Settings › Wi-Fi on the device.',
    details: { address },
  });
}
