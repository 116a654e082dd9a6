import type { BackupSource } from '../snapshot/index.ts';
import type { BackupTarget } from '../shared/target/backup-target.ts';
import type { PlainCopy } from '../shared/target/plain-copy.ts';

/** A target that can be asked more than a phone asks. */
export interface LocalTarget extends BackupTarget {
  /** Where a file lies as a file of this computer, if it does. */
  localPath?(path: string): string | undefined;
  /** Such a file where it does not, for as long as it is needed. */
  plainCopy?(path: string): Promise<PlainCopy | undefined>;
  /** Whether a file is there, where that is known without looking it up; undefined else. */
  knowsFile?(path: string): boolean | undefined;
}

/** The backup inside a target, as something to look into. */
export function sourceIn(target: LocalTarget, udid: string): BackupSource {
  return {
    read: (path) => target.read(`${udid}/${path}`),
    localPath: (path) => target.localPath?.(`${udid}/${path}`),
    plainCopy: async (path) => target.plainCopy?.(`${udid}/${path}`),
  };
}
