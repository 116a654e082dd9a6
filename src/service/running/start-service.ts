import type { Logger } from '../../shared/logger.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import type { Places } from '../../shared/files/places.ts';
import type { ServiceClock } from '../clock.ts';
import type { RunningService } from './running-service.ts';

export interface StartServiceOptions {
  readonly places: Places;
  readonly env: NodeJS.ProcessEnv;
  /** Another vault than the one of the places. */
  readonly vaultDir?: string | undefined;
  readonly logger?: Logger;
  /** Ends the service, in order, when it aborts. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: ServiceClock;
  /** Whether phones are looked for on the network. */
  readonly network?: boolean;
  /** Of the product, for reports. */
  readonly version?: string;
  /** Whether devices are backed up by their rules; so unless told. */
  readonly automatic?: boolean;
}

/**
 * Starts the service, whose code is loaded only here: commands do without it. It finds devices as they come and go, backs them up by their rules, and tells what happens.
 *
 * @throws {AppError} SERVICE_RUNNING when another one has the same state folder; STORAGE_FAILED
 */
export async function startService(options: StartServiceOptions): Promise<RunningService> {
  const [{ Service }, { SYSTEM_CLOCK }] = await Promise.all([import('./service.ts'), import('../clock.ts')]);
  const { places, env, logger = SILENT_LOGGER, clock = SYSTEM_CLOCK, signal } = options;
  const { network = true, automatic = true } = options;
  const product = `Holdfast ${options.version ?? ''}`.trim();
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const vaultDir = options.vaultDir ?? places.vaultDir;
  const service = await Service.open({ places, env, vaultDir, logger, clock, network, automatic, timeZone, product });
  signal?.addEventListener('abort', () => void service[Symbol.asyncDispose]());
  if (signal?.aborted === true) await service[Symbol.asyncDispose]();
  return service;
}
