import type { BackupSource } from '../snapshot/index.ts';
import type { BackupTarget } from '../shared/backup-target.ts';

/** A target that knows which of its files are files of this computer. */
export interface LocalTarget extends BackupTarget {
  localPath?(path: string): string | undefined;
}

/** The backup inside a target, as something to look into. */
export function sourceIn(target: LocalTarget, udid: string): BackupSource {
  return {
    read: (path) => target.read(`${udid}/${path}`),
    localPath: (path) => target.localPath?.(`${udid}/${path}`),
  };
}
