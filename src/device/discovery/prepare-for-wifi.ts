import type { LockdownClient } from '../lockdown/lockdown-client.ts';
import type { PairRecordStore } from '../pairing/pair-record-store.ts';
import { enableWifiConnections, readWifiSettings } from '../pairing/wifi-connections.ts';
import { AddressBook } from './address-book.ts';

/**
 * Makes a paired device reachable without the cable: lets it accept connections over Wi-Fi, and keeps the name under
 * which it advertises itself, by which it is found where its tag and its address do not tell.
 *
 * @param client with a session over the cable.
 * @throws {AppError} DEVICE_REFUSED on devices that do not allow it; STORAGE_FAILED; CONNECTION_LOST; CANCELLED.
 */
export async function prepareForWifi(
  client: LockdownClient,
  { udid, store }: { udid: string; store: PairRecordStore },
): Promise<void> {
  await enableWifiConnections(client);
  const { serviceName } = await readWifiSettings(client);
  if (serviceName !== undefined) await new AddressBook(store.directory).remember(udid, { serviceName });
}
