import { isAppError } from '../../shared/errors.ts';
import type { DeviceSetup } from '../devices/find-devices.ts';
import { choosePair, listPairs } from '../pairs/pairs.ts';
import { endOf } from './record-try.ts';
import { appendTry, type Try } from './tries.ts';

/**
 * Looks for the device of a job, and where it is not found, keeps that in its history: a phone that is never there when
 * its backup is due has to be seen to be missing. Which device was meant is known from the pairings.
 */
export async function findOrRecord<T>(
  find: () => Promise<T>,
  meant: { setup: DeviceSetup; stateDir: string; wanted: string | undefined; kind: Try['kind'] },
): Promise<T> {
  try {
    return await find();
  } catch (error) {
    if (isAppError(error) && !isAppError(error, 'CANCELLED', 'DEVICE_AMBIGUOUS', 'USAGE')) {
      await keep(meant, { at: new Date(), kind: meant.kind, ...endOf(error) }).catch(unlessExpected);
    }
    throw error;
  }
}

async function keep(
  { setup, stateDir, wanted }: { setup: DeviceSetup; stateDir: string; wanted: string | undefined },
  entry: Try,
): Promise<void> {
  const { udid } = choosePair(await listPairs(setup), wanted);
  await appendTry(stateDir, udid, entry);
}

/** Nobody can tell whose history it belongs into, or it cannot be written: the error itself is told all the same. */
function unlessExpected(error: unknown): void {
  if (!isAppError(error)) throw error;
}
