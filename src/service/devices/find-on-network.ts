import {
  AddressBook,
  findNearby,
  isUdid,
  listMuxDevices,
  type DeviceLocation,
  type MuxAddress,
  type PairRecordStore,
} from '../../device/index.ts';
import { isAppError } from '../../shared/errors.ts';

/** Long enough for an awake phone; a sleeping one is found by the service, which listens all the time. */
const SEARCH_MS = 2_500;

interface NetworkSearch {
  readonly muxAddress: MuxAddress;
  readonly pairRecords: PairRecordStore;
}

export interface NetworkSearchOptions {
  /** Look only for devices that may be meant by this name or UDID. */
  readonly wanted?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Paired devices on the Wi-Fi network that usbmuxd does not offer. Ends early when all of them are found. */
export async function findOnNetwork(
  search: NetworkSearch,
  { wanted, signal }: NetworkSearchOptions = {},
): Promise<DeviceLocation[]> {
  const attached = await attachedUdids(search.muxAddress, signal);
  const paired = await search.pairRecords.list();
  const udids: string[] = [];
  for (const { udid } of paired) {
    if (!attached.has(udid) && (await mayBeMeant(search.pairRecords, udid, wanted))) udids.push(udid);
  }
  if (udids.length === 0) return [];
  return Array.fromAsync(findNearby({ store: search.pairRecords, udids, durationMs: SEARCH_MS, signal }));
}

/** A name is only ruled out where the device is known by another one. */
async function mayBeMeant({ directory }: PairRecordStore, udid: string, wanted: string | undefined): Promise<boolean> {
  if (wanted === undefined || udid === wanted) return true;
  if (isUdid(wanted)) return false;
  const { name } = await new AddressBook(directory).get(udid);
  return name === undefined || name === wanted;
}

async function attachedUdids(muxAddress: MuxAddress, signal: AbortSignal | undefined): Promise<Set<string>> {
  try {
    return new Set((await listMuxDevices(muxAddress, { signal })).map(({ udid }) => udid));
  } catch (error) {
    if (isAppError(error, 'USBMUXD_UNAVAILABLE')) return new Set();
    throw error;
  }
}
