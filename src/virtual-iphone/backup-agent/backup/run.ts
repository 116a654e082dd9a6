import type { BackupFolder } from '../folder/layout.ts';
import { encodeStatus } from '../folder/status-plist.ts';
import { writeFile } from '../folder/write-files.ts';
import type { BackupKeys } from '../keys/backup-keys.ts';
import type { Ledger, SnapshotState } from '../ledger/ledger.ts';
import { reach, type Session } from '../session.ts';

/** One backup under way. */
export interface Run {
  readonly folder: BackupFolder;
  readonly ledger: Ledger;
  /** Present when the backup is encrypted. */
  readonly keys: BackupKeys | undefined;
  /** The keybag for Manifest.plist, encrypted or not. */
  readonly keybag: Buffer;
  readonly startedAt: Date;
  /** An earlier run, cut short, that is gone on with. */
  readonly isResumed: boolean;
}

/**
 * Between phases the phone tells a progress of 1 %, whatever came before: hosts must not believe that it only grows.
 */
const PROGRESS_BETWEEN_PHASES = 1;

/** Tells the host, by Status.plist, how far the run is. @returns the bytes written. @throws {AgentError} @throws {HostGone} */
export async function writeStatus(session: Session, run: Run, state: SnapshotState): Promise<Buffer> {
  const { folder, ledger, startedAt } = run;
  await reach(session, state);
  const { isFull } = ledger.facts;
  const bytes = encodeStatus({
    version: folder.layout.statusVersion,
    uuid: ledger.uuid,
    date: startedAt,
    // Until the first files are in their places there is nothing that could be restored.
    backupState: isFull && state === 'uploading' ? 'empty' : 'new',
    snapshotState: state,
    isFullBackup: isFull && state !== 'finished',
  });
  await writeFile(session.link, folder.file('Status.plist'), bytes, PROGRESS_BETWEEN_PHASES);
  return bytes;
}
