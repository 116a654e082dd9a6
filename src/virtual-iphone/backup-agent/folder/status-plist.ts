import {
  asDictionary,
  booleanAt,
  dateAt,
  decodePlist,
  encodeBinaryPlist,
  stringAt,
  type PlistValue,
} from '../../../formats/index.ts';
import { isAppError } from '../../../shared/errors.ts';
import { AgentError, MB_ERROR } from '../agent-error.ts';
import type { SnapshotState } from '../ledger/ledger.ts';

/** Status.plist: whose run the folder is in, and how far it is. */
export interface BackupStatus {
  readonly version: string;
  readonly uuid: string;
  readonly date: Date;
  readonly backupState: BackupState;
  readonly snapshotState: SnapshotState;
  readonly isFullBackup: boolean;
}

const BACKUP_STATES = ['empty', 'old', 'new'] as const;
type BackupState = (typeof BACKUP_STATES)[number];
const SNAPSHOT_STATES = ['uploading', 'moving', 'removing', 'finished'] as const satisfies SnapshotState[];

export function encodeStatus(status: BackupStatus): Buffer {
  return encodeBinaryPlist({
    UUID: status.uuid,
    IsFullBackup: status.isFullBackup,
    Version: status.version,
    BackupState: status.backupState,
    Date: status.date,
    SnapshotState: status.snapshotState,
  });
}

/** @throws {AgentError} malformed, for anything but exactly the types a phone writes */
export function parseStatusPlist(bytes: Uint8Array): BackupStatus {
  const facts = asDictionary(plistIn(bytes, 'Status.plist'));
  const version = stringAt(facts, 'Version');
  const uuid = stringAt(facts, 'UUID');
  const date = dateAt(facts, 'Date');
  const backupState = BACKUP_STATES.find((each) => each === stringAt(facts, 'BackupState'));
  const snapshotState = SNAPSHOT_STATES.find((each) => each === stringAt(facts, 'SnapshotState'));
  const isFullBackup = booleanAt(facts, 'IsFullBackup');
  if (version === undefined || uuid === undefined || date === undefined) return malformed('Status.plist');
  if (backupState === undefined || snapshotState === undefined || isFullBackup === undefined) {
    return malformed('Status.plist');
  }
  return { version, uuid, date, backupState, snapshotState, isFullBackup };
}

/** @throws {AgentError} malformed */
export function plistIn(bytes: Uint8Array, name: string): PlistValue {
  try {
    return decodePlist(bytes);
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return malformed(name);
    throw error;
  }
}

function malformed(name: string): never {
  throw new AgentError(MB_ERROR.malformed, `Malformed ${name}`);
}
