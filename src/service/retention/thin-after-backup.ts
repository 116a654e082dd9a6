import type { RetentionRule } from '../../contract/index.ts';
import { isAppError } from '../../shared/errors.ts';
import {
  DEFAULT_RULE,
  thin,
  type KeepRule,
  type PruneVaultResult,
  type SnapshotAlarm,
  type SnapshotRecord,
  type ThinningPlan,
  type Vault,
} from '../../vault/index.ts';

/** How often a plan is made anew when somebody changes a label while it is carried out. */
const MAX_PLANS = 3;

export interface ThinAfterBackupRequest {
  /** Open for writing. */
  readonly vault: Vault;
  /** Nothing goes by itself where it says so; what it says of alarms is told all the same. */
  readonly rule?: RetentionRule | undefined;
  /** Whose days, weeks and months count: this computer's unless told. */
  readonly timeZone?: string | undefined;
  readonly now?: Date | undefined;
  /** Stops giving space back when something more urgent comes; it is gone on with after the next backup. */
  readonly signal?: AbortSignal | undefined;
}

/** Why space was not given back now. */
export type PruneDeferral = 'backup-running' | 'interrupted' | 'damaged' | 'nothing-to-give-back';

export interface ThinAfterBackupResult {
  /** Removed now, newest first. */
  readonly removed: readonly SnapshotRecord[];
  /**
   * Of every device, what holds now: snapshots that lost much, with what is frozen because of it and until when. For
   * whoever tells people.
   */
  readonly alarms: readonly SnapshotAlarm[];
  readonly pruned: PruneVaultResult | undefined;
  readonly deferred: PruneDeferral | undefined;
}

/** Vaults of this process from which nothing was removed since they were last pruned. */
const pruned = new WeakSet<Vault>();

/**
 * Removes what the rule does not keep, and gives its space back where no backup is running. To be called after every
 * backup that came to its end, whatever device it was of.
 *
 * A version that lost more than 30 % of the files or bytes of the one before freezes that one for thirty days. Never
 * removed are the newest of a device, the newest that is proven, and what is pinned, held or in use. Devices that are
 * being backed up at this moment are left alone until the next time.
 *
 * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE
 */
export async function thinAfterBackup(request: ThinAfterBackupRequest): Promise<ThinAfterBackupResult> {
  const { vault, signal } = request;
  const { removed, alarms } = await removeByRule(request);
  if (removed.length > 0) pruned.delete(vault);
  if (pruned.has(vault)) return { removed, alarms, pruned: undefined, deferred: 'nothing-to-give-back' };
  if (vault.openDrafts().length > 0) return { removed, alarms, pruned: undefined, deferred: 'backup-running' };
  try {
    const result = await vault.prune({ signal });
    pruned.add(vault);
    return { removed, alarms, pruned: result, deferred: undefined };
  } catch (error) {
    return { removed, alarms, pruned: undefined, deferred: deferralOf(error, signal) };
  }
}

/** The rule of the settings as the vault takes it. */
function keepRuleOf(rule: RetentionRule): KeepRule {
  const { allHours, dailyDays, weeklyWeeks, monthlyMonths } = rule;
  return { allHours, dailyDays, weeklyWeeks, monthlyMonths: monthlyMonths === 'forever' ? Infinity : monthlyMonths };
}

async function removeByRule(
  request: ThinAfterBackupRequest,
): Promise<{ removed: readonly SnapshotRecord[]; alarms: readonly SnapshotAlarm[] }> {
  const { vault, rule } = request;
  for (let tries = 1; ; tries++) {
    const { forget, alarms } = planOf(request);
    const busy = new Set(vault.openDrafts());
    const removed = rule?.automatic === false ? [] : forget.filter(({ udid }) => !busy.has(udid));
    if (removed.length === 0) return { removed, alarms };
    try {
      await vault.forget(removed);
      return { removed, alarms };
    } catch (error) {
      // Somebody pinned one of them, or began a backup, in between: the plan is another one now.
      if (!isAppError(error, 'SNAPSHOT_PROTECTED', 'DEVICE_BUSY')) throw error;
      if (tries === MAX_PLANS) return { removed: [], alarms };
    }
  }
}

function planOf({ vault, rule, timeZone, now = new Date() }: ThinAfterBackupRequest): ThinningPlan {
  return thin(vault.snapshots(), vault.labels.all(), rule === undefined ? DEFAULT_RULE : keepRuleOf(rule), now, {
    inUse: vault.snapshotsInUse(),
    ...(timeZone !== undefined && { timeZone }),
  });
}

/** What is no reason to call the backup before it a failure. */
function deferralOf(error: unknown, signal: AbortSignal | undefined): PruneDeferral {
  if (signal?.aborted === true && error === signal.reason) return 'interrupted';
  if (isAppError(error, 'DEVICE_BUSY', 'VAULT_BUSY')) return 'backup-running';
  // What cannot be read may name anything: the checkup tells of it, and nothing is removed until it is mended.
  if (isAppError(error, 'SNAPSHOT_CORRUPT')) return 'damaged';
  throw error;
}
