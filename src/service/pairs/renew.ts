import { openDevice, type ConnectionKind } from '../../device/index.ts';
import { isAppError, type AppError } from '../../shared/errors.ts';
import { findDevice, type DeviceSetup } from '../devices/find-devices.ts';
import { enableWifi } from './pair-with.ts';
import type { PairFacts } from './pairs.ts';

export type Renewal = { readonly udid: string; readonly name: string | undefined } & (
  | { readonly renewed: true; readonly connection: ConnectionKind }
  /** The reason it could not be reached for. */
  | { readonly renewed: false; readonly problem: AppError }
);

/**
 * Lets each device hear of this computer, which is what keeps its trust over Wi-Fi alive; by cable it also learns that
 * it may be reached over Wi-Fi. One after another.
 *
 * @throws {AppError} CANCELLED
 */
export async function* renewPairs(
  setup: DeviceSetup,
  pairs: readonly PairFacts[],
  { address, signal }: { address?: string | undefined; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Renewal, void> {
  for (const { udid, name } of pairs) {
    try {
      const { location, facts } = await findDevice(setup, udid, { address, signal });
      await using device = await openDevice({ location, pairRecords: setup.pairRecords, signal });
      await enableWifi(device, setup.pairRecords);
      yield { udid, name: facts.name ?? name, renewed: true, connection: device.connection };
    } catch (error) {
      if (!isAppError(error) || isAppError(error, 'CANCELLED')) throw error;
      yield { udid, name, renewed: false, problem: error };
    }
  }
}
