import type { DeviceOverview, Job, Reason, Settings } from '../../../contract/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import type { Logger } from '../../../shared/logger.ts';
import type { DeviceSetup } from '../../devices/find-devices.ts';
import { TriesCache } from '../../history/tries-cache.ts';
import { listPairs, type PairFacts } from '../../pairs/pairs.ts';
import { decideAll, type Decision, verdictOf } from '../../rules/index.ts';
import type { Presence } from '../../watching/presence.ts';
import { deviceOverview } from './device-overview.ts';
import type { DeviceMemory } from './device-memory.ts';
import { type KnownDevice, knownDevices } from './known-device.ts';
import { type Moment, ruleInput, verdictInput } from './rule-input.ts';
import type { VaultView } from '../vault/vault-view.ts';

export interface DeviceBookOptions {
  readonly stateDir: string;
  readonly setup: DeviceSetup;
  readonly view: VaultView;
  readonly memory: DeviceMemory;
  readonly logger: Logger;
  readonly presences: () => readonly Presence[];
  readonly jobs: () => readonly Job[];
  readonly settings: () => Settings;
  readonly slotsFree: () => number;
  /** Why nothing can be backed up at all, where that is so. */
  readonly blocked: () => Promise<Reason | undefined>;
}

/** A device, and what the rules say of it. */
export interface DecidedDevice {
  readonly device: KnownDevice;
  readonly decision: Decision;
  /** Why nothing can be started at all. */
  readonly blocked: Reason | undefined;
}

/** Every device that is known, with everything that is known of it, and what the rules make of that. */
export class DeviceBook {
  readonly #options: DeviceBookOptions;
  readonly #tries: TriesCache;

  constructor(options: DeviceBookOptions) {
    this.#options = options;
    this.#tries = new TriesCache(options.stateDir);
  }

  /** By name. @throws {AppError} STORAGE_FAILED */
  async all(now: Date): Promise<KnownDevice[]> {
    const { setup, view, memory, presences, jobs } = this.#options;
    const { snapshots, labels } = await view.listing();
    const pairs = await listPairs(setup, now).catch((error: unknown) => this.#withoutPairs(error));
    return knownDevices({
      presences: presences(),
      pairs,
      snapshots,
      labels,
      jobs: jobs(),
      memory,
      triesOf: (udid) => this.#tries.of(udid),
      now,
    });
  }

  /** What is to be done with each device now. */
  async decided(moment: Moment): Promise<DecidedDevice[]> {
    const { settings, slotsFree, blocked: ask } = this.#options;
    const [devices, blocked] = [await this.all(moment.now), await ask()];
    const inputs = new Map(devices.map((device) => [device, ruleInput(device, settings(), moment)]));
    const decisions = decideAll(inputs, slotsFree());
    return [...decisions].map(([device, decision]) => ({ device, decision, blocked }));
  }

  async overviews(moment: Moment): Promise<DeviceOverview[]> {
    const settings = this.#options.settings();
    return (await this.decided(moment)).map(({ device, decision, blocked }) => {
      const { verdict, reasons } = verdictOf(verdictInput(device, settings, moment));
      const waitingFor = decision.action === 'start' ? [] : decision.reasons;
      const next = { dueAt: decision.dueAt, waitingFor: blocked === undefined ? waitingFor : [blocked, ...waitingFor] };
      return deviceOverview(device, { verdict, reasons, next }, moment.now);
    });
  }

  #withoutPairs(error: unknown): PairFacts[] {
    if (!isAppError(error)) throw error;
    this.#options.logger.warn('pair records cannot be read', { reason: error.message });
    return [];
  }
}
