import {
  findNearby,
  listMuxDevices,
  type DeviceLocation,
  type MuxAddress,
  type PairRecordStore,
} from '../device/index.ts';
import { isAppError } from '../shared/errors.ts';

/** Long enough for an awake phone; a sleeping one is found by the service, which listens all the time. */
const SEARCH_MS = 2_500;

interface NetworkSearch {
  readonly muxAddress: MuxAddress;
  readonly pairRecords: PairRecordStore;
}

/** Paired devices on the Wi-Fi network that usbmuxd does not offer. Ends early when all of them are found. */
export async function findOnNetwork(search: NetworkSearch, signal?: AbortSignal): Promise<DeviceLocation[]> {
  const attached = await attachedUdids(search.muxAddress, signal);
  const paired = await search.pairRecords.list();
  const udids = paired.map(({ udid }) => udid).filter((udid) => !attached.has(udid));
  if (udids.length === 0) return [];
  return Array.fromAsync(findNearby({ store: search.pairRecords, udids, durationMs: SEARCH_MS, signal }));
}

async function attachedUdids(muxAddress: MuxAddress, signal: AbortSignal | undefined): Promise<Set<string>> {
  try {
    return new Set((await listMuxDevices(muxAddress, { signal })).map(({ udid }) => udid));
  } catch (error) {
    if (isAppError(error, 'USBMUXD_UNAVAILABLE')) return new Set();
    throw error;
  }
}
