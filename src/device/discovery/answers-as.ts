import { isAppError } from '../../shared/errors.ts';
import type { DeviceLocation } from '../location.ts';
import { LockdownClient } from '../lockdown/lockdown-client.ts';
import type { PairRecord } from '../pairing/pair-record.ts';
import { normalizeUdid } from '../usbmux/udid.ts';

/**
 * Asks lockdownd who it is. Not proof, which only TLS gives, but enough not to follow a stale address. A device that
 * does not tell before it knows who asks is asked again within a session.
 */
export async function answersAs(location: DeviceLocation, record: PairRecord, signal?: AbortSignal): Promise<boolean> {
  try {
    using client = await LockdownClient.connect(location, { signal });
    let told = await client.getValue(undefined, KEY).catch(ignoreRefusal);
    if (told === undefined) {
      await client.startSession(record);
      told = await client.getValue(undefined, KEY);
    }
    return typeof told === 'string' && normalizeUdid(told) === location.udid;
  } catch (error) {
    if (isAppError(error)) return false;
    throw error;
  }
}

const KEY = 'UniqueDeviceID';

function ignoreRefusal(error: unknown): undefined {
  if (!isAppError(error, 'DEVICE_REFUSED', 'DEVICE_LOCKED')) throw error;
}
