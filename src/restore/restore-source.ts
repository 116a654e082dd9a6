import { type BackupTarget, TargetError } from '../shared/backup-target.ts';
import type { Backup, BackupSource } from '../snapshot/index.ts';

/**
 * What is restored: a snapshot of any device, a backup folder, or one composed of several. Whoever opened it closes it.
 */
export interface RestoreSource {
  /** Open, with its keys where it is encrypted. */
  readonly backup: Backup;
  /** The directory the device is told to read, by custom the UDID of the device whose backup it is. */
  readonly udid: string;
  /** Of an encrypted backup: the device opens the keybag by itself. */
  readonly password: string | undefined;
}

/**
 * A backup as the folder that a device reads from. Nothing of it can be changed, and there is nothing beside it: the
 * device's own directory is found empty when the backup is another device's.
 */
export function servedSource(source: BackupSource, udid: string): BackupTarget {
  const prefix = `${udid}/`;
  return {
    read: (path) => {
      if (path.startsWith(prefix)) return source.read(path.slice(prefix.length));
      throw new TargetError('not-found', `${path} is not part of the backup`);
    },
    list: (path) => {
      throw new TargetError('not-found', `${path} is not listed: there is nothing to copy`);
    },
    create: refuseChange,
    makeDirectory: refuseChange,
    move: refuseChange,
    remove: refuseChange,
    copy: refuseChange,
    freeBytes: () => 0,
  };
}

function refuseChange(): never {
  throw new TargetError('unsupported', 'a backup does not change by being restored');
}
