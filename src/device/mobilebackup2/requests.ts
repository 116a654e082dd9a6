/** What can be asked of a device's backup agent (mobilebackup2), and what it answers at the end. */
import type { PlistDictionary } from '../../formats/index.ts';

interface BackupRequest {
  readonly kind: 'backup';
  /** Of the device itself; its agent ends with an assertion failure otherwise. */
  readonly udid: string;
  /** Start over instead of sending only what changed. */
  readonly full?: boolean;
}

interface RestoreRequest {
  readonly kind: 'restore';
  /** Of the device that is restored. */
  readonly udid: string;
  /** The directory of the target to read: the UDID of the device whose backup it is. */
  readonly sourceUdid?: string;
  /** Of an encrypted backup. */
  readonly password?: string;
  /** Also files outside the user's data. */
  readonly systemFiles?: boolean;
  readonly reboot?: boolean;
  readonly preserveSettings?: boolean;
  /** Remove from the device what is not in the backup. */
  readonly removeOthers?: boolean;
}

interface ChangePasswordRequest {
  readonly kind: 'change-password';
  readonly udid: string;
  /** Absent: encryption is being turned on. */
  readonly oldPassword?: string;
  /** Absent: encryption is being turned off. */
  readonly newPassword?: string;
}

/** A request for text about the backup in the target. Devices with iOS 10 and later no longer answer it. */
interface InfoRequest {
  readonly kind: 'info' | 'list';
  readonly udid: string;
  readonly sourceUdid?: string;
}

interface EnableCloudBackupRequest {
  readonly kind: 'enable-cloud-backup';
  readonly udid: string;
  readonly enabled: boolean;
}

export type MobileBackupRequest =
  | BackupRequest
  | RestoreRequest
  | ChangePasswordRequest
  | InfoRequest
  | EnableCloudBackupRequest;

/** The device's last word: it did what was asked. A refusal is an AppError instead. */
export interface MobileBackupResponse {
  /** Text some requests ask for. */
  readonly content?: string;
}

/** The dictionary that goes into the process message. */
export function encodeRequest(request: MobileBackupRequest): PlistDictionary {
  const TargetIdentifier = request.udid;
  switch (request.kind) {
    case 'backup':
      return {
        MessageName: 'Backup',
        TargetIdentifier,
        SourceIdentifier: TargetIdentifier,
        Options: { ForceFullBackup: request.full ?? false },
      };
    case 'restore':
      return {
        MessageName: 'Restore',
        TargetIdentifier,
        SourceIdentifier: request.sourceUdid ?? TargetIdentifier,
        Options: {
          RestoreSystemFiles: request.systemFiles ?? false,
          RestoreShouldReboot: request.reboot ?? true,
          // The target is a snapshot, which no restore changes: nothing needs to be copied aside.
          RestoreDontCopyBackup: true,
          RestorePreserveSettings: request.preserveSettings ?? true,
          RemoveItemsNotRestored: request.removeOthers ?? false,
          ...(request.password === undefined ? {} : { Password: request.password }),
        },
      };
    case 'change-password':
      return {
        MessageName: 'ChangePassword',
        TargetIdentifier,
        ...(request.oldPassword === undefined ? {} : { OldPassword: request.oldPassword }),
        ...(request.newPassword === undefined ? {} : { NewPassword: request.newPassword }),
      };
    case 'info':
    case 'list':
      return {
        MessageName: request.kind === 'info' ? 'Info' : 'List',
        TargetIdentifier,
        SourceIdentifier: request.sourceUdid ?? TargetIdentifier,
      };
    case 'enable-cloud-backup':
    default:
      return { MessageName: 'EnableCloudBackup', TargetIdentifier, CloudBackupState: request.enabled };
  }
}

/** The directories of the target that a device may name while it works on `request`. */
export function directoriesOf(request: MobileBackupRequest): string[] {
  const source = 'sourceUdid' in request ? request.sourceUdid : undefined;
  return source === undefined || source === request.udid ? [request.udid] : [request.udid, source];
}
