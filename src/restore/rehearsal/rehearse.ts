import type { BackupDevice } from '../../backup/index.ts';
import type { ConnectionKind } from '../../device/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { RestoreSource } from '../restore-source.ts';
import { readBackupState } from './backup-state.ts';
import type { Check } from './check.ts';
import { backupChecks, phoneChecks } from './checks.ts';
import { readPhoneState } from './phone-state.ts';

/**
 * The checks that take no time: what the backup and the device say of themselves.
 *
 * @param device undefined when it cannot be reached: then only the backup is looked at.
 * @throws {AppError} CONNECTION_LOST, CANCELLED, …
 */
export async function quickChecks(
  source: RestoreSource,
  device: (BackupDevice & { readonly connection: ConnectionKind }) | undefined,
  signal?: AbortSignal,
): Promise<Check[]> {
  const backup = await readBackupState(source, signal);
  const checks = backupChecks(backup);
  if (device !== undefined) checks.push(...phoneChecks(backup, await readPhoneState(device), device.connection));
  return checks;
}

/**
 * The error for checks that stop a restore; undefined when none does.
 *
 * SNAPSHOT_CORRUPT when the backup's files are all that is wrong, as for any other command that finds them so.
 */
export function blockedError(checks: readonly Check[]): AppError | undefined {
  const stopping = checks.filter((check) => check.outcome === 'stops');
  const [first] = stopping;
  if (first === undefined) return undefined;
  const isDamage = stopping.every((check) => check.id === 'files');
  const message =
    stopping.length === 1
      ? `the restore would fail: ${lowerFirst(first.message.replace(/\.$/, ''))}`
      : `${stopping.length} things stand in the way of the restore`;
  return new AppError(isDamage ? 'SNAPSHOT_CORRUPT' : 'RESTORE_BLOCKED', message, {
    hint:
      stopping.length === 1
        ? (first.hint ?? '')
        : 'Nothing was written to the device. See to each of them, and start again.',
    details: { checks: stopping.map((check) => check.id).join(', ') },
  });
}

function lowerFirst(text: string): string {
  return /^(Find My|iOS|iPhone)/.test(text) ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
