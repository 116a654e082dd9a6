import { normalizeUdid } from '../../device/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { SnapshotRecord, Vault } from '../../vault/index.ts';

/**
 * The snapshots of the device that a person names, newest first, whether or not it is connected.
 *
 * @param wanted name or UDID; undefined means "the only one".
 * @throws {AppError} SNAPSHOT_NOT_FOUND, DEVICE_NOT_FOUND, DEVICE_AMBIGUOUS
 */
export function snapshotsOfDevice(vault: Vault, wanted: string | undefined): SnapshotRecord[] {
  const all = vault.snapshots();
  const records = all.filter((record) => wanted === undefined || isSnapshotOf(record, wanted));
  const devices = devicesIn(records);
  if (devices.length === 1) return records;
  if (all.length === 0) {
    throw new AppError('SNAPSHOT_NOT_FOUND', 'there is no snapshot yet', {
      hint: '`holdfast backup` makes the first one.',
    });
  }
  if (devices.length === 0) {
    throw new AppError('DEVICE_NOT_FOUND', `no snapshot is of a device called “${wanted ?? ''}”`, {
      hint: `There are snapshots of: ${devicesIn(all).join(', ')}.`,
      details: { wanted: wanted ?? '' },
    });
  }
  throw new AppError('DEVICE_AMBIGUOUS', `there are snapshots of ${devices.length} devices`, {
    hint: `Name one, by its name or UDID: ${devices.join(', ')}.`,
    details: { matches: devices.length },
  });
}

/** Whether a snapshot is of the device that a person means by this name or UDID. */
export function isSnapshotOf({ udid, device }: SnapshotRecord, wanted: string): boolean {
  return udid === normalizeUdid(wanted) || device.name === wanted;
}

/** "00008110-… (Ada's iPhone)", each once. */
function devicesIn(records: readonly SnapshotRecord[]): string[] {
  return [...new Map(records.map(({ udid, device }) => [udid, `${udid} (${device.name})`])).values()];
}
