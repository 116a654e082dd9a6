import { AppError } from '../../shared/errors.ts';
import { openKnownVault, type SnapshotRecord } from '../../vault/index.ts';
import { openForReading, type OpenedForReading, type OpenForReadingRequest } from './open-for-reading.ts';

/**
 * All snapshots of the device that one of them is of, the oldest first.
 *
 * @throws {AppError} USAGE when a folder is asked for, which is one version and no more; SNAPSHOT_NOT_FOUND
 */
export async function recordsOf({ vaultDir, stateDir, wanted }: OpenForReadingRequest): Promise<SnapshotRecord[]> {
  if (/[/\\]/.test(wanted)) {
    throw new AppError('USAGE', 'a backup folder has one version only', {
      hint: 'Take it into the vault with `holdfast import`, or use it without its other versions.',
    });
  }
  await using vault = await openKnownVault({
    dir: vaultDir,
    stateDir,
    purpose: 'looking for versions',
    create: false,
    lock: 'none',
  });
  const { udid } = vault.findSnapshot(wanted);
  return vault.snapshots(udid).toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime());
}

/** The versions of a device before one of them, the oldest first; each is opened when it is asked for. */
export async function earlierVersionsOf(
  request: OpenForReadingRequest,
  record: SnapshotRecord | undefined,
): Promise<{ readonly takenAt: Date; open(): Promise<OpenedForReading> }[]> {
  const records = await recordsOf(request);
  return records
    .filter(({ id, takenAt }) => record === undefined || (id !== record.id && takenAt <= record.takenAt))
    .map(({ id, takenAt }) => ({ takenAt, open: () => openForReading({ ...request, wanted: id }) }));
}
