/** Every device within reach, with what it tells. */
import { isAppError, type AppError } from '../shared/errors.ts';
import { AddressBook } from './discovery/address-book.ts';
import { factsFrom, readFactValues, type DeviceFacts } from './facts/device-facts.ts';
import { locationsFromMux, mergeLocations, type ConnectionKind, type DeviceLocation } from './location.ts';
import { LockdownClient } from './lockdown/lockdown-client.ts';
import type { PairRecord } from './pairing/pair-record.ts';
import type { PairRecordStore } from './pairing/pair-record-store.ts';
import type { MuxAddress } from './usbmux/address.ts';
import { listMuxDevices } from './usbmux/client.ts';

export interface ListDevicesOptions {
  /** Left out where usbmuxd is not to be asked. */
  readonly muxAddress: MuxAddress | undefined;
  readonly store: PairRecordStore;
  /** Devices found on the network by other means; they are listed with those of usbmuxd, each once. */
  readonly nearby?: readonly DeviceLocation[];
  readonly signal?: AbortSignal | undefined;
}

export interface DeviceListing {
  readonly udid: string;
  readonly location: DeviceLocation;
  readonly connections: readonly ConnectionKind[];
  /** A pairing is stored, and the device, where it could be asked, accepts it. */
  readonly paired: boolean;
  /** What it tells; with little more than the UDID when it is locked, not paired or out of reach. */
  readonly facts: DeviceFacts;
  /** Why it tells no more. */
  readonly problem?: AppError;
}

/**
 * Asks every device for its facts, all at the same time. A device that refuses or does not answer is listed with what
 * is known of it.
 *
 * @throws {AppError} USBMUXD_UNAVAILABLE unless devices were given as `nearby`; CANCELLED.
 */
export async function listDevices(options: ListDevicesOptions): Promise<DeviceListing[]> {
  const locations = await findLocations(options);
  return await Promise.all(locations.map((location) => describeDevice(location, options)));
}

/** Where devices are, without asking any of them. @throws {AppError} as `listDevices` */
export async function findLocations({
  muxAddress,
  nearby = [],
  signal,
}: ListDevicesOptions): Promise<DeviceLocation[]> {
  if (muxAddress === undefined) return [...nearby];
  try {
    return mergeLocations(locationsFromMux(muxAddress, await listMuxDevices(muxAddress, { signal })), nearby);
  } catch (error) {
    if (isAppError(error, 'USBMUXD_UNAVAILABLE') && nearby.length > 0) return [...nearby];
    throw error;
  }
}

async function describeDevice(location: DeviceLocation, { store, signal }: ListDevicesOptions): Promise<DeviceListing> {
  const listing = { udid: location.udid, location, connections: location.connections };
  let facts = factsFrom(location.udid, new Map());
  let stored = false;
  let problem: AppError | undefined;
  try {
    for await (const { record } of store.candidates(location.udid)) {
      stored = true;
      try {
        const known = { book: new AddressBook(store.directory), record };
        return { ...listing, paired: true, facts: await readFacts(location, known, signal) };
      } catch (error) {
        if (!isAppError(error, 'DEVICE_NOT_TRUSTED', 'DEVICE_LOCKED')) throw error;
        problem = error;
      }
    }
    facts = await readFacts(location, undefined, signal);
  } catch (error) {
    if (!isAppError(error) || isAppError(error, 'CANCELLED')) throw error;
    problem ??= error;
  }
  const paired = stored && problem?.code !== 'DEVICE_NOT_TRUSTED';
  return { ...listing, paired, facts, ...(problem === undefined ? {} : { problem }) };
}

/** With a session when there is a record, else what is public. */
async function readFacts(
  location: DeviceLocation,
  known: { readonly book: AddressBook; readonly record: PairRecord } | undefined,
  signal: AbortSignal | undefined,
): Promise<DeviceFacts> {
  using client = await LockdownClient.connect(location, { signal });
  if (known !== undefined) await client.startSession(known.record);
  const facts = factsFrom(location.udid, await readFactValues(client));
  const { connection: contactBy, route } = client;
  await known?.book.noteContact(location.udid, { contactBy, host: route.host, name: facts.name });
  // Whether it also says goodbye does not matter any more.
  await client.stopSession().catch(ignoreLoss);
  return facts;
}

function ignoreLoss(error: unknown): void {
  if (!isAppError(error, 'CONNECTION_LOST')) throw error;
}
