import { AppError, isAppError } from '../../shared/errors.ts';
import { findBackups } from './find-backups.ts';
import { BackupImport, type ImportedBackup, type ImportHost, type ImportProgress } from './import-backup.ts';
import { inspectBackup, type BackupFacts } from './inspect-backup.ts';

export type ImportEvent =
  | ({ readonly kind: 'found' } & BackupFacts)
  | ImportProgress
  | ImportedBackup
  /** One of several backups could not be taken in; the others go on. */
  | { readonly kind: 'refused'; readonly folder: string; readonly error: AppError };

/**
 * Takes in the backups that other programs made: a folder of Finder, iTunes, Apple Devices, iMazing or
 * idevicebackup2, an archive of it, or a folder with several of them. Bytes are copied; the folder is only read. What
 * the vault already has is not taken in twice, and of a folder that was taken in before only what changed is read.
 *
 * @throws {AppError} NOT_A_BACKUP, BACKUP_UNFINISHED when there is only one and it is refused; OUT_OF_SPACE,
 * STORAGE_FAILED; the reason of `signal` when it aborts.
 */
export async function* importFolder(
  host: ImportHost,
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<ImportEvent, undefined> {
  const folders = findBackups(folder);
  const found: BackupFacts[] = [];
  for (const each of folders) {
    try {
      found.push(await inspectBackup(each));
    } catch (error) {
      if (folders.length === 1 || !isAppError(error, 'NOT_A_BACKUP', 'BACKUP_UNFINISHED')) throw error;
      yield { kind: 'refused', folder: each, error };
    }
  }
  // Oldest first, so that the newest is the newest also by when it came in.
  for (const facts of found.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime())) {
    signal?.throwIfAborted();
    yield { kind: 'found', ...facts };
    try {
      yield* new BackupImport(host, facts).run(signal);
    } catch (error) {
      if (folders.length === 1 || !isAppError(error, 'BACKUP_UNFINISHED')) throw error;
      yield { kind: 'refused', folder: facts.folder, error };
    }
  }
}
