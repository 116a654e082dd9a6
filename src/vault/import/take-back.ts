import { AppError } from '../../shared/errors.ts';
import { decodeRecord, type SnapshotRecord } from '../snapshots/record.ts';
import { BackupImport, type ImportHost } from './import-backup.ts';

export type TakeBackHost = ImportHost;

/**
 * Takes in a folder that is said to be what a snapshot was, and proves that it is: its tree, every name, size and
 * hash, has to be the one that the record names. The record is not written.
 *
 * @returns whether it is; the list and the objects are then in the vault, durably.
 * @throws {AppError} OUT_OF_SPACE, STORAGE_FAILED, BACKUP_UNFINISHED when the folder changes meanwhile; the reason of
 * `signal` when it aborts.
 */
export async function takeBack(
  host: TakeBackHost,
  folder: string,
  { udid, device, encrypted, takenAt, list }: SnapshotRecord,
  signal?: AbortSignal,
): Promise<boolean> {
  const scan = new BackupImport(host, { folder, udid, device, encrypted, takenAt });
  for await (const event of scan.takeIn(signal)) if (event.kind === 'list') return event.list.sha256 === list.sha256;
  return false;
}

/** `takeBack`, and the snapshot is there again, under its own id. @throws {AppError} SNAPSHOT_CORRUPT, as `takeBack` */
export async function takeBackSnapshot(
  host: TakeBackHost,
  folder: string,
  recordBytes: Buffer,
  signal?: AbortSignal,
): Promise<SnapshotRecord | undefined> {
  const record = decodeRecord(recordBytes);
  if (record === undefined) {
    throw new AppError('SNAPSHOT_CORRUPT', 'the record that lies beside the backup folder cannot be read', {
      hint: 'Import the folder instead: everything in it is kept, only not under its old id.',
      details: { folder },
    });
  }
  if (!(await takeBack(host, folder, record, signal))) return undefined;
  await host.snapshots.adopt(recordBytes);
  return record;
}
