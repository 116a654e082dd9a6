import { normalizeUdid } from '../../device/index.ts';
import { AppError } from '../../shared/errors.ts';
import {
  type KeepRule,
  openKnownVault,
  type SnapshotRecord,
  thin,
  type ThinningPlan,
  type Vault,
} from '../../vault/index.ts';

export interface ForgettingRequest {
  readonly vaultDir: string;
  readonly stateDir: string;
  /** Ids, their beginnings, or “latest”; what the rule wants to go where there are none. */
  readonly wanted: readonly string[];
  /** Only snapshots of this device, by name or UDID. */
  readonly device?: string | undefined;
  /** Everything of that device. */
  readonly everything?: boolean | undefined;
  readonly rule: KeepRule;
  readonly evenTheNewest?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What would go, and why the rest stays. */
export interface ForgettingPlan {
  /** Newest first. */
  readonly forget: readonly SnapshotRecord[];
  /** What the rule makes of the same devices; also where snapshots were named, for what it says of alarms. */
  readonly thinning: ThinningPlan;
  /** Bytes that only these snapshots hold: what forgetting and pruning frees, about. */
  readonly heldBytes: number;
}

/**
 * Finds out what forgetting would remove and free. Changes nothing, and needs no lock.
 *
 * @throws {AppError} SNAPSHOT_NOT_FOUND, DEVICE_NOT_FOUND, DEVICE_AMBIGUOUS, SNAPSHOT_PROTECTED, SNAPSHOT_CORRUPT
 */
export async function planForgetting(request: ForgettingRequest): Promise<ForgettingPlan> {
  const { vaultDir: dir, stateDir, signal, onProgress } = request;
  await using vault = await openKnownVault({
    dir,
    stateDir,
    purpose: 'planning what to forget',
    create: false,
    lock: 'none',
  });
  const plan = decide(vault, request);
  const heldBytes = await vault.bytesHeldBy(plan.forget, { signal, ...(onProgress && { onProgress }) });
  return { ...plan, heldBytes };
}

/**
 * Removes the snapshots of a plan. What the rule would now keep all the same, because it was pinned meanwhile or is
 * needed, stays.
 *
 * @returns what was removed.
 * @throws {AppError} SNAPSHOT_PROTECTED, VAULT_BUSY, STORAGE_FAILED
 */
export async function carryOutForgetting(
  vault: Vault,
  request: ForgettingRequest,
  plan: Pick<ForgettingPlan, 'forget'>,
): Promise<readonly SnapshotRecord[]> {
  const planned = new Set(plan.forget.map(({ id }) => id));
  const forget = decide(vault, request).forget.filter(({ id }) => planned.has(id));
  await vault.forget(forget, { evenTheNewest: request.evenTheNewest === true });
  return forget;
}

function decide(vault: Vault, request: ForgettingRequest): Omit<ForgettingPlan, 'heldBytes'> {
  const candidates = candidatesOf(vault, request);
  const inUse = vault.snapshotsInUse();
  const thinning = thin(candidates, vault.labels.all(), request.rule, new Date(), { inUse });
  const forget = chosen(vault, request, candidates, thinning);
  vault.assertForgettable(forget, { evenTheNewest: request.evenTheNewest === true });
  return { forget, thinning };
}

function chosen(
  vault: Vault,
  { wanted, everything, device }: ForgettingRequest,
  candidates: readonly SnapshotRecord[],
  thinning: ThinningPlan,
): readonly SnapshotRecord[] {
  if (everything === true) return candidates;
  if (wanted.length === 0) return thinning.forget;
  const udid = device === undefined ? undefined : candidates[0]?.udid;
  const ids = new Set(wanted.map((each) => vault.findSnapshot(each, udid).id));
  return candidates.filter(({ id }) => ids.has(id));
}

function candidatesOf(vault: Vault, { device, everything, wanted }: ForgettingRequest): readonly SnapshotRecord[] {
  const all = vault.snapshots();
  if (device === undefined) return all;
  const ofDevice = all.filter((record) => record.udid === normalizeUdid(device) || record.device.name === device);
  if (ofDevice.length === 0) {
    throw new AppError('DEVICE_NOT_FOUND', `no snapshot is of a device called “${device}”`, {
      hint: '`holdfast snapshots` lists those of all devices.',
    });
  }
  const udids = [...new Set(ofDevice.map(({ udid }) => udid))];
  if (udids.length === 1 || (everything !== true && wanted.length === 0)) return ofDevice;
  throw new AppError('DEVICE_AMBIGUOUS', `${udids.length} devices are called “${device}”`, {
    hint: `Give the UDID of one: ${udids.join(', ')}.`,
  });
}
