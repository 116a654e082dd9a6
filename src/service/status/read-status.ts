import { join } from 'node:path';
import type { Status } from '../../contract/index.ts';
import type { DeviceListing } from '../../device/index.ts';
import { AppError, isAppError } from '../../shared/errors.ts';
import { SILENT_LOGGER } from '../../shared/logger.ts';
import type { Places } from '../../shared/files/places.ts';
import { listKnownVault, wasNeverMade, type VaultListing } from '../../vault/index.ts';
import { deviceSetup, findDevices, type DeviceSetup } from '../devices/find-devices.ts';
import { triesOf } from '../history/tries.ts';
import { listPairs, type PairFacts } from '../pairs/pairs.ts';
import { DeviceMemory } from '../running/known-devices/device-memory.ts';
import { knownDevices } from '../running/known-devices/known-device.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import { absent, type Presence } from '../watching/presence.ts';
import { statusOf } from './status.ts';

export interface ReadStatusRequest {
  readonly env: NodeJS.ProcessEnv;
  readonly places: Places;
  readonly vaultDir: string;
  readonly now: Date;
  readonly timeZone: string;
  readonly signal?: AbortSignal | undefined;
}

/** The status, and the language that was set for what people are told. */
export interface ReadStatus {
  readonly status: Status;
  readonly language: 'en' | 'de';
}

/**
 * How everything stands, for whoever asks without a service. Devices on a cable are asked; those on the network are as
 * they were last heard of. Reads only, but for remembering what devices tell.
 *
 * @throws {AppError} STORAGE_FAILED
 */
export async function readStatus(request: ReadStatusRequest): Promise<ReadStatus> {
  const { env, places, vaultDir, now, timeZone, signal } = request;
  const { stateDir, settingsFile } = places;
  const setup = deviceSetup(env, places);
  const [presences, pairs, { listing, problem }] = await Promise.all([
    presencesOf(setup, now, signal),
    pairsIfAny(setup, now),
    listingOf(vaultDir, stateDir),
  ]);
  const devices = await knownDevices({
    presences,
    pairs,
    snapshots: listing?.snapshots ?? [],
    labels: listing?.labels ?? new Map(),
    jobs: [],
    memory: new DeviceMemory(stateDir, SILENT_LOGGER),
    triesOf: (udid) => triesOf(stateDir, udid),
    now,
  });
  using store = await SettingsStore.open({
    file: settingsFile,
    stateDir: join(stateDir, 'service'),
    onBug: rethrow,
  });
  const settings = store.read();
  const status = await statusOf({
    devices,
    labels: listing?.labels ?? new Map(),
    settings,
    now,
    timeZone,
    vaultDir,
    vaultId: listing?.id,
    problem,
    stateDir,
    logger: SILENT_LOGGER,
  });
  return { status, language: settings.language };
}

async function presencesOf(setup: DeviceSetup, now: Date, signal: AbortSignal | undefined): Promise<Presence[]> {
  try {
    return (await findDevices(setup, { signal })).map((listing) => presenceOf(listing, now));
  } catch (error) {
    if (!isAppError(error, 'USBMUXD_UNAVAILABLE')) throw error;
    return [];
  }
}

function presenceOf({ udid, location, connections, paired, facts, problem }: DeviceListing, now: Date): Presence {
  const [link] = connections;
  return { ...absent(udid), location, link, trusted: paired, facts, lastSeenAt: now, problem };
}

async function pairsIfAny(setup: DeviceSetup, now: Date): Promise<PairFacts[]> {
  try {
    return await listPairs(setup, now);
  } catch (error) {
    if (!isAppError(error, 'STORAGE_FAILED')) throw error;
    return [];
  }
}

/** A vault that was never made is no problem; one that was and is not there is. */
async function listingOf(
  dir: string,
  stateDir: string,
): Promise<{ listing?: VaultListing; problem?: AppError | undefined }> {
  try {
    return { listing: await listKnownVault({ dir, stateDir }) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { problem: wasNeverMade(error) ? undefined : error };
  }
}

function rethrow(error: unknown): never {
  throw error;
}
