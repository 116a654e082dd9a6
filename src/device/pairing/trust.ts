/** Whether a device still honours a pairing, and ending one. */
import { isAppError } from '../../shared/errors.ts';
import { AddressBook } from '../discovery/address-book.ts';
import type { DeviceLocation } from '../location.ts';
import { LockdownClient } from '../lockdown/lockdown-client.ts';
import { pairRecordOffer } from './offer.ts';
import type { PairRecord } from './pair-record.ts';
import type { PairRecordStore } from './pair-record-store.ts';

export interface TrustOptions {
  readonly location: DeviceLocation;
  readonly store: PairRecordStore;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The first stored record that the device accepts, proven by a session.
 *
 * @returns undefined when it accepts none, or there is none.
 * @throws {AppError} DEVICE_LOCKED and whatever keeps the question from being asked.
 */
export async function findTrustedRecord({ location, store, signal }: TrustOptions): Promise<PairRecord | undefined> {
  for await (const { record } of store.candidates(location.udid)) {
    if (await isTrusted(location, record, signal)) return record;
  }
  return undefined;
}

/** Whether the device accepts a record. @throws {AppError} as `findTrustedRecord` */
export async function isTrusted(location: DeviceLocation, record: PairRecord, signal?: AbortSignal): Promise<boolean> {
  using client = await LockdownClient.connect(location, { signal });
  try {
    await client.startSession(record);
    // A request within the session: in TLS 1.3 a device turns a certificate down only after the handshake.
    await client.queryType();
  } catch (error) {
    if (isAppError(error, 'DEVICE_NOT_TRUSTED')) return false;
    throw error;
  }
  // All is proven, whether or not it also says goodbye.
  await client.stopSession().catch(ignoreExpected);
  return true;
}

/**
 * Ends the pairing: the device forgets this computer where it can be reached, and all stored records go.
 *
 * @returns whether the device was told. One that is elsewhere keeps a pairing that nobody has the keys of any more.
 */
export async function unpairDevice({ location, store, signal }: TrustOptions): Promise<boolean> {
  let told = false;
  try {
    for await (const { record } of store.candidates(location.udid)) {
      using client = await LockdownClient.connect(location, { signal });
      await client.unpair(pairRecordOffer(record)).catch(ignoreUnknownPairing);
      told = true;
    }
  } catch (error) {
    if (!isAppError(error, 'DEVICE_NOT_FOUND', 'CONNECTION_LOST', 'USBMUXD_UNAVAILABLE')) throw error;
  }
  await store.remove(location.udid);
  await new AddressBook(store.directory).forget(location.udid);
  return told;
}

function ignoreExpected(error: unknown): void {
  if (!isAppError(error) || isAppError(error, 'CANCELLED')) throw error;
}

function ignoreUnknownPairing(error: unknown): void {
  if (!isAppError(error, 'DEVICE_NOT_TRUSTED')) throw error;
}
